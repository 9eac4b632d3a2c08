"""Where voice is, on the call's own timeline."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.clip import AudioClip, joined, silence
from harness.audio.fixtures import find_fixture
from harness.score.answers import Answer
from harness.score.heard_voices import (
    GRID_S,
    RUN_UP_S,
    CallSound,
    answers_voices,
    own_voices,
    piece_start_s,
    spans_in,
)
from harness.speech.silero import SileroDetector
from harness.speech.spans import Span, voiced_spans


@given(st.floats(0, 3600))
def test_a_piece_begins_on_the_grid_with_its_run_up(first_s: float) -> None:
    from_s = piece_start_s(first_s)
    assert from_s / GRID_S == pytest.approx(round(from_s / GRID_S), abs=1e-6)
    assert from_s == 0 or RUN_UP_S - 1e-6 <= first_s - from_s <= RUN_UP_S + GRID_S + 1e-6


@pytest.mark.parametrize("name", ["booking-thank-you", "interruption-tell-me", "goforward"])
@pytest.mark.parametrize("at_s", [4.0, 4.013, 4.027])
def test_a_piece_and_the_whole_call_have_the_same_edges(name: str, at_s: float) -> None:
    noise = np.random.default_rng(1).normal(0, 0.001, 48_000 * 12)
    spoken = find_fixture(name).load().clip
    whole = joined(silence(at_s), spoken, silence(12.0)).between(0.0, 12.0)
    whole = AudioClip((whole.samples + noise).astype(np.float32), 48_000)
    detector = SileroDetector()
    (expected,) = [s for s in voiced_spans(whole, detector) if s.duration_s > 0.3][:1]
    from_s = piece_start_s(expected.start_s)
    part = whole.between(from_s, expected.end_s + 0.5)
    found = spans_in(CallSound(from_s, part, part), lambda clip: voiced_spans(clip, detector))
    assert found[0].start_s == pytest.approx(expected.start_s, abs=0.006)
    assert from_s > 0


def test_what_lies_before_a_piece_is_silence() -> None:
    ones = AudioClip(np.ones(48_000, np.float32), 48_000)
    part = CallSound(10.0, ones, ones).sent_in(Span(9.5, 10.5))
    assert part.frames == 48_000
    assert part.samples[:24_000].max() == 0
    assert part.samples[24_000:].min() == 1


def test_a_loop_is_found_and_is_nobodys_answer() -> None:
    fixture = find_fixture("goforward")
    own = fixture.load().clip
    sent = joined(silence(3.0), own, silence(3.0))
    heard = joined(silence(3.1), own, silence(2.9))
    said = Span(3.0 + fixture.speech_start_s, 3.0 + fixture.speech_end_s)
    looped = Span(said.start_s + 0.1, said.end_s + 0.1)
    answers = [Answer("a", 5.5, audio_started_s=5.6)]
    (found,) = own_voices(CallSound(0.0, heard, sent), [looped], [said], answers)
    assert found.delay_s == pytest.approx(0.1, abs=0.02)
    spoken = Span(5.8, 6.0)
    assert answers_voices([looped, spoken], [found], answers) == {"a": [spoken]}


def test_an_assistant_may_say_the_same_in_the_same_voice_when_the_user_has_ended() -> None:
    fixture = find_fixture("goforward")
    own = fixture.load().clip.between(fixture.speech_start_s, fixture.speech_end_s)
    sent = joined(silence(3.0), own, silence(5.0))
    heard = joined(silence(5.0), own, silence(3.0))
    said, again = Span(3.0, 3.0 + own.duration_s), Span(5.0, 5.0 + own.duration_s)
    answers = [Answer("a", 4.9, audio_started_s=4.95, audio_ended_s=7.0)]
    assert own_voices(CallSound(0.0, heard, sent), [again], [said], answers) == []
