"""`Call`: what a test does with a call, whatever engine holds it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.audio.clip import AudioClip
from harness.call.answers import Answer
from harness.call.call_waits import CallWaits, what_came
from harness.call.events import CallEvent
from harness.call.heard_answer import (
    HeardAnswer,
    Said,
    Voice,
    heard_between,
    heard_from_s,
    listen_again,
    measured,
)
from harness.call.line import AudioFrames, Line
from harness.call.recorder import CallRecorder
from harness.call.speech_tools import SpeechTools
from harness.call.utterance import Utterance, from_clip, from_file, from_text, with_speech
from harness.call.wire import Wire
from harness.clock import Clock
from harness.errors import ExpectationFailed, UsageError
from harness.speech.interface import Synthesiser
from harness.streams.event_stream import EventReader

if TYPE_CHECKING:
    from harness.browser.voice_page import VoicePage

__all__ = ["Call", "HeardAnswer", "Said", "Sayable"]

Sayable = Utterance | AudioClip | str | Path


class Call:
    """A call, from open to hang-up, on any engine's line. Made by `open_call` and its like."""

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        wire: Wire,
        tools: SpeechTools,
        clock: Clock,
    ) -> None:
        self.line = line
        self._recorder = recorder
        self._wire = wire
        self._tools = tools
        self._clock = clock
        self._said: list[Said] = []
        self._waits = CallWaits(line, recorder)
        self._over = recorder.events.reader(match=_is_spoken_answer)

    @property
    def page(self) -> VoicePage:
        """The page of a call in a browser; Playwright's page is ``call.page.page``.

        Raises:
            UsageError: this engine has no page.
        """
        if self.line.page is None:
            raise UsageError(
                "This call has no page.",
                expected="a call in a browser",
                found=f"the engine “{self.line.capabilities.engine}”",
            )
        return self.line.page

    # --- speaking -------------------------------------------------------------------------

    async def say(self, what: Sayable, *, at_s: float | None = None, wait: bool = True) -> Said:
        """Speak into the microphone.

        Args:
            what: an audio file or fixture name, a clip, or an `Utterance`. A string with spaces
                that is no file is synthesised.
            at_s: when to start, on the time line; as soon as possible where absent.
            wait: come back when the last sample was sent.

        Raises:
            FixtureError: no such file, or not audio.
            PageClosed, PageCrashed: the page went away.
        """
        utterance = await self.prepare(what)
        return await self._play(utterance, at_s, wait, interrupts=False)

    async def interrupt(self, what: Sayable, *, after_s: float, within_s: float = 10) -> Said:
        """Speak into the next answer, ``after_s`` seconds after its first sound.

        Raises:
            ExpectationFailed: no answer was heard within ``within_s``.
        """
        utterance = await self.prepare(what)
        onset_s = await self.answer_voice(within_s=within_s)
        return await self._play(utterance, onset_s + after_s, True, interrupts=True)

    async def answer_voice(self, *, within_s: float = 10) -> float:
        """When the first sound of the current or next answer is heard, on the time line."""
        answer = self._current()
        while answer is None or answer.voice_start_s is None:
            await self._waits.event(
                lambda event: event.type == "heard.voice_started",
                within_s,
                "the sound of an answer",
                from_start=False,
            )
            answer = self._current()
        return answer.voice_start_s

    async def prepare(self, what: Sayable) -> Utterance:
        """Load or synthesise what will be said, off the event loop."""
        if isinstance(what, Utterance):
            return what
        if isinstance(what, AudioClip):
            return await self._tools.offload(from_clip, what)
        return await self._tools.offload(_load, what, self._tools.synthesiser)

    async def mute(self, muted: bool = True) -> None:
        """The microphone's own switch: silence goes out, whatever is being said."""
        await self.line.microphone.set_muted(muted)
        self._recorder.note("microphone.mute", {"muted": muted}, self.now_s)

    async def end_turn(self) -> None:
        """End the user's turn by hand (where turn detection is off) and ask for an answer."""
        for event in self._wire.end_turn():
            await self.send_event(event)

    async def answer_tool(self, name: str, output: str, within_s: float = 10) -> None:
        """Give the result of the tool that was called last under this name, and go on.

        Waits until the response that called it is over: a server refuses another one before.

        Raises:
            ExpectationFailed: the tool was not called.
        """
        calls = [
            e for e in self.events("tool.called").take_available() if e.data.get("name") == name
        ]
        if not calls:
            raise ExpectationFailed(
                f"The tool “{name}” was not called.",
                expected=f"a call of {name} before its result",
                found=what_came(self._recorder.events.snapshot()),
            )
        called = calls[-1]
        await self._waits.event(
            lambda e: e.type == "answer.ended" and e.t_s >= called.t_s,
            within_s,
            "the end of the response that called the tool",
        )
        for event in self._wire.tool_result(str(called.data["call_id"]), output):
            await self.send_event(event)

    async def send_event(self, event: dict[str, Any]) -> None:
        """Send a protocol event through the line's own data channel."""
        await self.line.send_text(self._wire.label, json.dumps(event))

    async def silence(self, duration_s: float) -> None:
        """Say nothing for so long, on the time line."""
        await self.until(self.now_s + duration_s)

    # --- hearing --------------------------------------------------------------------------

    async def answer(self, within_s: float = 15) -> HeardAnswer:
        """The next answer, once it is over: transcript and what was really heard.

        Raises:
            ExpectationFailed: none was over in time; the message says what came instead.
        """
        over = await self._waits.taken(self._over, within_s, "an answer that is over")
        answer = next(
            a for a in self._recorder.tracker.answers if a.answer_id == over.data["answer_id"]
        )
        return await self._measured(answer)

    def events(self, pattern: str = "*", *, from_start: bool = True) -> EventReader[CallEvent]:
        """Every event whose type matches the glob, from the beginning or from now."""
        return self._recorder.events.reader(
            from_start=from_start, match=lambda event: event.matches(pattern)
        )

    def states(self, *, from_start: bool = True) -> EventReader[CallEvent]:
        """Connection, ICE, gathering and signalling states of the peer connections."""
        return self.events("peer_connection.state", from_start=from_start)

    async def stats(self, every_s: float = 1.0) -> AsyncIterator[dict[str, Any]]:
        """getStats reports of the peer connections, at most one each ``every_s``."""
        last_s = float("-inf")
        async for event in self.events("stats", from_start=False):
            if event.t_s - last_s >= every_s * 0.9:
                last_s = event.t_s
                yield dict(event.data)

    def heard(self, *, from_start: bool = True) -> EventReader[AudioFrames]:
        """What is heard: 48 kHz mono float32 frames with their time."""
        return self.line.heard.reader(from_start=from_start)

    async def expect(
        self, pattern: str, within_s: float = 10, *, from_start: bool = True
    ) -> CallEvent:
        """The first event whose type matches the glob.

        Raises:
            ExpectationFailed: it did not come; the message lists what came instead.
        """
        return await self._waits.event(
            lambda event: event.matches(pattern), within_s, f"an event “{pattern}”", from_start
        )

    async def next_of(
        self, reader: EventReader[CallEvent], within_s: float, what: str
    ) -> CallEvent:
        """The reader's next event, or an `ExpectationFailed` that says what came instead."""
        return await self._waits.taken(reader, within_s, what)

    async def user_transcript(self, within_s: float = 10) -> str | None:
        """What the server understood of the latest user turn; None where it does not say.

        Transcription runs beside the answer and may come after it.
        """
        turns = self.events("user.committed").take_available()
        if not turns:
            return None
        turn_id = str(turns[-1].data.get("turn_id"))
        try:
            await self._waits.event(
                lambda e: e.type.startswith("user.transcript") and e.data["turn_id"] == turn_id,
                within_s,
                "a transcript of the user's turn",
            )
        except ExpectationFailed:
            return None
        return self._recorder.user_transcripts.get(turn_id)

    # --- time and state -------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        """Now, on the time line."""
        return self.line.timeline.python_to_s(self._clock.now_s())

    @property
    def answers(self) -> list[Answer]:
        """All answers so far, as they are known."""
        return list(self._recorder.tracker.answers)

    @property
    def user_transcripts(self) -> dict[str, str]:
        """What the server understood the user to say, by turn."""
        return dict(self._recorder.user_transcripts)

    @property
    def recorder(self) -> CallRecorder:
        return self._recorder

    async def until(self, t_s: float) -> None:
        """Wait until the time line reaches ``t_s``.

        Raises:
            PeerLost: the call was lost, or hung up on either side.
            PageClosed, PageCrashed: the page went away.
        """
        await self._waits.until(t_s)

    async def hang_up(self) -> None:
        """Close the call: as our page does, by leaving another page, or by closing the line."""
        self._recorder.hanging_up = True
        self._recorder.note("call.hang_up", {}, self.now_s)
        await self.line.hang_up()

    # --- inside ---------------------------------------------------------------------------

    async def _play(
        self, utterance: Utterance, at_s: float | None, wait: bool, *, interrupts: bool
    ) -> Said:
        played = await self.line.microphone.play(utterance.clip, at_s=at_s, gain=utterance.gain)
        said = Said(utterance, played.start_s)
        self._said.append(said)
        self._recorder.note(
            "microphone.clip",
            {
                "clip": utterance.name,
                "text": utterance.text,
                "file": _shown(utterance.file),
                "start_s": said.start_s,
                "end_s": said.end_s,
                "speech_start_s": said.speech_start_s,
                "speech_end_s": said.speech_end_s,
                "converted": utterance.converted,
                "interrupts": interrupts,
            },
            said.start_s,
        )
        if wait:
            await self.until(said.end_s)
        return said

    def _current(self) -> Answer | None:
        open_answers = [a for a in self._recorder.tracker.answers if a.over_s is None]
        return open_answers[-1] if open_answers else None

    async def _measured(self, answer: Answer) -> HeardAnswer:
        voice = await self._tools.offload(self._listen_again, answer)
        if voice is not None:
            facts = {"text": voice.words, "start_s": voice.start_s, "end_s": voice.end_s}
            self._recorder.note(
                "heard.recognised", {"answer_id": answer.answer_id, **facts}, self.now_s
            )
        return measured(answer, voice, self._said)

    def _listen_again(self, answer: Answer) -> Voice | None:
        """Where voice is in the answer's part of the recording, and what it says."""
        until_s = answer.over_s if answer.over_s is not None else self._recorder.heard_until_s
        from_s = heard_from_s(answer, self._recorder.tracker.answers)
        clip = heard_between(self.line.heard.snapshot(), from_s, until_s)
        return listen_again(clip, from_s, self._tools)


def _is_spoken_answer(event: CallEvent) -> bool:
    return event.type == "answer.over" and bool(event.data.get("spoken"))


def _load(what: str | Path, synthesiser: Synthesiser) -> Utterance:
    """A string with spaces that is no file is a text to speak."""
    if isinstance(what, str) and " " in what and not Path(what).exists():
        return from_text(what, synthesiser)
    return with_speech(from_file(what))


def _shown(file: str | None) -> str | None:
    """A path as people would write it: relative to where they are, if it is below."""
    if file is None:
        return None
    path, here = Path(file).resolve(), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file
