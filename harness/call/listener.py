"""The answers of a running call: waited for, heard, and noted.

What belongs to whom and how long the wait was is computed in `harness.score`, by the functions
that the report uses; what was found is noted for it ("answer.judged", "heard.own_voice").
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.call.call_sounds import CallSounds
from harness.call.callers import Caller
from harness.call.events import CallEvent
from harness.call.heard_answer import (
    HeardAnswer,
    Said,
    Voice,
    listen_again,
    measured,
    why_unheard,
)
from harness.call.next_answer import NextAnswer
from harness.call.recorder import CallRecorder
from harness.call.sent_words import SentWords, sent_words
from harness.call.user_turn import UserTurn
from harness.call.waits import CallWaits
from harness.errors import ExpectationFailed
from harness.facts.answers import AnswerJudged, AnswerRecognised
from harness.facts.call import OwnVoiceHeard
from harness.line.interface import Line
from harness.score.answer_remarks import restarted, taken_back
from harness.score.answers import Answer
from harness.score.heard_voices import EDGE_S, CallSound, OwnVoice
from harness.score.no_answer import (
    Quiet,
    emptiness_of,
    failure_of,
    is_own,
    voice_in,
    words_of,
)
from harness.score.second_answers import ASKING_EVENTS, asks_on_page, calls_at_once, second_answers
from harness.score.still_speaking import speaking_since
from harness.score.turns import turn_ends
from harness.score.voices import is_played
from harness.speech.spans import Span
from harness.speech.tools import SpeechTools


class Listener:
    """Hears the answers of one call.

    Args:
        said: what the user said so far; the call adds to it.
        caller: the user, among the users of other calls; whose words are no answers.
        now: gives the time on the call's timeline.
    """

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        waits: CallWaits,
        tools: SpeechTools,
        said: Sequence[Said],
        caller: Caller,
        now: Callable[[], float],
    ) -> None:
        self._recorder = recorder
        self._waits = waits
        self._tools = tools
        self._said = said
        self._now = now
        self._sounds = CallSounds(line, recorder, tools, said, caller)
        self.next = NextAnswer(lambda: self.answers, lambda: self._sounds.turns, self._turn_ends)
        """Which answer is next; to be told what the user does."""

        self._copies: list[str] = []
        self._looked_at: set[str] = set()
        """Ids of what only ears know, and that was compared with what the user said."""

        self._own: list[Span] = []
        """Where the user's own voice came back, as far as it was noted."""

    @property
    def answers(self) -> list[Answer]:
        """All answers so far, as they are known."""
        return list(self._recorder.tracker.answers)

    @property
    def current(self) -> Answer | None:
        """The answer that is being given; what is heard before events tell of it is one, too."""
        open_answers = [a for a in self.answers if a.over_s is None and not self._may_be_own(a)]
        return open_answers[-1] if open_answers else None

    # --- answers --------------------------------------------------------------------------

    async def answer(self, within_s: float) -> HeardAnswer:
        """The next answer to what the user did last, once it is over.

        Raises:
            ExpectationFailed: none was over in time; the message says what came instead.
        """
        loop = asyncio.get_running_loop()
        until_s = loop.time() + within_s
        while True:
            answer = await self._next_over(max(0.0, until_s - loop.time()), within_s)
            await self.note_own_voices()
            self.next.taken.add(answer.answer_id)
            heard = await self._heard(answer)
            if heard is not None:
                return heard

    async def note_own_voices(self) -> None:
        """Note where the user's own voice came back, of what is over and only ears know.

        Such a voice begins within the user's turn, so nobody waits for it as for an answer.
        """
        for answer in self.answers:
            is_new = answer.over_s is not None and answer.answer_id not in self._looked_at
            if is_new and self._may_be_own(answer):
                self._looked_at.add(answer.answer_id)
                around = await self._tools.offload(self._sounds.voices, answer)
                self._note_own(around.own)

    async def answer_voice(self, within_s: float) -> float:
        """When the current or next answer is first heard, on the timeline; raises as `answer`."""
        answer = self.current
        while answer is None or answer.voice_start_s is None:
            await self._waits.event(
                lambda event: event.type == "heard.voice_started",
                within_s,
                "the sound of an answer",
                from_start=False,
            )
            answer = self.current
        return answer.voice_start_s

    async def no_answer(self, within_s: float, acted_s: float) -> str | None:
        """Listen for so long, on the timeline; what voice was heard, in words, or None."""
        from_s = self._now()
        await self._waits.until(from_s + within_s)
        spoke_until_s = self._said[-1].speech_end_s if self._said else None
        quiet = Quiet(from_s, self._now(), acted_s, spoke_until_s)
        own = await self._tools.offload(self._sounds.own_voices, acted_s)
        remarks = await self._tools.offload(self._sounds.remarks, acted_s)
        return voice_in(quiet, self.answers, self.next.taken, [each.span for each in own], remarks)

    async def sound_without_voice(self, from_s: float) -> str | None:
        """What was heard since then beside voices (music, a tone), in words; None: nothing."""
        return await self._tools.offload(self._sounds.without_voice, from_s)

    async def user_transcript(self, said: Said | None, within_s: float) -> str | None:
        """What the other side understood of that, from the call's beginning where it is None."""
        turn = UserTurn(said.speech_start_s, said.speech_end_s) if said else UserTurn(0.0, 0.0)
        for event in self._recorder.events.snapshot():
            turn.on_call_event(event)
        if not turn.is_told:
            what = "a transcript of the user's turn"
            with contextlib.suppress(ExpectationFailed):
                await self._waits.event(turn.completed_by, within_s, what, False)
        settle_s = self._recorder.channels.protocol.words_settle_s
        with contextlib.suppress(ExpectationFailed):  # words in fragments: no last one is marked
            while (left_s := turn.settled_at_s(settle_s) - self._now()) > 0:
                await self._waits.event(turn.grown_by, left_s, "more words of the user", False)
        return turn.text

    async def sent_words(self, said: Span) -> SentWords:
        """What was sent of something the user said, by our own ear."""
        events = self._recorder.events.snapshot()
        return await self._tools.offload(sent_words, self._sounds, said, events)

    def second_answers(self) -> list[str]:
        """The turns that were answered twice, in words."""
        events = self._recorder.events.snapshot()
        asked_s = [event.t_s for event in events if event.type in ASKING_EVENTS]
        found = second_answers(
            self.answers,
            self._sounds.turns,
            self._turn_ends(),
            [*self.next.asks_s, *asked_s, *asks_on_page(events, self.answers)],
            self.next.taken,
        )
        calls = calls_at_once(events)
        why = f" (the page held {calls} calls at once)" if calls > 1 else ""
        return [text + why for text in found]

    # --- inside ---------------------------------------------------------------------------

    def _turn_ends(self) -> list[float]:
        return turn_ends(self._recorder.events.snapshot())

    def _of(self, event: CallEvent) -> Answer | None:
        return next((a for a in self.answers if a.answer_id == event.data.get("answer_id")), None)

    async def _next_over(self, left_s: float, within_s: float) -> Answer:
        def fits(event: CallEvent) -> bool:
            if event.type != "answer.over" or not event.data.get("spoken"):
                return False
            answer = self._of(event)
            return answer is not None and self.next.is_next(answer)

        try:
            over = await self._waits.event(fits, left_s, "an answer that is over", since=0)
        except ExpectationFailed as error:
            own = await self._tools.offload(self._sounds.own_voices, self._spoke_from_s)
            if (found := await self._instead(within_s, own)) is None:
                raise
            raise ExpectationFailed(
                error.message, expected=error.expected, found=found, hint=error.hint
            ) from error.__cause__
        answer = self._of(over)
        assert answer is not None
        return answer

    async def _instead(self, within_s: float, own: Sequence[OwnVoice]) -> str | None:
        """What was heard, when the next answer was not over in time."""
        ours = [each.span for each in own]
        if found := self.next.instead(within_s, ours, self._still_speaking(within_s, ours)):
            return found
        if own:
            return own[0].in_words
        return self._copies[-1] if self._copies else await self._no_voice()

    def _still_speaking(self, within_s: float, ours: Sequence[Span]) -> str | None:
        """Who has been speaking since before the wait that is over now, and is no answer to it."""
        since = speaking_since(self._recorder.events.snapshot())
        if since is None or since[0] >= self._now() - within_s:
            return None
        answer = next((a for a in self.answers if a.answer_id == since[1]), None)
        if answer is None or is_own(answer, ours):
            return None
        return (
            f"somebody has been speaking since {since[0]:.3f} s, before this wait began, and still "
            f"was: {words_of(answer)}"
        )

    async def _no_voice(self) -> str | None:
        """What there was in place of an answer's voice, where the next one has no word, either."""
        events = self._recorder.events.snapshot()
        for answer in reversed(self.answers):
            if (why := failure_of(answer)) is not None and self.next.is_next(answer):
                return why
            if answer.audio_started_s is not None and self.next.is_next(answer):
                sound = self._sounds.since(answer.began_s)
                why = await self._tools.offload(why_unheard, answer, sound)
                return f"an answer came, with no transcript and no voice: {why}"
            if (empty := emptiness_of(answer, events)) is not None and self.next.is_next(answer):
                return empty
        if not self._said:
            return None
        return await self.sound_without_voice(self._said[-1].speech_end_s)

    def _late_echoes(self, sound: CallSound, spans: Sequence[Span]) -> list[Span]:
        """Those of the stretches that are a user's words again while no answer is played."""
        found = []
        for span in spans:
            if is_played(span, self.answers) or not (copied := self._sounds.copied(sound, [span])):
                continue
            found.append(span)
            self._copies.append(f"a voice was heard at {span.start_s:.3f} s, and {copied}")
            voice_back = OwnVoiceHeard(span.start_s, span.end_s, copied=copied)
            self._recorder.note(voice_back, self._now())
        return found

    def _note_own(self, own: Sequence[OwnVoice]) -> None:
        for each in own:
            if not any(each.span.start_s < known.end_s and known.start_s < each.span.end_s
                       for known in self._own):  # fmt: skip
                self._own.append(each.span)
                delay_s = round(each.delay_s, 3)
                voice_back = OwnVoiceHeard(each.span.start_s, each.span.end_s, delay_s)
                self._recorder.note(voice_back, self._now())

    def _may_be_own(self, answer: Answer) -> bool:
        """Heard while the user spoke, and no event tells of it: perhaps the user's own voice."""
        start_s = answer.voice_start_s
        if not answer.known_by_ear_alone or start_s is None:
            return False
        return any(t.start_s - EDGE_S <= start_s < t.end_s for t in self._sounds.turns)

    async def _heard(self, answer: Answer) -> HeardAnswer | None:
        """What was heard of an answer; None where it is a user's voice and no event tells of it."""
        around = await self._tools.offload(self._sounds.voices, answer)
        sound, spans, others = around.sound, around.mine, around.others
        self._note_own(around.own)
        if not spans and answer.known_by_ear_alone and around.own:
            return None
        late = await self._tools.offload(self._late_echoes, sound, spans)
        spans, others = [s for s in spans if s not in late], [*others, *late]
        if not spans and late and answer.known_by_ear_alone:
            return None
        copied = await self._tools.offload(self._sounds.copied, sound, spans)
        voice = await self._tools.offload(listen_again, sound, spans, others, self._tools)
        unheard = "" if voice else why_unheard(answer, sound, others)
        heard = replace(
            measured(answer, voice, self._said, self._turn_ends(), unheard, self._sounds.clock_s),
            copied=copied,
            ahead_s=self._sounds.ahead_s(self._now()),
            remark=restarted(answer, self.answers)
            or taken_back(answer, self.answers, self._sounds.turns)
            or "",
        )
        received_s = None
        if voice is not None:
            received_s = await self._tools.offload(self._sounds.received_s, sound, voice.start_s)
        self._note(heard, voice, received_s)
        return heard

    def _note(self, heard: HeardAnswer, voice: Voice | None, received_s: float | None) -> None:
        if voice is not None:
            recognised = AnswerRecognised(heard.answer_id, voice.words, voice.start_s, voice.end_s)
            self._recorder.note(recognised, self._now())
        judged = AnswerJudged(
            answer_id=heard.answer_id,
            spans=[[span.start_s, span.end_s] for span in voice.spans] if voice else [],
            uncertainties=[
                [span.start_uncertainty_s, span.end_uncertainty_s]
                for span in (voice.spans if voice else ())
            ],
            voice_to_voice_s=heard.voice_to_voice_s,
            voice_to_voice_uncertainty_s=heard.voice_to_voice_uncertainty_s,
            unheard=heard.unheard,
            copied=heard.copied,
            remark=heard.remark,
            received_s=None if received_s is None else round(received_s, 5),
        )
        self._recorder.note(judged, self._now())

    @property
    def _spoke_from_s(self) -> float:
        return self._said[-1].start_s if self._said else self._now()
