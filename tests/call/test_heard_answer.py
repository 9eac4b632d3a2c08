"""What was heard, measured in the samples."""

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip, silence
from harness.browser.page_audio import AudioFrames
from harness.call.answers import Answer
from harness.call.heard_answer import (
    RUN_UP_S,
    Said,
    Voice,
    heard_between,
    heard_from_s,
    listen_again,
    measured,
)
from harness.call.speech_tools import SpeechTools, inline
from harness.call.utterance import Utterance
from harness.speech.spans import Span
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


def test_voice_is_placed_on_the_time_line() -> None:
    clip = AudioClip(np.zeros(2 * CALL_RATE_HZ, np.float32), CALL_RATE_HZ)
    voice = listen_again(clip, 10.0, tools(Span(0.5, 0.8), Span(1.0, 1.5)))
    assert voice is not None
    assert (voice.start_s, voice.end_s, voice.words) == (10.5, 11.5, "2.0 seconds")
    assert voice.hearing is not None
    assert voice.hearing.text == "2.0 seconds"
    assert listen_again(clip, 10.0, tools()) is None


def test_the_latency_counts_from_what_was_said_last_before_it() -> None:
    answer = Answer("a", 2.0, text=" Hello. ", status="completed")
    heard = measured(answer, Voice(2.4, 3.0, "hello"), [said(0.0), said(1.0), said(2.5)])
    assert heard.voice_to_voice_s == pytest.approx(0.5)
    assert (heard.transcript, heard.recognised, heard.text) == ("Hello.", "hello", "Hello.")


def test_an_answer_that_nobody_heard_has_no_latency() -> None:
    heard = measured(Answer("a", 2.0), None, [said(0.0)])
    assert (heard.voice_to_voice_s, heard.start_s, heard.recognised) == (None, None, "")


def test_what_was_heard_of_the_answer_before_stays_out() -> None:
    first = Answer("a", 1.0, voice_start_s=1.2, voice_end_s=2.9)
    answers = [first, Answer("b", 3.0, voice_start_s=3.5), Answer("c", 0.1)]
    assert heard_from_s(answers[1], answers) == 2.9
    assert heard_from_s(first, answers) == 1.0 - RUN_UP_S
    assert heard_from_s(answers[2], answers[2:]) == 0.0, "a call has nothing before its start"


def test_an_answer_is_heard_from_its_first_sound_where_its_events_come_later() -> None:
    """A page whose thread is busy hands on its events late; the audio has its own road."""
    answer = Answer("a", 3.945, voice_start_s=3.791)
    assert heard_from_s(answer, [answer]) == pytest.approx(3.791 - RUN_UP_S)


def test_heard_audio_is_put_together_with_silence_where_none_is() -> None:
    ones = np.ones(480, np.float32)
    heard = [AudioFrames(1.0, ones, "a", 48_000), AudioFrames(1.02, ones, "a", 48_960)]
    clip = heard_between(heard, 0.99, 1.04)
    assert clip.frames == 2_400
    assert np.flatnonzero(clip.samples).tolist() == [*range(480, 960), *range(1_440, 1_920)]


def test_an_answer_that_talks_over_the_user_is_early_not_late() -> None:
    """It answers the turn that is being said, so its latency is negative."""
    heard = measured(Answer("a", 10.0), Voice(10.4, 11.0, "hello"), [said(0.0), said(10.0)])
    assert heard.voice_to_voice_s == pytest.approx(-0.5)
