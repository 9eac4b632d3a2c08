"""The clips of a call, as far as they were said."""

from dataclasses import replace

import pytest

from harness.score.answers import AnswerTracker
from harness.score.call_record import clip_labels
from harness.score.clips import said_clips
from harness.score.exchanges import exchanges_of, utterances_of
from harness.score.uncertainty import KNOWN_CLIP_S
from harness.trace import TraceEvent
from tests.support.call_events import answer, clip, event, record


def whole(start_s: float, speech: tuple[float, float], end_s: float) -> TraceEvent:
    """A clip with silence at both of its ends."""
    made = clip(*speech)
    return replace(made, data={**made.data, "start_s": start_s, "end_s": end_s})


STOP = event("microphone.stop", 1.5, "harness", since_s=1.5, end_s=1.52)


def test_where_the_user_stopped_is_the_end_of_what_they_said() -> None:
    events = [clip(0.2, 0.9), whole(0.9, (1.0, 2.0), 2.2), STOP]
    ends = [(each.get("end_s"), each["speech_end_s"]) for each in said_clips(events)]
    assert ends == [(None, 0.9), (1.52, 1.52)]
    assert [span.end_s for span in clip_labels(events)] == [0.9, 1.52]


def test_what_had_not_begun_was_not_said() -> None:
    to_come = whole(1.7, (1.8, 2.5), 2.6)
    no_word_yet = whole(1.4, (1.6, 2.5), 2.6)
    muted = clip(0.5, 0.8, muted=True)
    assert said_clips([to_come, no_word_yet, muted, STOP]) == []
    assert len(said_clips([STOP, to_come])) == 1, "what is said later is another thing"


def test_a_latency_begins_where_the_user_stopped() -> None:
    events = [clip(1.0, 3.0), STOP, *answer("a", 2.0, (2.1, 3.0))]
    (only,) = exchanges_of(record(events, heard=[(2.2, 3.0)]))
    assert only.said_end_s == 1.52


def test_the_live_call_knows_it_too() -> None:
    tracker = AnswerTracker()
    tracker.user_speaks(3.0)
    tracker.user_stops(1.52)
    tracker.user_speaks(5.0)
    assert tracker._user_ends_s == [1.52, 5.0]


def test_a_place_in_doubt_makes_both_ends_of_what_was_said_doubtful() -> None:
    doubtful = whole(0.9, (1.0, 2.0), 2.2)
    doubtful = replace(doubtful, data={**doubtful.data, "uncertainty_s": 0.15})
    sure, unsure = clip_labels([clip(0.2, 0.7), doubtful])
    assert sure.end_uncertainty_s == KNOWN_CLIP_S
    assert unsure.start_uncertainty_s == pytest.approx(0.151, abs=0.001)
    said = utterances_of(record([clip(0.2, 0.7), doubtful]))[-1]
    assert said.end_uncertainty_s == unsure.end_uncertainty_s
