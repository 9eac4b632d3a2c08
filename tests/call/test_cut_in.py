"""Interruption of an answer, with a microphone that decides by itself."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.call.cut_in import Interrupter
from harness.call.heard_answer import Said
from harness.call.utterance import Utterance
from harness.errors import ExpectationFailed, PageClosed
from harness.line.audio import PlayedClip
from harness.line.cut_in import CutIn

UTTERANCE = Utterance("u", AudioClip(np.ones(4800, np.float32), 48_000), "", None, 0.02, 0.1)


class Everything:
    """A line, its microphone, the user's speech and a listener, as far as they are used."""

    def __init__(self, decided: CutIn | None, voice_s: float | None = None) -> None:
        self.decided = decided
        self.done: list[Any] = []
        self.microphone = self
        self.last = None
        self.now_s = 1.2
        self.current = SimpleNamespace(voice_start_s=voice_s)
        self.next = SimpleNamespace(user_interrupts=lambda _answer: None)

    async def cut_in(
        self, clip: AudioClip, after_s: float, lead_s: float, since_s: float, gain: float = 1.0
    ) -> Any:
        self.done.append(("cut_in", after_s, lead_s, since_s))
        return self

    async def settle(self, onset_s: float) -> CutIn | None:
        self.done.append(("settle", onset_s))
        return self.decided

    async def drop(self) -> None:
        self.done.append("drop")

    async def play(self, utterance: Utterance, at_s: float, *, interrupts: bool) -> Said:
        self.done.append(("play", round(at_s, 6)))
        return Said(utterance, at_s)

    def began(self, utterance: Utterance, played: PlayedClip, *, interrupts: bool) -> Said:
        self.done.append(("began", played.start_s))
        return Said(utterance, played.start_s)

    def note(self, fact: Any, t_s: float) -> None:
        self.done.append((fact.type, fact.onset_frame, fact.cut_in_frame, t_s))


def interrupter(parts: Everything) -> Interrupter:
    whole = cast("Any", parts)
    return Interrupter(whole, whole, whole, whole, lambda: None)


async def voice() -> float:
    return 1.1


async def no_voice() -> float:
    raise ExpectationFailed("Nothing came.")


async def test_the_audio_thread_decides_and_the_trace_says_by_what() -> None:
    played = PlayedClip(start_s=1.48, end_s=1.58, start_frame=71_040, late_s=0.0)
    parts = Everything(CutIn(played, 1.0, 48_000, by_sound=True))
    said = await interrupter(parts).interrupt(UTTERANCE, 0.5, voice)
    assert said.speech_start_s == pytest.approx(1.5)
    assert parts.done[:2] == [("cut_in", 0.5, 0.02, 0.0), ("settle", 1.1)]
    assert parts.done[3] == ("microphone.cut_in", 48_000, 72_000, pytest.approx(1.5))


async def test_a_user_who_spoke_to_another_sound_did_not_cut_into_the_answer() -> None:
    """A chime at 0.1 s, the user 0.5 s later, the answer at 1.1 s."""
    played = PlayedClip(start_s=0.58, end_s=0.68, start_frame=27_840, late_s=0.0)
    parts = Everything(CutIn(played, 0.1, 4_800, by_sound=True))
    with pytest.raises(ExpectationFailed, match="another sound of the page") as told:
        await interrupter(parts).interrupt(UTTERANCE, 0.5, voice)
    assert "1.000 s before the answer" in str(told.value.found)
    assert "the user spoke 0.500 s before" in str(told.value.found)
    assert parts.done[2] == ("began", 0.58), "what was said is in the trace"
    assert parts.done[3][0] == "microphone.cut_in"


@pytest.mark.parametrize(
    ("onset_s", "start_s"),
    [
        pytest.param(0.85, 0.95, id="the answer begins too softly for the detector"),
        pytest.param(0.7, 1.18, id="the user spoke into the answer, if by another sound"),
    ],
)
async def test_what_was_said_into_the_answer_is_an_interruption(
    onset_s: float, start_s: float
) -> None:
    played = PlayedClip(start_s=start_s, end_s=start_s + 0.1, start_frame=1, late_s=0.0)
    parts = Everything(CutIn(played, onset_s, 1, by_sound=True))
    said = await interrupter(parts).interrupt(UTTERANCE, 0.1, voice)
    assert said.start_s == start_s


async def test_an_answer_that_sounds_already_has_its_onset() -> None:
    parts = Everything(None, voice_s=1.1)
    await interrupter(parts).interrupt(UTTERANCE, 0.5, voice)
    assert parts.done == [("play", 1.58)]


async def test_a_microphone_that_was_closed_meanwhile_leaves_it_to_the_detector() -> None:
    parts = Everything(None)
    await interrupter(parts).interrupt(UTTERANCE, 0.5, voice)
    assert parts.done[-1] == ("play", 1.58)


async def test_an_answer_that_never_comes_is_a_failure_and_nothing_is_said() -> None:
    parts = Everything(None)
    with pytest.raises(ExpectationFailed):
        await interrupter(parts).interrupt(UTTERANCE, 0.5, no_voice)
    assert parts.done[-1] == "drop"


async def test_a_wait_that_is_given_up_leaves_nothing_to_be_said_later() -> None:
    parts, waiting = Everything(None), asyncio.Event()

    async def long() -> float:
        waiting.set()
        await asyncio.Event().wait()
        return 0.0

    task = asyncio.create_task(interrupter(parts).interrupt(UTTERANCE, 0.5, long))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert parts.done[-1] == "drop"


async def test_a_page_that_has_gone_when_the_wait_ends_is_not_what_went_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def drop() -> None:
        raise PageClosed("It has gone.")

    parts = Everything(None)
    monkeypatch.setattr(parts, "drop", drop)
    with pytest.raises(ExpectationFailed, match="Nothing came"):
        await interrupter(parts).interrupt(UTTERANCE, 0.5, no_voice)


async def test_leading_silence_is_left_out_where_there_is_no_time_for_it() -> None:
    parts = Everything(None, voice_s=1.1)
    said = await interrupter(parts).interrupt(UTTERANCE, 0.11, voice)
    assert parts.done == [("play", 1.2)]
    assert said.speech_start_s == pytest.approx(1.21)
    assert said.utterance.clip.duration_s == pytest.approx(0.09)
