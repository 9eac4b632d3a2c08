"""A finding as data and as a line."""

from __future__ import annotations

from harness.findings.microphone import MicrophoneRefused
from harness.trace import TraceEvent

EVENT = TraceEvent(7, 1.23456, "page", "user_media.refused", {})


def test_as_data() -> None:
    found = MicrophoneRefused.by("It was refused.", EVENT, page_line="http://a/b.js:1:2")
    assert found.as_data() == {
        "name": "microphone_refused",
        "severity": "error",
        "cause": "It was refused.",
        "to_do": MicrophoneRefused.to_do,
        "at_s": 1.235,
        "evidence": [{"seq": 7, "t_s": 1.235, "type": "user_media.refused"}],
        "page_line": "http://a/b.js:1:2",
    }


def test_as_a_line() -> None:
    assert str(MicrophoneRefused.by("It was refused.", EVENT)) == (
        "microphone_refused at 1.23 s: It was refused."
    )
    assert str(MicrophoneRefused.by("It was refused.")) == "microphone_refused: It was refused."


def test_the_place_may_be_another_than_the_events() -> None:
    assert MicrophoneRefused.by("It was refused.", EVENT, at_s=9.0).at_s == 9.0


def test_what_it_means_is_one_sentence_of_its_class() -> None:
    assert MicrophoneRefused.means().startswith("The page asked for the microphone")
