"""`Call`: what a test does with a call, whatever engine holds it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeVar, overload

from harness.call.background_noise import BackgroundNoise
from harness.call.bad_network import change_network
from harness.call.call_context import CallContext
from harness.call.callers import Caller, Callers
from harness.call.cut_in import Interrupter
from harness.call.events import CallEvent, matching
from harness.call.expected_event import expected_event
from harness.call.heard_answer import HeardAnswer, Said
from harness.call.listener import Listener
from harness.call.microphone_changes import change_microphone
from harness.call.protocol_acts import ProtocolActs
from harness.call.recorder import CallRecorder
from harness.call.sent_words import SentWords
from harness.call.so_far import findings_so_far, reports_every, stats_so_far
from harness.call.user_speech import Sayable, UserSpeech
from harness.call.uses import Awaited
from harness.call.utterance import Utterance
from harness.call.waits import CallWaits
from harness.clock import Clock
from harness.errors import UsageError
from harness.facts.call import CallHungUp
from harness.findings.finding import Finding
from harness.line.audio import AudioFrames
from harness.line.interface import Line
from harness.line.microphone_access import MicrophoneAccess
from harness.line.microphone_wish import MicrophoneLike
from harness.line.noise import MadeNoise, Noise
from harness.line.page_microphone import change_access
from harness.network.wish import NetworkChange
from harness.protocols.interface import VoiceProtocol
from harness.score.answers import Answer
from harness.score.call_stats import CallStats
from harness.speech.tools import Offload, SpeechTools
from harness.streams.event_stream import EventReader

__all__ = ["Call", "HeardAnswer", "Said", "Sayable"]

F = TypeVar("F")


class Call(Awaited, written_as="call"):
    """A call, from open to hang-up, on any engine's line. Made by `open_call` and its like."""

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        tools: SpeechTools,
        clock: Clock,
        caller: Caller | None = None,
    ) -> None:
        self.line = line
        self._recorder = recorder
        self._tools, self._clock = tools, clock
        self._news = recorder.news
        self._waits = CallWaits(line, recorder, clock)
        caller, now = caller or Callers().join("call"), lambda: self.now_s
        self._speech = UserSpeech(line, recorder, tools, caller, now)
        said = self._speech.said
        self._noise = BackgroundNoise(line, recorder, tools, said, now)
        listener = self._listener = Listener(line, recorder, self._waits, tools, said, caller, now)
        self.note_own_voices = listener.note_own_voices  # for who awaits no answer
        self._interrupter = Interrupter(line, recorder, self._speech, listener, self.user_acts)
        self._acts = ProtocolActs(line, recorder, self._waits, self._listener, self.user_acts, now)
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
        await change_microphone(self.line, self._recorder, microphone, offload, lambda: self.now_s)

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

    # --- hearing --------------------------------------------------------------------------

    async def answer(self, within_s: float = 15) -> HeardAnswer:
        """The next answer to what the user did last, once it is over, and what was heard of it.

        An answer to an earlier turn, a greeting from before the user spoke, and the user's own
        voice coming back are none; after `interrupt` the interrupted answer comes first.

        Raises:
            ExpectationFailed: none was over in time; the message says what came instead.
        """
        return await self._listener.answer(within_s)

    async def no_answer(self, within_s: float) -> str | None:
        """Listen for so long, on the timeline; what voice was heard, in words, or None.

        An answer that came since the user's last action counts, too, unless `answer` has given it.
        """
        return await self._listener.no_answer(within_s, self._news.began_s or 0.0)

    async def sound_without_voice(self, from_s: float) -> str | None:
        """What was heard since then beside voices (music, a tone), in words; None: nothing."""
        return await self._listener.sound_without_voice(from_s)

    def second_answers(self) -> list[str]:
        """The turns that were answered twice so far, in words."""
        return self._listener.second_answers()

    @overload
    def events(self, what: str = "*", *, from_start: bool = True) -> EventReader[CallEvent]: ...

    @overload
    def events(self, what: type[F], *, from_start: bool = True) -> EventReader[CallEvent[F]]: ...

    def events(
        self, what: str | type[Any] = "*", *, from_start: bool = True
    ) -> EventReader[CallEvent[Any]]:
        """Every event of this kind, from the beginning or from now.

        Args:
            what: a glob that the type matches; or a class of `harness.facts`, and then each
                event's ``fact`` is of that class.

        Raises:
            UsageError: a class that no event of a call has.
        """
        return self._recorder.events.reader(from_start=from_start, match=matching(what))

    def states(self, *, from_start: bool = True) -> EventReader[CallEvent]:
        """Connection, ICE, gathering and signalling states of the peer connections."""
        return self.events("peer_connection.state", from_start=from_start)

    async def stats_reports(self, every_s: float = 1.0) -> AsyncIterator[dict[str, Any]]:
        """getStats reports of the peer connections from now on, at most one each ``every_s``."""
        async for report in reports_every(every_s, self.events("stats", from_start=False)):
            yield report

    def heard(self, *, from_start: bool = True) -> EventReader[AudioFrames]:
        """What is heard, from a minute back or from now: 48 kHz mono float32, with its place."""
        return self.line.heard.reader(from_start=from_start)

    def why_unheard(self, from_s: float, until_s: float) -> str | None:
        """Why the page let its user hear nothing of what it received, in words; None otherwise."""
        playback = self._recorder.playback
        return playback.why(from_s, until_s) if playback is not None else None

    async def expect(
        self, pattern: str, within_s: float = 10, *, from_start: bool = False
    ) -> CallEvent:
        """The first event whose type matches the glob and that is news.

        News is what came since the user's last action began (see `user_acts`), and what no other
        `expect` has taken.

        Args:
            within_s: how long to wait for one that has not come yet.
            from_start: every event of the call counts, also an old or a taken one.

        Raises:
            ExpectationFailed: it did not come; the message lists what came instead.
        """
        return await expected_event(self._waits, self._news, pattern, within_s, from_start)

    def user_acts(self) -> None:
        """The user does something now: what came until here is no news to `expect` any more.

        Saying, interrupting, sending, ending the turn, giving a tool's result, hanging up and
        clicks on our own page do this themselves; a click on another page is told so.
        """
        self._news.user_acts(self.now_s)

    async def next_of(
        self, reader: EventReader[CallEvent], within_s: float, what: str
    ) -> CallEvent:
        """The reader's next event, or an `ExpectationFailed` that says what came instead."""
        return await self._waits.taken(reader, within_s, what)

    async def user_transcript(self, within_s: float = 10) -> str | None:
        """What the server understood of what the user said last; None where it does not say.

        Waits for the transcripts of every turn that was committed since then: a pause may have
        made two turns of one utterance. Transcription runs beside the answer and may come after it.
        """
        return await self._listener.user_transcript(self._speech.last, within_s)

    async def sent_words(self) -> SentWords | None:
        """What the user said last, as it was sent, by our own ear; None: nothing was said yet.

        For a page whose protocol tells no words of the user (see `protocol`).
        """
        last = self._speech.last
        return None if last is None else await self._listener.sent_words(last.speech)

    # --- time and state -------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        """Now, on the timeline."""
        return self.line.timeline.python_to_s(self._clock.now_s())

    @property
    def answers(self) -> list[Answer]:
        """All answers so far, as they are known."""
        return self._listener.answers

    @property
    def stats(self) -> CallStats:
        """Rates from getStats until now, over the call or a window: for assertions."""
        return stats_so_far(self._recorder)

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the call until now, the gravest first; see docs/findings.md."""
        return findings_so_far(self._recorder)

    @property
    def user_transcripts(self) -> dict[str, str]:
        """What the server understood the user to say, by turn."""
        return dict(self._recorder.user_transcripts)

    @property
    def recorder(self) -> CallRecorder:
        """Keeps the trace and the recording of this call."""
        return self._recorder

    @property
    def protocol(self) -> VoiceProtocol:
        """The adapter of the voice protocol: the named or recognised one, else by ear alone."""
        return self._recorder.channels.protocol

    @property
    def offload(self) -> Offload:
        """Does blocking work, such as listening again, while the call goes on."""
        return self._tools.offload

    async def until(self, t_s: float) -> None:
        """Wait until the timeline reaches ``t_s``.

        Raises:
            PeerLost: the call was lost, or hung up on either side.
            PageClosed, PageCrashed: the page went away.
        """
        await self._waits.until(t_s)

    async def hang_up(self) -> None:
        """Close the call: as our page does, by leaving another page, or by closing the line."""
        self.user_acts()
        self._recorder.hanging_up = True
        self._recorder.note(CallHungUp(), self.now_s)
        await self.line.hang_up()
