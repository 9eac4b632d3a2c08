"""Calls, each step waited for.

Written by `python -m harness.sync_api.generate`: do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, overload

from harness.call.call import Call as _Call
from harness.engines.browser.attach import AttachedCall as _AttachedCall
from harness.sync_api.loop import Runner
from harness.sync_api.parts import CallContext
from harness.sync_api.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.call.events import CallEvent
    from harness.call.followed_call import F
    from harness.call.heard_answer import HeardAnswer, Said
    from harness.call.sent_words import SentWords
    from harness.call.user_speech import Sayable
    from harness.findings.finding import Finding
    from harness.line.audio import AudioFrames
    from harness.line.microphone_access import MicrophoneAccess
    from harness.line.microphone_wish import MicrophoneLike
    from harness.line.noise import MadeNoise, Noise
    from harness.network.wish import NetworkChange
    from harness.protocols.interface import VoiceProtocol
    from harness.score.answers import Answer
    from harness.score.call_stats import CallStats


class Call:
    """A call, from open to hang-up, on any engine's line. Made by `open_call` and its like."""

    def __init__(self, wrapped: _Call, runner: Runner) -> None:
        self._wrapped = wrapped
        self._runner = runner

    def say(
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
        return self._runner.run(
            self._wrapped.say(what, at_s=at_s, wait=wait, queue=queue, at_frame=at_frame)
        )

    def interrupt(self, what: Sayable, *, after_s: float, within_s: float = 10) -> Said:
        """Speak into the next answer: the voice cuts in ``after_s`` after its first sound.

        Silence that the clip begins with is taken off. Where that moment has passed, it cuts in
        at once; "microphone.clip" in the trace says how late (``late_s``).

        Raises:
            ExpectationFailed: no answer was heard within ``within_s``.
        """
        return self._runner.run(self._wrapped.interrupt(what, after_s=after_s, within_s=within_s))

    def answer_voice(self, *, within_s: float = 10) -> float:
        """When the current or next answer is first heard, on the timeline; raises as `answer`."""
        return self._runner.run(self._wrapped.answer_voice(within_s=within_s))

    def mute(self, muted: bool = True) -> None:
        """The microphone's own switch: silence goes out, whatever is being said."""
        self._runner.run(self._wrapped.mute(muted))

    def noise(self, noise: Noise | MadeNoise, *, beside_dbfs: float | None = None) -> None:
        """Another noise behind what is said: "cafe", "off", {"file": …, "snr_db": 10}.

        Args:
            beside_dbfs: the speech's level; absent: that of the last thing said, or -26 dBFS.

        Raises:
            UsageError, FixtureError: no such noise; a file that is missing, no audio, or silent.
        """
        self._runner.run(self._wrapped.noise(noise, beside_dbfs=beside_dbfs))

    def change_microphone(self, microphone: MicrophoneLike) -> None:
        """What the microphone does to its sound from here on; what is not named it does not do.

        Args:
            microphone: {"gain_db": -12, "telephone": True}, as a scenario's `microphone`; "clean".

        Raises:
            UsageError: there is no such microphone.
        """
        self._runner.run(self._wrapped.change_microphone(microphone))

    def stop_speaking(self, *, fade_ms: float = 20.0) -> None:
        """Say no more: what is being said fades out, and what was to come does not."""
        self._runner.run(self._wrapped.stop_speaking(fade_ms=fade_ms))

    def set_microphone(self, access: MicrophoneAccess) -> None:
        """Whether the page gets its microphone now ("none": not); UsageError without a page."""
        self._runner.run(self._wrapped.set_microphone(access))

    def end_turn(self) -> None:
        """End the user's turn by hand (where turn detection is off) and ask for an answer."""
        self._runner.run(self._wrapped.end_turn())

    def type_text(self, text: str) -> None:
        """Write a message, as in a chat beside the call, and ask for an answer.

        Where the call has a context, it is an item of its thread.

        Raises:
            UsageError: the page's protocol has no written messages.
            ContextError: it cannot be kept; nothing was sent.
        """
        self._runner.run(self._wrapped.type_text(text))

    def answer_tool(self, name: str, output: str, within_s: float = 10) -> None:
        """Give the result of the tool that was called last under this name, and go on.

        Waits until the response that called it is over: a server refuses another one before.

        Raises:
            ExpectationFailed: the tool was not called.
        """
        self._runner.run(self._wrapped.answer_tool(name, output, within_s))

    def send_event(self, event: dict[str, Any]) -> None:
        """Send a protocol event through the line's own channel; HarnessError where it is closed."""
        self._runner.run(self._wrapped.send_event(event))

    @property
    def context(self) -> CallContext:
        """What the call knows from before and keeps for later: to be bound, changed, released."""
        return CallContext(self._runner.read(lambda: self._wrapped.context), self._runner)

    def change_network(self, to: str | Mapping[str, Any] | NetworkChange) -> None:
        """Another network between the page and its remote peers from here on.

        Args:
            to: a profile's name, as "good-wifi"; or what changes, as {"loss": "10%"}.

        Raises:
            UsageError: no such network, or the call was opened without one.
            NetworkFailed: its relay has ended.
        """
        self._runner.run(self._wrapped.change_network(to))

    def silence(self, duration_s: float) -> None:
        """Say nothing for so many seconds of the timeline; raises as `until` does."""
        self._runner.run(self._wrapped.silence(duration_s))

    def answer(self, within_s: float = 15) -> HeardAnswer:
        """The next answer to what the user did last, once it is over, and what was heard of it.

        An answer to an earlier turn, a greeting from before the user spoke, and the user's own
        voice coming back are none; after `interrupt` the interrupted answer comes first.

        Raises:
            ExpectationFailed: none was over in time; the message says what came instead.
        """
        return self._runner.run(self._wrapped.answer(within_s))

    def no_answer(self, within_s: float) -> str | None:
        """Listen for so long, on the timeline; what voice was heard, in words, or None.

        An answer that came since the user's last action counts, too, unless `answer` has given it.
        """
        return self._runner.run(self._wrapped.no_answer(within_s))

    def sound_without_voice(self, from_s: float) -> str | None:
        """What was heard since then beside voices (music, a tone), in words; None: nothing."""
        return self._runner.run(self._wrapped.sound_without_voice(from_s))

    def second_answers(self) -> list[str]:
        """The turns that were answered twice so far, in words."""
        return self._runner.read(lambda: self._wrapped.second_answers())

    @overload
    def events(self, what: str = "*", *, from_start: bool = True) -> Reader[CallEvent]: ...

    @overload
    def events(self, what: type[F], *, from_start: bool = True) -> Reader[CallEvent[F]]: ...

    def events(
        self, what: str | type[Any] = "*", *, from_start: bool = True
    ) -> Reader[CallEvent[Any]]:
        """Every event of this kind, from the beginning or from now.

        Args:
            what: a glob that the type matches; or a class of `harness.facts`, and then each
                event's ``fact`` is of that class.

        Raises:
            UsageError: a class that no event of a call has.
        """
        return Reader(
            self._runner.read(
                lambda: cast("Any", self._wrapped).events(what, from_start=from_start)
            ),
            self._runner,
        )

    def states(self, *, from_start: bool = True) -> Reader[CallEvent]:
        """Connection, ICE, gathering and signalling states of the peer connections."""
        return Reader(
            self._runner.read(lambda: self._wrapped.states(from_start=from_start)), self._runner
        )

    def stats_reports(self, every_s: float = 1.0) -> Reader[dict[str, Any]]:
        """getStats reports of the peer connections from now on, at most one each ``every_s``."""
        return Reader(self._runner.read(lambda: self._wrapped.stats_reports(every_s)), self._runner)

    def heard(self, *, from_start: bool = True) -> Reader[AudioFrames]:
        """What is heard, from a minute back or from now: 48 kHz mono float32, with its place."""
        return Reader(
            self._runner.read(lambda: self._wrapped.heard(from_start=from_start)), self._runner
        )

    def why_unheard(self, from_s: float, until_s: float) -> str | None:
        """Why the page let its user hear nothing of what it received, in words; None otherwise."""
        return self._runner.read(lambda: self._wrapped.why_unheard(from_s, until_s))

    def expect(self, pattern: str, within_s: float = 10, *, from_start: bool = False) -> CallEvent:
        """The first event whose type matches the glob and that is news.

        News is what came since the user's last action began (see `user_acts`), and what no other
        `expect` has taken.

        Args:
            within_s: how long to wait for one that has not come yet.
            from_start: every event of the call counts, also an old or a taken one.

        Raises:
            ExpectationFailed: it did not come; the message lists what came instead.
        """
        return self._runner.run(self._wrapped.expect(pattern, within_s, from_start=from_start))

    def user_acts(self) -> None:
        """The user does something now: what came until here is no news to `expect` any more.

        Saying, interrupting, sending, ending the turn, giving a tool's result, hanging up and
        clicks on our own page do this themselves; a click on another page is told so.
        """
        self._runner.read(lambda: self._wrapped.user_acts())

    def user_transcript(self, within_s: float = 10) -> str | None:
        """What the server understood of what the user said last; None where it does not say.

        Waits for the transcripts of every turn that was committed since then: a pause may have
        made two turns of one utterance. Transcription runs beside the answer and may come after it.
        """
        return self._runner.run(self._wrapped.user_transcript(within_s))

    def sent_words(self) -> SentWords | None:
        """What the user said last, as it was sent, by our own ear; None: nothing was said yet.

        For a page whose protocol tells no words of the user (see `protocol`).
        """
        return self._runner.run(self._wrapped.sent_words())

    @property
    def now_s(self) -> float:
        """Now, on the timeline."""
        return self._runner.read(lambda: self._wrapped.now_s)

    @property
    def answers(self) -> list[Answer]:
        """All answers so far, as they are known."""
        return self._runner.read(lambda: self._wrapped.answers)

    @property
    def stats(self) -> CallStats:
        """Rates from getStats until now, over the call or a window: for assertions."""
        return self._runner.read(lambda: self._wrapped.stats)

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the call until now, the gravest first; see docs/findings.md."""
        return self._runner.read(lambda: self._wrapped.findings)

    @property
    def user_transcripts(self) -> dict[str, str]:
        """What the server understood the user to say, by turn."""
        return self._runner.read(lambda: self._wrapped.user_transcripts)

    @property
    def protocol(self) -> VoiceProtocol:
        """The adapter of the voice protocol: the named or recognised one, else by ear alone."""
        return self._runner.read(lambda: self._wrapped.protocol)

    def until(self, t_s: float) -> None:
        """Wait until the timeline reaches ``t_s``.

        Raises:
            PeerLost: the call was lost, or hung up on either side.
            PageClosed, PageCrashed: the page went away.
        """
        self._runner.run(self._wrapped.until(t_s))

    def hang_up(self) -> None:
        """Close the call: as our page does, by leaving another page, or by closing the line."""
        self._runner.run(self._wrapped.hang_up())


class AttachedCall(Call):
    """`Call`, of a page that a test opened. Made by `listen`."""

    def __init__(self, wrapped: _AttachedCall, runner: Runner) -> None:
        super().__init__(wrapped, runner)
        self._wrapped: _AttachedCall = wrapped

    @property
    def page(self) -> Any:
        """The page is the caller's own.

        Raises:
            UsageError: always.
        """
        return self._runner.read(lambda: self._wrapped.page)

    def connected(self, within_s: float = 20) -> None:
        """Wait until the page's call is up; made by whatever the test does on the page.

        Args:
            within_s: for the page to ask for its microphone, and again for the connection.

        Raises:
            HarnessError: it did not come up; says what the page did instead.
        """
        self._runner.run(self._wrapped.connected(within_s))

    def note_verdict(self, title: str, failure: str | None) -> None:
        """Write into the trace how the test went that this call belongs to.

        Args:
            title: of the test.
            failure: why it failed; None where it did not.
        """
        self._runner.read(lambda: self._wrapped.note_verdict(title, failure))
