"""`FollowedCall`: what comes of a call, and when; its time and its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeVar, overload

from harness.call.callers import Caller, Callers
from harness.call.events import CallEvent, matching
from harness.call.expected_event import expected_event
from harness.call.heard_answer import HeardAnswer
from harness.call.listener import Listener
from harness.call.recorder import CallRecorder
from harness.call.sent_words import SentWords
from harness.call.so_far import findings_so_far, reports_every, stats_so_far
from harness.call.user_speech import UserSpeech
from harness.call.uses import Awaited
from harness.call.waits import CallWaits
from harness.clock import Clock
from harness.facts.call import CallHungUp
from harness.findings.finding import Finding
from harness.line.audio import AudioFrames
from harness.line.interface import Line
from harness.protocols.interface import VoiceProtocol
from harness.score.answers import Answer
from harness.score.call_stats import CallStats
from harness.speech.tools import Offload, SpeechTools
from harness.streams.event_stream import EventReader

F = TypeVar("F")


class FollowedCall(Awaited, written_as="call"):
    """What of a call is heard, told and measured, beside what its user does: the base of `Call`."""

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
        caller = caller or Callers().join("call")
        self._speech = UserSpeech(line, recorder, tools, caller, self._now)
        said = self._speech.said
        self._listener = Listener(line, recorder, self._waits, tools, said, caller, self._now)

    def _now(self) -> float:
        return self.now_s

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

    async def note_own_voices(self) -> None:
        """Note where the user's own voice came back, for who awaits no answer."""
        await self._listener.note_own_voices()

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
