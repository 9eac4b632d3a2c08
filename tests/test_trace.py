"""The trace: written as it happens, without secrets, readable after a crash."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ArtifactError, UsageError
from harness.hidden import Hidden
from harness.redact import MASK, Masker
from harness.trace import EventOnDisk, TraceEvent, TraceWriter, read_trace


def write(path: Path, count: int = 3) -> None:
    with TraceWriter(path, {"name": "t"}) as trace:
        for i in range(count):
            trace.write("harness", "note", {"text": f"n{i}"}, i / 10)


def test_what_was_written_is_read_back_in_order(tmp_path: Path) -> None:
    write(tmp_path / "trace.jsonl")
    trace = read_trace(tmp_path / "trace.jsonl")
    assert trace.header["name"] == "t"
    assert [(e.seq, e.t_s, e.data["text"]) for e in trace.events] == [
        (0, 0.0, "n0"),
        (1, 0.1, "n1"),
        (2, 0.2, "n2"),
    ]
    assert not trace.cut


def test_a_last_line_cut_by_a_crash_loses_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    write(path)
    path.write_bytes(path.read_bytes()[:-15])
    trace = read_trace(path)
    assert trace.cut
    assert len(trace.events) == 2


def test_a_broken_line_before_the_last_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    write(path)
    lines = path.read_text().splitlines()
    lines[2] = lines[2][:10]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(ArtifactError, match="Line 3"):
        read_trace(path)


@pytest.mark.parametrize("text", ["", "{}\n", "not json\n", '{"harness_trace": "x"}\n'])
def test_what_is_not_a_trace_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_text(text)
    with pytest.raises(ArtifactError):
        read_trace(path)


def test_a_newer_trace_asks_for_an_update(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_text('{"harness_trace": 99}\n')
    with pytest.raises(ArtifactError, match="newer harness"):
        read_trace(path)


def test_a_missing_trace_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="Cannot read the trace"):
        read_trace(tmp_path / "nothing.jsonl")


def test_keys_bearers_and_turn_credentials_are_masked(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}, secrets=["my-odd-key"]) as trace:
        trace.write(
            "page",
            "x",
            {
                "a": "Bearer abcdefghijkl and sk-proj-ABCDEFGHIJ and ek_0123456789abcdef",
                "iceServers": [{"urls": "turn:x", "credential": "hunter2-hunter2"}],
                "sdp": "a=ice-pwd:abcdefghijklmnopqrstuv\r\n",
                "text": "the key my-odd-key in a sentence",
            },
        )
    text = path.read_text()
    for secret in ("abcdefghijkl", "ABCDEFGHIJ", "0123456789abcdef", "hunter2", "my-odd-key"):
        assert secret not in text
    assert MASK in text


def test_a_full_disk_is_remembered_and_does_not_stop_the_call() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(ArtifactError, match="No space"):
        TraceWriter(full, {"name": "t"})


def test_a_folder_that_cannot_be_made_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="Cannot write"):
        TraceWriter(tmp_path / "file" / "trace.jsonl", {})


def test_texts_that_end_lines_elsewhere_do_not_end_a_line_of_the_trace(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    said = "one\u2028two\u2029three\u0085four\x1cfive\r\nsix"
    with TraceWriter(path, {"name": said}) as trace:
        trace.write("page", "x", {"text": said}, 0.1)
        trace.write("page", "x", {}, 0.2)
    read = read_trace(path)
    assert read.header["name"] == read.events[0].data["text"] == said
    assert len(read.events) == 2


def test_half_a_character_and_infinity_can_be_written_and_read(tmp_path: Path) -> None:
    """A server may split an emoji between two deltas, or send the number 1e999."""
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        trace.write("dialogue", "x", {"delta": "\ud83d", "numbers": [float("inf"), 1.5]}, 0.1)
        assert trace.broken is None
    assert "Infinity" not in path.read_text(encoding="utf-8")
    assert read_trace(path).events[0].data == {"delta": "\ufffd", "numbers": ["inf", 1.5]}


def test_a_key_that_is_too_short_to_hide_is_refused_and_mangles_nothing(tmp_path: Path) -> None:
    assert Masker({"a"}).text("a plain sentence") == "a plain sentence"
    with pytest.raises(UsageError, match=r"(?s)at least 8 .*one of 3 characters") as told:
        TraceWriter(tmp_path / "t.jsonl", {}, secrets=["zq7"])
    assert "zq7" not in str(told.value)


def test_what_becomes_known_later_is_hidden_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        trace.write("harness", "note", {"text": "window-seat-4711"})
        trace.hide(Hidden(frozenset({"window-seat-4711"})))
        trace.write("harness", "note", {"text": "window-seat-4711"})
    assert [event.data["text"] for event in read_trace(path).events] == ["window-seat-4711", MASK]


def test_a_long_trace_is_read_like_a_short_one_and_keeps_its_statistics_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {"name": "t"}) as trace:
        for number in range(5):
            trace.write("page", "stats", {"report": [{"n": number, "text": "ä\u2028"}]}, number)
            trace.write("harness", "note", {"text": f"n{number}"}, number)
    short = read_trace(path)
    monkeypatch.setattr("harness.trace.LONG_BYTES", 0)
    long = read_trace(path)
    assert [type(event) for event in long.events[:2]] == [EventOnDisk, TraceEvent]
    for one, other in zip(short.events, long.events, strict=True):
        assert (one.seq, one.t_s, one.source, one.type) == (
            other.seq,
            other.t_s,
            other.source,
            other.type,
        )
        assert one.data == other.data
        assert one.fact == other.fact
    path.unlink()
    with pytest.raises(ArtifactError, match="a moment ago"):
        _ = long.events[0].data


def test_a_removed_trace_is_there_again_when_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "run" / "trace.jsonl"
    with TraceWriter(path, {"name": "t"}) as trace:
        trace.write("harness", "note", {"text": "before, ä"}, 0.1)
        path.unlink()
        path.parent.rmdir()
        trace.write("harness", "note", {"text": "after"}, 0.2)
    assert [event.data["text"] for event in read_trace(path).events] == ["before, ä", "after"]


def test_a_trace_that_cannot_be_made_again_is_told_and_its_file_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder stands where it was."""
    opened: list[Any] = []
    real_open = Path.open

    def noted(path: Path, *how: Any, **more: Any) -> Any:
        opened.append(real_open(path, *how, **more))
        return opened[-1]

    monkeypatch.setattr(Path, "open", noted)
    path = tmp_path / "trace.jsonl"
    trace = TraceWriter(path, {"name": "t"})
    path.unlink()
    path.mkdir()
    trace.restore()
    assert trace.broken is not None
    trace.close()
    assert [file.closed for file in opened] == [True]


