from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import HistoryError
from harness.realtime.client.log import LogEntry, entry_line, header_line, read_log

EVENT = {"type": "session.created", "session": {"id": "sess_1", "text": "ö\n\u2028"}}


def test_what_was_written_is_read() -> None:
    lines = [header_line(session_id="sess_1"), entry_line(0.25, "received", EVENT)]
    log = read_log(lines)
    assert log.header["session_id"] == "sess_1"
    assert log.entries == [LogEntry(0.25, "received", EVENT)]
    assert not log.is_cut
    assert all("\n" not in line for line in lines)


@given(st.integers(0, 400))
def test_a_log_cut_anywhere_is_read_up_to_the_last_whole_line(keep: int) -> None:
    header = header_line()
    whole = [entry_line(float(index), "sent", {"type": "x"}) for index in range(8)]
    cut = "\n".join(whole)[:keep].split("\n")
    log = read_log([header, *cut])
    assert [entry.t_s for entry in log.entries] == [
        float(index) for index, line in enumerate(cut) if line == whole[index]
    ]
    assert log.is_cut == (cut[-1] not in (*whole, ""))


def test_a_broken_line_before_the_end_is_named() -> None:
    good = entry_line(0.0, "sent", {"type": "x"})
    with pytest.raises(HistoryError, match="Line 3") as caught:
        read_log([header_line(), good, '{"t_s": 1, "dir', good])
    assert caught.value.code == "broken_log"


@pytest.mark.parametrize("lines", [[], [""], ["{}"], ["not JSON"], ['{"kind": "trace"}'], ["[]"]])
def test_another_file_is_not_a_session_log(lines: list[str]) -> None:
    with pytest.raises(HistoryError) as caught:
        read_log(lines)
    assert caught.value.code == "not_a_session_log"


def test_another_version_is_refused_by_name() -> None:
    with pytest.raises(HistoryError) as caught:
        read_log(['{"kind": "realtime session log", "version": 7}'])
    assert caught.value.code == "unsupported_version"
    assert caught.value.found == "version 7"


@pytest.mark.parametrize(
    "line",
    [
        '{"t_s": true, "direction": "sent", "event": {}}',
        '{"t_s": 1, "direction": "up", "event": {}}',
        '{"t_s": 1, "direction": "sent", "event": []}',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_entry_counts_as_broken(line: str) -> None:
    assert read_log([header_line(), line]).is_cut


def test_empty_lines_are_nothing() -> None:
    assert read_log([header_line(), "", "\n"]).entries == []
