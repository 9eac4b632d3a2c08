"""Reading the folder of a run, whole or not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.errors import ArtifactError, SpeechError
from harness.score.call_record import CallRecord, clip_labels, load_call, load_calls, with_labels
from harness.speech.spans import Span
from harness.trace import TraceWriter
from tests.support.call_events import clip, event


def test_a_whole_run_has_both_sides_and_labelled_edges(rover: CallRecord) -> None:
    assert rover.audio is not None
    assert rover.audio.sent.duration_s == rover.audio.heard.duration_s == rover.audio.duration_s
    assert rover.name == "rover"
    assert rover.sent_spans[0].start_s == pytest.approx(1.51, abs=0.001)  # the label
    assert rover.notes == ()


def test_a_trace_cut_in_a_line_without_audio_is_still_read(runs: Path) -> None:
    record = load_call(runs / "harbour")
    assert record.audio is None
    assert record.trace.cut
    assert any("cut" in note for note in record.notes)
    assert any("no call.wav" in note for note in record.notes)


def test_the_path_of_the_trace_will_do(runs: Path) -> None:
    assert load_call(runs / "harbour" / "trace.jsonl").folder == runs / "harbour"


def test_audio_that_was_cut_is_measured_as_far_as_it_goes_and_noted(
    runs: Path, tmp_path: Path
) -> None:
    shutil.copy(runs / "rover" / "trace.jsonl", tmp_path)
    whole = (runs / "rover" / "call.wav").read_bytes()
    (tmp_path / "call.wav").write_bytes(whole[: len(whole) // 2])
    record = load_call(tmp_path)
    assert record.audio is not None
    assert [note for note in record.notes if "call.wav is cut" in note]


def test_damaged_audio_is_a_note(runs: Path, tmp_path: Path) -> None:
    shutil.copy(runs / "rover" / "trace.jsonl", tmp_path)
    (tmp_path / "call.wav").write_bytes(b"RIFF....")
    record = load_call(tmp_path)
    assert record.audio is None
    assert "cannot be read" in record.notes[0]


def test_reports_that_are_lost_are_a_note(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {"name": "a"}) as trace:
        for number in range(4):
            report = [{"id": "in", "stays": "x" * 200, "packets": number}]
            trace.write("page", "stats", {"connection": "c", "report": report}, number)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    assert load_call(tmp_path).notes[0].startswith("2 reports of getStats cannot be told")


def test_a_detector_that_cannot_run_is_a_note(runs: Path) -> None:
    def broken(_: object) -> list[Span]:
        raise SpeechError("The detector is not installed.")

    record = load_call(runs / "rover", broken)
    assert record.heard_spans == ()
    assert "not installed" in record.notes[0]
    assert len(record.sent_spans) == 3  # the labels need no detector


def test_a_folder_without_a_trace_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"trace\.jsonl"):
        load_call(tmp_path)


def test_one_unreadable_run_does_not_hide_the_others(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "trace.jsonl").write_text("")
    good, bad = load_calls([runs / "harbour", tmp_path])
    assert good.name == "harbour"
    assert bad.events[0].data["kind"] == "ArtifactError"
    with pytest.raises(ArtifactError):
        load_calls([tmp_path])


def test_labels_come_from_the_clips_played() -> None:
    events = [clip(3.0, 4.0), event("note", 1.0, "harness"), clip(1.0, 2.0)]
    assert clip_labels(events) == [Span(1.0, 2.0), Span(3.0, 4.0)]


def test_a_label_sets_the_outer_edges_and_the_detector_the_pauses() -> None:
    detected = [Span(1.05, 1.5), Span(1.8, 2.2), Span(5.0, 5.5)]
    assert with_labels(detected, [Span(1.0, 2.1), Span(3.0, 3.5)]) == [
        Span(1.0, 1.5),
        Span(1.8, 2.1),
        Span(3.0, 3.5),
        Span(5.0, 5.5),
    ]
