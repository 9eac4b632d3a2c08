"""The trace: written as it happens, without secrets, readable after a crash."""

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
