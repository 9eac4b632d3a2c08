"""`Call`: what a test does with a call, whatever engine holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.call.background_noise import BackgroundNoise
from harness.call.bad_network import change_network
from harness.call.call_context import CallContext
from harness.call.callers import Caller
from harness.call.cut_in import Interrupter
from harness.call.followed_call import FollowedCall
from harness.call.heard_answer import HeardAnswer, Said
from harness.call.microphone_changes import change_microphone
from harness.call.protocol_acts import ProtocolActs
from harness.call.recorder import CallRecorder
from harness.call.user_speech import Sayable
from harness.call.utterance import Utterance
from harness.clock import Clock
from harness.errors import UsageError
from harness.line.interface import Line
from harness.line.microphone_access import MicrophoneAccess
from harness.line.microphone_wish import MicrophoneLike
from harness.line.noise import MadeNoise, Noise
from harness.line.page_microphone import change_access
from harness.network.wish import NetworkChange
from harness.speech.tools import SpeechTools

__all__ = ["Call", "HeardAnswer", "Said", "Sayable"]


class Call(FollowedCall):
    """A call, from open to hang-up, on any engine's line. Made by `open_call` and its like."""

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        tools: SpeechTools,
        clock: Clock,
        caller: Caller | None = None,
    ) -> None:
        super().__init__(line, recorder, tools, clock, caller)
        speech, listener, now = self._speech, self._listener, self._now
        self._noise = BackgroundNoise(line, recorder, tools, speech.said, now)
        self._interrupter = Interrupter(line, recorder, speech, listener, self.user_acts)
        self._acts = ProtocolActs(line, recorder, self._waits, listener, self.user_acts, now)
        self._context = CallContext(line, recorder, self._acts.send, now, self._acts.user_asks)
        self.uses = self._context.uses

    @property
    def page(self) -> Any:
        """The page of a call in a browser, see `harness.engines.browser.call.BrowserCall`.

        Raises:
            UsageError: this engine has no page.
        """
        raise UsageError(
            "This call has no page.",
            expected="a call in a browser",
            found=f"the engine “{self.line.capabilities.engine}”",
        )

    # --- speaking -------------------------------------------------------------------------

    async def say(
        self,
        what: Sayable,
        *,
        at_s: float | None = None,
        wait: bool = True,
        queue: bool = False,
        at_frame: int | None = None,
    ) -> Said:
        """Speak into the microphone.

        Args:
            what: an audio file or fixture name, a clip, or an `Utterance`. A string that is no file
                and has several words (or is “Yes.”) is synthesised; a `SpokenText` has a voice.
            at_s: when to start, on the timeline; as soon as possible where absent.
            wait: come back when the last sample was sent; else when the first has its place.
            queue: begin at the very sample behind what is being said.
            at_frame: in place of ``at_s``, a number as `AudioFrames.frame` of ``line.sent``.

        Raises:
            FixtureError, SpeechError: no such file, or not audio; no voice, or it failed.
            PeerLost, PageClosed, PageCrashed: the call or its page went away.
        """
        utterance = await self.prepare(what)
        self.user_acts()
        said = await self._speech.play(
            utterance, at_s, interrupts=False, at_frame=at_frame, queue=queue
        )
        if wait:
            await self.until(said.end_s)
        return said

    async def interrupt(self, what: Sayable, *, after_s: float, within_s: float = 10) -> Said:
        """Speak into the next answer: the voice cuts in ``after_s`` after its first sound.

        Silence that the clip begins with is taken off. Where that moment has passed, it cuts in
        at once; "microphone.clip" in the trace says how late (``late_s``).

        Raises:
            ExpectationFailed: no answer was heard within ``within_s``.
        """
        utterance = await self.prepare(what)
        said = await self._interrupter.interrupt(
            utterance, after_s, lambda: self.answer_voice(within_s=within_s)
        )
        await self.until(said.end_s)
        return said

    async def answer_voice(self, *, within_s: float = 10) -> float:
        """When the current or next answer is first heard, on the timeline; raises as `answer`."""
        return await self._listener.answer_voice(within_s)

    async def prepare(self, what: Sayable) -> Utterance:
        """Load or synthesise what will be said, off the event loop; raises as `say` does."""
        return await self._speech.prepare(what)

    async def mute(self, muted: bool = True) -> None:
        """The microphone's own switch: silence goes out, whatever is being said."""
        await self._speech.mute(muted)

    async def noise(self, noise: Noise | MadeNoise, *, beside_dbfs: float | None = None) -> None:
        """Another noise behind what is said: "cafe", "off", {"file": …, "snr_db": 10}.

        Args:
            beside_dbfs: the speech's level; absent: that of the last thing said, or -26 dBFS.

        Raises:
            UsageError, FixtureError: no such noise; a file that is missing, no audio, or silent.
        """
        await self._noise.change(noise, beside_dbfs)

    async def change_microphone(self, microphone: MicrophoneLike) -> None:
        """What the microphone does to its sound from here on; what is not named it does not do.

        Args:
            microphone: {"gain_db": -12, "telephone": True}, as a scenario's `microphone`; "clean".

        Raises:
            UsageError: there is no such microphone.
        """
        offload = self._tools.offload
        await change_microphone(self.line, self._recorder, microphone, offload, self._now)

    async def stop_speaking(self, *, fade_ms: float = 20.0) -> None:
        """Say no more: what is being said fades out, and what was to come does not."""
        await self._speech.stop(fade_ms / 1000)

    async def set_microphone(self, access: MicrophoneAccess) -> None:
        """Whether the page gets its microphone now ("none": not); UsageError without a page."""
        await change_access(self.line, access)

    async def end_turn(self) -> None:
        """End the user's turn by hand (where turn detection is off) and ask for an answer."""
        await self._acts.end_turn()

    async def type_text(self, text: str) -> None:
        """Write a message, as in a chat beside the call, and ask for an answer.

        Where the call has a context, it is an item of its thread.

        Raises:
            UsageError: the page's protocol has no written messages.
            ContextError: it cannot be kept; nothing was sent.
        """
        await self._acts.type_text(text, self._context)

    async def answer_tool(self, name: str, output: str, within_s: float = 10) -> None:
        """Give the result of the tool that was called last under this name, and go on.

        Waits until the response that called it is over: a server refuses another one before.

        Raises:
            ExpectationFailed: the tool was not called.
        """
        await self._acts.answer_tool(name, output, within_s)

    async def send_event(self, event: dict[str, Any]) -> None:
        """Send a protocol event through the line's own channel; HarnessError where it is closed."""
        await self._acts.send_event(event)

    @property
    def context(self) -> CallContext:
        """What the call knows from before and keeps for later: to be bound, changed, released."""
        return self._context

    async def change_network(self, to: str | Mapping[str, Any] | NetworkChange) -> None:
        """Another network between the page and its remote peers from here on.

        Args:
            to: a profile's name, as "good-wifi"; or what changes, as {"loss": "10%"}.

        Raises:
            UsageError: no such network, or the call was opened without one.
            NetworkFailed: its relay has ended.
        """
        await change_network(self.line, to)

    async def silence(self, duration_s: float) -> None:
        """Say nothing for so many seconds of the timeline; raises as `until` does."""
        await self.until(self.now_s + duration_s)
