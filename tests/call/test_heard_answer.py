"""What was heard, measured in the samples."""

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip, silence
from harness.call.heard_answer import (
    HeardAnswer,
    Said,
    Voice,
    heard_between,
    listen_again,
    measured,
    sound_beside,
    why_unheard,
)
from harness.call.utterance import Utterance
from harness.line.audio import AudioFrames
from harness.score.answers import Answer
from harness.score.heard_voices import CallSound
from harness.speech.spans import Span
from harness.speech.tools import SpeechTools, inline
from tests.support.fake_speech import FakeDetector, FakeRecogniser, FakeSynthesiser


def tools(*spans: Span) -> SpeechTools:
    return SpeechTools(
        FakeRecogniser(),
        FakeSynthesiser(),  # type: ignore[arg-type]
        FakeDetector,
        lambda clip: spans,
        inline,
    )


def said(start_s: float) -> Said:
    return Said(Utterance("u", silence(1.0), "Go.", None, 0.1, 0.9), start_s)


def heard(
    answer: Answer, spans: list[Span], said: list[Said], ends_s: list[float] | None = None
) -> HeardAnswer:
    voice = Voice(tuple(spans), "hello") if spans else None
    return measured(answer, voice, said, ends_s or [], "it was silent")


def piece(samples: np.ndarray) -> CallSound:
    """Of a call, from 10 s on."""
    clip = AudioClip(samples.astype(np.float32), CALL_RATE_HZ)
    return CallSound(10.0, clip, clip)


def test_a_latency_is_as_uncertain_as_its_edges_and_the_clock() -> None:
    """The clip's edge 15 ms, the answer's 20 ms, the clock 60 ms: 65 ms by their squares."""
    voice = Voice((Span(2.4, 3.0, 0.02, 0.1),), "hello")
    found = measured(Answer("a", 2.2), voice, [said(1.0)], [], "", clock_s=0.06)
    assert found.voice_to_voice_s == pytest.approx(0.5)
    assert found.voice_to_voice_uncertainty_s == pytest.approx(0.065)
    unknown = measured(Answer("a", 2.2), Voice((Span(2.4, 3.0),), "hello"), [said(1.0)], [], "")
    assert unknown.voice_to_voice_uncertainty_s is None


def test_only_the_answers_own_voice_is_listened_to_again() -> None:
    """With 0.45 s around it."""
    sound = piece(np.zeros(4 * CALL_RATE_HZ))
    spans = [Span(11.0, 11.3), Span(11.5, 12.0)]
    voice = listen_again(sound, spans, [], tools())
    assert voice is not None
    assert (voice.spans, voice.words) == (tuple(spans), "1.9 seconds")
    assert voice.hearing is not None
    assert (voice.hearing.start_s, voice.hearing.end_s) == (11.0, 12.0)
    assert voice.hearing.text == "1.9 seconds"
    others = [Span(10.0, 10.9), Span(12.1, 13.0)]
    between = listen_again(sound, spans, others, tools())
    assert between is not None
    assert between.words == "1.2 seconds"
    assert listen_again(sound, [], others, tools()) is None


def test_the_latency_counts_from_the_turn_that_is_answered() -> None:
    answer = Answer("a", 2.0, text=" Hello. ", status="completed")
    found = heard(answer, [Span(2.4, 3.0)], [said(0.0), said(1.0), said(2.5)])
    assert found.voice_to_voice_s == pytest.approx(0.5)
    assert (found.transcript, found.recognised, found.text) == ("Hello.", "hello", "Hello.")


def test_an_answer_that_is_heard_after_the_next_turn_still_answers_its_own() -> None:
    answer = Answer("a", 2.0, status="completed")
    found = heard(answer, [Span(5.4, 6.0)], [said(1.0), said(4.0)])
    assert found.voice_to_voice_s == pytest.approx(5.4 - 1.9)


def test_a_greeting_and_an_answer_that_nobody_heard_have_no_latency() -> None:
    greeting = heard(Answer("a", 0.05), [Span(0.4, 1.0)], [said(0.0)])
    assert (greeting.voice_to_voice_s, greeting.start_s, greeting.unheard) == (None, 0.4, "")
    silent = heard(Answer("a", 2.0), [], [said(0.0)])
    assert (silent.voice_to_voice_s, silent.start_s, silent.recognised) == (None, None, "")
    assert silent.unheard == "it was silent"


@pytest.mark.parametrize(
    ("level", "started_s", "why"),
    [
        (0.0, 11.0, "it was silent"),
        (0.1, 11.0, "a sound was heard, and no speech in it (-20 dBFS: music, a tone?)"),
        (0.1, None, "no sound of it was ever played"),
    ],
)
def test_why_no_voice_was_heard(level: float, started_s: float | None, why: str) -> None:
    answer = Answer("a", 10.5, audio_started_s=started_s, audio_ended_s=12.0)
    assert why_unheard(answer, piece(np.full(3 * CALL_RATE_HZ, level))) == why


def test_a_voice_that_is_another_answers_is_told_apart_from_a_sound_without_speech() -> None:
    answer = Answer("a", 10.5, audio_started_s=11.0, audio_ended_s=12.0)
    sound = piece(np.full(3 * CALL_RATE_HZ, 0.1))
    assert "two answers at once?" in why_unheard(answer, sound, [Span(11.2, 11.8)])
    assert "no speech in it" in why_unheard(answer, sound, [Span(10.2, 10.8)])


@pytest.mark.parametrize(
    ("loud", "voices", "is_told"),
    [
        (Span(0.0, 0.0), [], False),
        (Span(1.0, 1.1), [], False),
        (Span(1.0, 2.0), [], True),
        (Span(1.0, 2.0), [Span(11.1, 11.9)], False),
        (Span(1.0, 2.9), [Span(11.0, 11.5)], True),
    ],
    ids=["silence", "a click", "a tone", "a voice", "a voice and then a tone"],
)
def test_a_sound_beside_the_voices(loud: Span, voices: list[Span], is_told: bool) -> None:
    samples = np.zeros(3 * CALL_RATE_HZ)
    samples[round(loud.start_s * CALL_RATE_HZ) : round(loud.end_s * CALL_RATE_HZ)] = 0.1
    found = sound_beside(piece(samples), 10.0, voices)
    assert (found is not None) is is_told
    assert not found or "(-20 dBFS" in found


def test_heard_audio_is_put_together_with_silence_where_none_is() -> None:
    ones = np.ones(480, np.float32)
    heard = [AudioFrames(1.0, ones, "a", 48_000), AudioFrames(1.02, ones, "a", 48_960)]
    clip = heard_between(heard, 0.99, 1.04)
    assert clip.frames == 2_400
    assert np.flatnonzero(clip.samples).tolist() == [*range(480, 960), *range(1_440, 1_920)]


def test_an_answer_that_talks_over_the_user_is_early_not_late() -> None:
    """It answers the turn that is being said, so its latency is negative."""
    found = heard(Answer("a", 10.3), [Span(10.4, 11.0)], [said(0.0), said(10.0)])
    assert found.voice_to_voice_s == pytest.approx(-0.5)
    assert found.cut_the_user_off
