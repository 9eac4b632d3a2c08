"""Figures of finders whose errors are planted."""

from __future__ import annotations

import pytest

from harness.audio.clip import AudioClip, joined, silence
from harness.audio.signals import pink_noise
from harness.bench.detector import as_text, errors_of, in_figures, measure, windows_of
from harness.bench.detector_calls import KnownCall, make_call
from harness.bench.detectors import EnergyDetector
from harness.errors import UsageError
from harness.score.conversation import Conversation, conversation_of
from harness.speech.spans import Span


@pytest.fixture(scope="module")
def call() -> KnownCall:
    def clip(seconds: float, seed: int) -> AudioClip:
        return joined(silence(0.2), pink_noise(seconds, 0.1, seed), silence(0.2))

    return make_call([clip(0.9, 1), clip(1.1, 2)], [clip(2.5, 3), clip(2.2, 4)], 9, seed=3)


def told(call: KnownCall, late_s: float, doubt_s: float) -> Conversation:
    """The truth, but each answer is heard late."""
    said = [turn.user for turn in call.turns]
    heard = [turn.agent for turn in call.turns]
    return conversation_of(
        [Span(each.start_s, each.end_s, doubt_s, doubt_s) for each in said],
        [Span(each.start_s + late_s, each.end_s, doubt_s, doubt_s) for each in heard],
    )


def test_the_truth_has_no_error(call: KnownCall) -> None:
    figures = in_figures(errors_of(call, told(call, 0.0, 0.01)))
    assert figures["gap_error_ms_max"] == 0
    assert figures["stop_error_ms_p95"] == 0
    assert figures["missed_turns"] == figures["missed_interruptions"] == 0
    assert figures["inside_percent"] == 100


def test_a_planted_error_is_found_and_lies_outside_of_a_bold_statement(call: KnownCall) -> None:
    figures = in_figures(errors_of(call, told(call, 0.03, 0.01)))
    assert figures["gap_error_ms_median"] == pytest.approx(30)
    assert figures["inside_percent"] == 0


def test_what_is_called_too_uncertain_is_no_error_and_not_missed(call: KnownCall) -> None:
    figures = in_figures(errors_of(call, told(call, 0.03, 0.3)))
    assert figures["cannot_tell"] == len(call.turns)
    assert figures["gap_error_ms_median"] is None


def test_a_turn_found_elsewhere_is_missed_unless_its_place_is_said_to_be_unsure(
    call: KnownCall,
) -> None:
    """More than half a second off: a number that is wrong, or one that is withheld."""
    bold = in_figures(errors_of(call, told(call, 0.6, 0.01)))
    assert (bold["missed_turns"], bold["cannot_tell"]) == (len(call.turns), 0)
    unsure = in_figures(errors_of(call, told(call, 0.6, 0.3)))
    assert (unsure["missed_turns"], unsure["cannot_tell"]) == (0, len(call.turns))


def test_what_is_not_found_is_missed(call: KnownCall) -> None:
    figures = in_figures(errors_of(call, conversation_of([], [])))
    assert figures["missed_turns"] == len(call.turns)
    assert figures["missed_interruptions"] == len(call.interruptions)


def test_a_detector_alone_tells_its_windows() -> None:
    clip = joined(silence(0.5), pink_noise(0.5, 0.1, seed=1), silence(0.5))
    (span,) = windows_of(EnergyDetector(), clip.samples)
    assert (span.start_s, span.end_s) == pytest.approx((0.5, 1.0), abs=0.021)


def test_a_condition_that_there_is_none_of_is_told() -> None:
    with pytest.raises(UsageError, match="no condition “storm”"):
        measure("clean,storm")


def test_people_get_a_table(call: KnownCall) -> None:
    ours = in_figures(errors_of(call, told(call, 0.03, 0.01)))
    text = as_text(
        {
            "turns": 9,
            "interruptions": 2,
            "conditions": {"clean": {"ours": ours, "webrtcvad": "not installed", "energy": ours}},
            "tuning": {"clean": ours},
            "cpu_ms_per_s": 7.0,
        }
    )
    assert "30 / 30 (0, 0)" in text
    assert "not installed" in text
