"""Whose voice is heard when."""

import pytest

from harness.score.answers import Answer, Stretch
from harness.score.voices import is_played, voices_of
from harness.speech.spans import Span


def played(name: str, start_s: float, end_s: float | None) -> Answer:
    return Answer(name, start_s - 0.2, audio_started_s=start_s, audio_ended_s=end_s)


def test_a_voice_belongs_to_the_answer_that_is_played_then() -> None:
    answers = [played("a", 1.0, 3.0), played("b", 5.0, None)]
    spans = [Span(1.2, 2.0), Span(2.3, 3.2), Span(5.2, 9.0)]
    assert voices_of(spans, answers) == {"a": spans[:2], "b": spans[2:]}


def test_the_last_of_an_answer_that_sounds_on_is_not_the_next_ones() -> None:
    answers = [played("a", 1.0, 4.0), played("b", 4.0, 6.0)]
    assert voices_of([Span(1.2, 4.15), Span(4.4, 6.1)], answers) == {
        "a": [Span(1.2, 4.15)],
        "b": [Span(4.4, 6.1)],
    }


def test_a_word_on_its_own_at_the_seam_is_the_next_answers() -> None:
    answers = [played("a", 1.0, 4.0), played("b", 4.0, 6.0)]
    assert voices_of([Span(1.2, 4.1), Span(4.3, 4.5)], answers)["b"] == [Span(4.3, 4.5)]


def test_a_voice_that_goes_over_to_the_next_answer_is_cut_where_it_does() -> None:
    """As late after the event as the first answer's sound came after its own."""
    answers = [played("a", 1.0, 4.0), played("b", 4.0, 8.0)]
    found = voices_of([Span(1.2, 8.1)], answers)
    assert found["a"][0].end_s == found["b"][0].start_s == pytest.approx(4.2)


def test_without_events_the_live_detector_says_whose_it_is() -> None:
    heard = Answer("heard-1", 2.0, voice_start_s=2.0, stretches=[Stretch(2.0, 3.0)])
    assert voices_of([Span(1.9, 3.1), Span(6.0, 7.0)], [heard]) == {
        "heard-1": [Span(1.9, 3.1)],
        None: [Span(6.0, 7.0)],
    }


def test_what_is_played_is_told_by_events_alone() -> None:
    assert is_played(Span(1.5, 2.0), [played("a", 1.0, 3.0)])
    assert not is_played(Span(1.5, 2.0), [Answer("a", 1.0, stretches=[Stretch(1.0)])])
