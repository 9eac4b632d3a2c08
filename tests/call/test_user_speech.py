from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.audio.clip import AudioClip
from harness.audio.signals import white_noise
from harness.call.callers import Callers
from harness.call.user_speech import UserSpeech
from harness.call.utterance import Utterance
from harness.errors import FixtureError
from harness.facts.fact import Fact
from harness.line.audio import PlayedClip

QUESTION = Utterance("question", white_noise(1.0, 0.1, seed=1), "Noise?", None, 0.25, 0.75)


class FakeMicrophone:
    """Plays everything 30 ms later than asked, or at 5 s."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    async def play(
        self, clip: AudioClip, at_s: float | None, gain: float, at_frame: int | None
    ) -> PlayedClip:
        self.done.append((clip.duration_s, gain))
        late_s = 0.0 if at_s is None else 0.03
        start_s = 5.0 if at_s is None else at_s + late_s
        if at_frame is not None:
            start_s = at_frame / 48_000
        return PlayedClip(start_s, start_s + clip.duration_s, round(start_s * 48_000), late_s)

    async def stop_all(self, fade_s: float) -> float:
        self.done.append(f"stop within {fade_s:g} s")
        return 9.0

    async def set_muted(self, muted: bool) -> None:
        self.done.append(muted)


class Room:
    def __init__(self) -> None:
        self.notes: list[tuple[str, dict[str, Any], float]] = []
        self.microphone = FakeMicrophone()
        self.caller = Callers().join("test")
        line = SimpleNamespace(microphone=self.microphone)
        recorder = SimpleNamespace(note=self._note)
        tools = SimpleNamespace(offload=self._offload, synthesiser=self)
        self.speech = UserSpeech(
            cast("Any", line), cast("Any", recorder), cast("Any", tools), self.caller, lambda: 9.0
        )

    def synthesise(self, text: str, voice: str | None, speed: float) -> AudioClip:
        return white_noise(0.5, 0.1, seed=len(text))

    def _note(self, fact: Fact, t_s: float) -> None:
        self.notes.append((fact.type, fact.to_data(), t_s))

    async def _offload(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)


async def test_what_is_said_is_remembered_where_it_really_began() -> None:
    room = Room()
    said = await room.speech.play(QUESTION, 2.0, interrupts=False)
    assert (said.start_s, said.speech_start_s, said.end_s) == pytest.approx((2.03, 2.28, 3.03))
    assert room.speech.said == [said] == [room.speech.last]
    assert [uttered.text for uttered in room.caller.uttered] == ["Noise?"]
    ((kind, facts, t_s),) = room.notes
    assert (kind, t_s, facts["late_s"]) == ("microphone.clip", said.start_s, 0.03)
    assert (facts["muted"], facts["interrupts"]) == (False, False)


async def test_what_is_said_while_muted_was_heard_by_nobody() -> None:
    room = Room()
    await room.speech.mute(True)
    said = await room.speech.play(QUESTION, None, interrupts=False)
    assert (room.speech.said, room.caller.uttered) == ([], [])
    assert room.speech.last is said
    assert room.notes[0] == ("microphone.mute", {"muted": True}, 9.0)
    assert room.notes[1][1]["muted"] is True
    await room.speech.mute(False)
    await room.speech.play(QUESTION, None, interrupts=True)
    assert len(room.speech.said) == 1
    assert room.microphone.done == [True, (1.0, 1.0), False, (1.0, 1.0)]


async def test_a_file_is_noted_as_people_would_write_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    room = Room()
    for file in (tmp_path / "a" / "b.wav", tmp_path.parent / "c.wav"):
        utterance = Utterance("u", QUESTION.clip, "", str(file), 0.0, 1.0)
        await room.speech.play(utterance, None, interrupts=False)
    below, beside = [facts["file"] for _, facts, _ in room.notes]
    assert below == str(Path("a") / "b.wav")
    assert beside == str(tmp_path.parent / "c.wav")


async def test_a_text_is_synthesised_a_clip_is_taken_and_a_lost_file_is_told() -> None:
    room = Room()
    assert await room.speech.prepare(QUESTION) is QUESTION
    assert (await room.speech.prepare("Are you there?")).text == "Are you there?"
    assert (await room.speech.prepare(QUESTION.clip)).clip.duration_s == 1.0
    with pytest.raises(FixtureError):
        await room.speech.prepare("no-such-file.wav")


async def test_what_is_queued_begins_behind_what_is_being_said_or_at_once() -> None:
    room = Room()
    await room.speech.play(QUESTION, 8.47, interrupts=False)
    second = await room.speech.play(QUESTION, None, interrupts=False, queue=True)
    assert second.start_s == 9.5, "8.5 s and a second"
    await room.speech.stop(0.1)
    third = await room.speech.play(QUESTION, None, interrupts=False, queue=True)
    assert third.start_s == 5.0, "nothing was being said any more"


async def test_who_stops_has_said_no_more_than_that() -> None:
    room = Room()
    await room.speech.play(QUESTION, 8.47, interrupts=False)
    await room.speech.play(QUESTION, 9.47, interrupts=False)
    await room.speech.stop(0.1)
    assert room.microphone.done[-1] == "stop within 0.1 s"
    (said,) = room.speech.said
    assert said.start_s == 8.5
    assert said.speech_end_s == pytest.approx(9.1)
    assert room.speech.last is None
    assert room.notes[-1] == ("microphone.stop", {"since_s": 9.0, "end_s": 9.1}, 9.0)