def test_what_is_written_to_a_restored_trace_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {"name": "t"}) as trace:
        trace.write("harness", "note", {"text": "before"}, 0.1)
        path.unlink()
        trace.restore()
        assert [event.data["text"] for event in read_trace(path).events] == ["before"]
        trace.write("harness", "note", {"text": "after"}, 0.2)
        trace.restore()
    assert trace.broken is None
    assert [event.data["text"] for event in read_trace(path).events] == ["before", "after"]


def stats(number: int, **more: Any) -> dict[str, Any]:
    """A report of which little is new."""
    known = {f"n{i}": f"it stays what it is, {i}" for i in range(10)}
    entry = {"id": "in", "timestamp": number + 0.5, **known, "packets": number, **more}
    return {"connection": "c", "report": [entry]}


def since(path: Path) -> list[int | None]:
    """What each report of a trace is a difference to."""
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines()[1:])
    return [line.get("since") for line in lines if line["type"] == "stats"]


def test_reports_are_written_as_differences_and_answered_whole(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        told = [trace.write("page", "stats", stats(number), number) for number in range(3)]
    assert since(path) == [None, 0, 1]
    assert [event.data for event in told] == [stats(0), stats(1), stats(2)]
    assert read_trace(path).events == told


def test_what_is_hidden_of_a_report_is_in_no_difference_and_does_not_come_back(
    tmp_path: Path,
) -> None:
    path = tmp_path / "trace.jsonl"
    secret, late = "my-odd-key", "window-seat-4711"
    with TraceWriter(path, {}, secrets=[secret]) as trace:
        trace.write("page", "stats", stats(0, a="-", b=late), 0)
        trace.hide(Hidden(frozenset({late})))
        trace.write("page", "stats", stats(1, a=f"of {secret}", b=late), 1)
        trace.write("page", "stats", stats(2, a=f"of {secret}", b=f"{late}!"), 2)
        trace.write("page", "stats", stats(3, a=f"{secret}{late}", b=late, **{late: 1}), 3)
    assert since(path) == [None, 0, 1, 2]
    read = [event.data["report"][0] for event in read_trace(path).events]
    assert [entry["b"] for entry in read] == [late, MASK, f"{MASK}!", MASK]
    assert [entry["a"] for entry in read] == ["-", f"of {MASK}", f"of {MASK}", MASK * 2]
    assert read[3][MASK] == 1
    text = path.read_text(encoding="utf-8")
    assert secret not in text
    assert late not in text.split('"seq": 1')[1]


def test_numbers_without_end_in_reports_are_read_as_they_would_be(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        for number, value in enumerate([float("inf"), float("inf"), float("nan"), "\ud83d"]):
            trace.write("page", "stats", stats(number, value=value), number)
    assert since(path) == [None, 0, 1, 2]
    read = [event.data["report"][0]["value"] for event in read_trace(path).events]
    assert read == ["inf", "inf", "nan", "\ufffd"]


def test_a_restored_trace_has_reports_that_stand_for_themselves(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        for number in range(6):
            trace.write("page", "stats", stats(number), number)
            if number == 2:
                path.unlink()
                trace.restore()
    assert since(path) == [None, 0, 1, None, 3, 4]
    assert [event.data for event in read_trace(path).events] == [stats(n) for n in range(6)]


def test_a_trace_that_could_not_be_written_further_is_read_as_far_as_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full in the middle of a difference."""
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        file = trace._file

        def half(text: str) -> int:
            real(text[:20])
            raise OSError(28, "No space left on device")

        for number in range(2):
            trace.write("page", "stats", stats(number), number)
        real = file.write
        monkeypatch.setattr(file, "write", half, raising=False)
        trace.write("page", "stats", stats(2), 2)
        monkeypatch.undo()
        assert trace.write("page", "stats", stats(3), 3).data == stats(3)
        assert trace.broken is not None
    read = read_trace(path)
    assert read.cut
    assert [event.data for event in read.events] == [stats(0), stats(1)]


def test_a_trace_of_the_version_before_is_read_as_before(tmp_path: Path) -> None:
    """It had whole reports alone; a page's own word for what changed is no difference."""
    lines = [
        {"harness_trace": 1, "name": "old"},
        {"seq": 0, "t_s": 0.5, "source": "page", "type": "stats", "data": stats(0)},
        {"seq": 1, "t_s": 1.5, "source": "page", "type": "stats", "data": stats(1)},
        {"seq": 2, "t_s": 2.5, "source": "page", "type": "stats", "data": {"changed": {}}},
    ]
    path = tmp_path / "trace.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    trace = read_trace(path)
    assert trace.header == lines[0]
    assert [event.data for event in trace.events] == [stats(0), stats(1), {"changed": {}}]
    assert trace.lost == 0
