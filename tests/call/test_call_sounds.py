"""Whose voice is where in a call whose sound is noise, put together by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.audio.signals import white_noise
from harness.call.call_sounds import CallSounds
from harness.call.callers import Callers
from harness.call.heard_answer import Said
from harness.call.utterance import Utterance
from harness.line.audio import AudioFrames
from harness.score.answers import Answer, Stretch
from harness.speech.spans import Span
from harness.speech.tools import FindSpeech

RATE_HZ = 48_000
QUESTION = white_noise(1.0, 0.1, seed=1)
REPLY = white_noise(1.5, 0.1, seed=2)


def loud(clip: AudioClip) -> list[Span]:
    """Where something sounds, to 10 ms; a pause of 0.1 s parts two stretches."""
    windows = clip.samples[: len(clip.samples) // 480 * 480].reshape(-1, 480)
    at = np.flatnonzero(np.abs(windows).max(axis=1) > 0.01)
    runs = np.split(at, np.flatnonzero(np.diff(at) > 10) + 1) if len(at) else []
    return [Span(run[0] / 100, (run[-1] + 1) / 100) for run in runs]


class Stream:
    """One side of the call: ten seconds with some sounds in them."""

    def __init__(self, *sounds: tuple[float, AudioClip]) -> None:
        self.samples = np.zeros(10 * RATE_HZ, np.float32)
        for start_s, clip in sounds:
            first = round(start_s * RATE_HZ)
            self.samples[first : first + clip.frames] += clip.samples

    count = 1

    def snapshot(self) -> list[AudioFrames]:
        return [AudioFrames(0.0, self.samples, "test", 0)]


def in_call(
    *heard: tuple[float, AudioClip], answers: list[Answer], find: FindSpeech = loud
) -> CallSounds:
    """The user asked `QUESTION` at 1 s; this was heard."""
    utterance = Utterance("question", QUESTION, "Noise?", None, 0.0, 1.0)
    said = Said(utterance, 1.0)
    caller = Callers().join("test")
    caller.said(utterance, said.speech_start_s)
    live = SimpleNamespace(is_real_time=True)
    line = SimpleNamespace(heard=Stream(*heard), sent=Stream((1.0, QUESTION)), capabilities=live)
    disk = SimpleNamespace(read_heard=None, read_sent=None)
    tracker = SimpleNamespace(answers=answers)
    recorder = SimpleNamespace(tracker=tracker, heard_until_s=10.0, recordings=disk)
    tools = SimpleNamespace(find_speech=find)
    return CallSounds(cast("Any", line), cast("Any", recorder), cast("Any", tools), [said], caller)


def answer(start_s: float, end_s: float) -> Answer:
    known = Answer("a", start_s, text="Well.", voice_start_s=start_s, voice_end_s=end_s)
    known.stretches, known.over_s = [Stretch(start_s, end_s)], end_s + 0.5
    return known


def test_sound_that_comes_before_its_time_stands_ahead() -> None:
    sounds = in_call(answers=[])
    assert sounds.ahead_s(7.6) == 2.4
    assert sounds.ahead_s(10.2) == 0.0


def test_an_answers_voice_is_its_own() -> None:
    around = in_call((3.0, REPLY), answers=[known := answer(3.0, 4.5)]).voices(known)
    (mine,) = around.mine
    assert (mine.start_s, mine.end_s) == pytest.approx((3.0, 4.5), abs=0.02)
    assert (around.others, around.own) == ([], [])


def test_the_users_voice_that_comes_back_is_nobodys_answer() -> None:
    sounds = in_call((1.2, QUESTION), answers=[])
    (own,) = sounds.own_voices(1.0)
    assert own.delay_s == pytest.approx(0.2, abs=0.02)


def test_an_answer_that_is_the_users_words_again_is_a_copy() -> None:
    sounds = in_call((6.0, QUESTION), answers=[known := answer(6.0, 7.0)])
    around = sounds.voices(known)
    assert "what the user said at 1.000 s" in sounds.copied(around.sound, around.mine)
    assert list(sounds.remarks(0.0)) == ["a"]
    assert sounds.remarks(8.0) == {}, "it was over before"


def test_other_words_are_no_copy() -> None:
    sounds = in_call((3.0, REPLY), answers=[known := answer(3.0, 4.5)])
    around = sounds.voices(known)
    assert sounds.copied(around.sound, around.mine) == ""
    assert sounds.remarks(0.0) == {}


def test_a_sound_that_is_no_voice_is_told_and_silence_is_not() -> None:
    sounds = in_call((3.0, REPLY), answers=[], find=lambda clip: [])
    assert sounds.without_voice(2.5) is not None
    assert sounds.without_voice(6.0) is None
    assert in_call((3.0, REPLY), answers=[]).without_voice(2.5) is None, "that is a voice"
