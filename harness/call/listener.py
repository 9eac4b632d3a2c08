"""The answers of a running call: which one is next, what was heard of it, and whether any came.

What belongs to whom and how long the wait was is computed in `harness.score`, by the functions
that the report uses; what was found is noted for it ("answer.judged", "heard.own_voice").
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.call.callers import Caller
from harness.call.events import CallEvent
from harness.call.heard_answer import (
    HeardAnswer,
    Said,
    Voice,
    heard_between,
    listen_again,
    measured,
    sound_beside,
    why_unheard,
)
from harness.call.recorder import CallRecorder
from harness.call.waits import CallWaits
from harness.errors import ExpectationFailed
from harness.line.interface import Line
from harness.score.answer_remarks import restarted, taken_back
from harness.score.answers import Answer
from harness.score.copied_voice import copy_of
from harness.score.heard_voices import (
    EDGE_S,
    CallSound,
    OwnVoice,
    answers_voices,
    own_voices,
    piece_start_s,
    spans_in,
)
from harness.score.no_answer import Quiet, is_own, voice_in, words_of
from harness.score.second_answers import calls_at_once, second_answers
from harness.score.still_speaking import speaking_since
from harness.score.turns import SAME_MOMENT_S, turn_ends, turn_of_answer
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
        self._line = line
        self._recorder = recorder
        self._waits = waits
        self._tools = tools
        self._said = said
        self._caller = caller
        self._now = now
        self._taken: set[str] = set()
        self._old: set[str] = set()
        self._interrupted: str | None = None
        self._asks_s: list[float] = []
        self._asked_s = -math.inf
        self._copies: list[str] = []

    @property
    def answers(self) -> list[Answer]:
        """All answers so far, as they are known."""
        return list(self._recorder.tracker.answers)

    @property
    def current(self) -> Answer | None:
        """The answer that is being given; what is heard before events tell of it is one, too."""
        open_answers = [a for a in self.answers if a.over_s is None and not self._may_be_own(a)]
        return open_answers[-1] if open_answers else None

    # --- what the user does ---------------------------------------------------------------

    def user_asks(self, now_s: float) -> None:
        """The user asks for an answer by hand: what is given from here on answers that."""
        self._asks_s.append(now_s)
        self._asked_s = now_s

    def user_gives_result(self, now_s: float) -> None:
        """A tool has its result: what is over by now is old, what still sounds is not."""
        self._asks_s.append(now_s)
        self._old |= {answer.answer_id for answer in self.answers if answer.over_s is not None}

    def user_interrupts(self, answer: Answer | None) -> None:
        """The next answer to be given is this one, as far as it came."""
        self._interrupted = answer.answer_id if answer else None

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
            self._taken.add(answer.answer_id)
            heard = await self._heard(answer)
            if heard is not None:
                return heard

    async def no_answer(self, within_s: float, acted_s: float) -> str | None:
        """Listen for so long, on the timeline; what voice was heard, in words, or None."""
        from_s = self._now()
        await self._waits.until(from_s + within_s)
        spoke_until_s = self._said[-1].speech_end_s if self._said else None
        quiet = Quiet(from_s, self._now(), acted_s, spoke_until_s)
        own = await self._tools.offload(self._own_voices, acted_s)
        remarks = await self._tools.offload(self._remarks, acted_s)
        return voice_in(quiet, self.answers, self._taken, [each.span for each in own], remarks)

    async def sound_without_voice(self, from_s: float) -> str | None:
        """What was heard since then beside voices (music, a tone), in words; None: nothing."""
        return await self._tools.offload(self._sound_without_voice, from_s)

    def second_answers(self) -> list[str]:
        """The turns that were answered twice, in words."""
        events = self._recorder.events.snapshot()
        called_s = [event.t_s for event in events if event.type == "tool.called"]
        found = second_answers(
            self.answers, self._turns, self._ends_s, [*self._asks_s, *called_s], self._taken
        )
        calls = calls_at_once(events)
        why = f" (the page held {calls} calls at once)" if calls > 1 else ""
        return [text + why for text in found]

    # --- inside ---------------------------------------------------------------------------

    @property
    def _turns(self) -> list[Span]:
        return [said.speech for said in self._said]

    @property
    def _ends_s(self) -> list[float]:
        return turn_ends(self._recorder.events.snapshot())

    def _of(self, event: CallEvent) -> Answer | None:
        return next((a for a in self.answers if a.answer_id == event.data.get("answer_id")), None)

    async def _next_over(self, left_s: float, within_s: float) -> Answer:
        def fits(event: CallEvent) -> bool:
            if event.type != "answer.over" or not event.data.get("spoken"):
                return False
            answer = self._of(event)
            return answer is not None and self._is_next(answer)

        try:
            over = await self._waits.event(fits, left_s, "an answer that is over", since=0)
        except ExpectationFailed as error:
            own = await self._tools.offload(self._own_voices, self._spoke_from_s)
            if (found := self._instead(within_s, own) or await self._no_voice()) is None:
                raise
            raise ExpectationFailed(
                error.message, expected=error.expected, found=found, hint=error.hint
            ) from error.__cause__
        answer = self._of(over)
        assert answer is not None
        return answer

    def _is_next(self, answer: Answer) -> bool:
        """Whether it answers what the user did last, and was given to nobody."""
        if answer.answer_id in self._taken or answer.answer_id in self._old:
            return False
        if answer.answer_id == self._interrupted:
            return True
        if answer.interrupted and answer.voice_start_s is None:
            return False  # taken back before anybody heard it: the user went on after a pause
        turns = self._turns
        if self._asked_s >= (turns[-1].start_s if turns else 0.0):
            return answer.began_s >= self._asked_s - SAME_MOMENT_S
        return turn_of_answer(answer.began_s, turns, self._ends_s) == len(turns) - 1

    def _instead(self, within_s: float, own: Sequence[OwnVoice]) -> str | None:
        """What of answers there was, when the next one was not over in time."""
        ours = [each.span for each in own]
        left = [a for a in self.answers if a.answer_id not in self._taken and a.is_spoken]
        spoken = [a for a in left if not is_own(a, ours)]
        speaking = self._still_speaking(within_s, ours)
        for answer in spoken:
            if answer.over_s is None and self._is_next(answer):
                after_s = self._after_user_s(answer.voice_start_s or answer.began_s)
                heard = "" if answer.voice_start_s is not None else ", no sound of it was heard,"
                over = f"; {speaking}" if heard and speaking else ""
                return (
                    f"an answer began {after_s:.1f} s after the user's last sound{heard} and was "
                    f"not over after {within_s:g} s: {words_of(answer)}{over}"
                )
        if speaking:
            return speaking
        for answer in reversed(spoken):
            where = f"{words_of(answer)} (at {answer.voice_start_s or answer.began_s:.3f} s)"
            if turn_of_answer(answer.began_s, self._turns, self._ends_s) < 0:
                return f"none to what the user said; before it there was a greeting: {where}"
            return f"none to what the user did last; an answer to the turn before came: {where}"
        if own:
            return own[0].in_words
        return self._copies[-1] if self._copies else None

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
        for answer in reversed(self.answers):
            if answer.audio_started_s is not None and self._is_next(answer):
                sound = self._sound(answer.began_s, self._recorder.heard_until_s)
                why = await self._tools.offload(why_unheard, answer, sound)
                return f"an answer came, with no transcript and no voice: {why}"
        if not self._said:
            return None
        return await self.sound_without_voice(self._said[-1].speech_end_s)

    def _sound_without_voice(self, from_s: float) -> str | None:
        sound = self._sound(from_s, self._recorder.heard_until_s)
        return sound_beside(sound, from_s, spans_in(sound, self._tools.find_speech))

    def _copied(self, sound: CallSound, spans: Sequence[Span]) -> str:
        """Whose words these are in truth, said by a user and played again; "": nobody's."""
        copy = copy_of([sound.heard_in(span) for span in spans], self._caller.uttered)
        return copy.in_words if copy else ""

    def _late_echoes(self, sound: CallSound, spans: Sequence[Span]) -> list[Span]:
        """Those of the stretches that are a user's words again while no answer is played."""
        found = []
        for span in spans:
            if is_played(span, self.answers) or not (copied := self._copied(sound, [span])):
                continue
            found.append(span)
            self._copies.append(f"a voice was heard at {span.start_s:.3f} s, and {copied}")
            facts = {"start_s": span.start_s, "end_s": span.end_s, "copied": copied}
            self._recorder.note("heard.own_voice", facts, self._now())
        return found

    def _remarks(self, from_s: float) -> dict[str, str]:
        """What is to be known of the answers that were heard since then, by their ids."""
        remarks = {}
        for answer in self.answers:
            if answer.voice_start_s is None or (answer.over_s or math.inf) < from_s:
                continue
            sound, mine, _, _ = self._voices(answer)
            if remark := self._copied(sound, mine) or restarted(answer, self.answers):
                remarks[answer.answer_id] = remark
        return remarks

    def _after_user_s(self, t_s: float) -> float:
        return t_s - self._said[-1].speech_end_s if self._said else t_s

    def _may_be_own(self, answer: Answer) -> bool:
        """Heard while the user spoke, and no event tells of it: perhaps the user's own voice."""
        start_s = answer.voice_start_s
        if not answer.known_by_ear_alone or start_s is None:
            return False
        return any(t.start_s - EDGE_S <= start_s < t.end_s for t in self._turns)

    async def _heard(self, answer: Answer) -> HeardAnswer | None:
        """What was heard of an answer; None where it is a user's voice and no event tells of it."""
        sound, spans, others, own = await self._tools.offload(self._voices, answer)
        for each in own:
            facts = {"start_s": each.span.start_s, "end_s": each.span.end_s}
            facts["delay_s"] = round(each.delay_s, 3)
            self._recorder.note("heard.own_voice", facts, self._now())
        if not spans and answer.known_by_ear_alone and own:
            return None
        late = await self._tools.offload(self._late_echoes, sound, spans)
        spans, others = [s for s in spans if s not in late], [*others, *late]
        if not spans and late and answer.known_by_ear_alone:
            return None
        copied = await self._tools.offload(self._copied, sound, spans)
        voice = await self._tools.offload(listen_again, sound, spans, others, self._tools)
        unheard = "" if voice else why_unheard(answer, sound, others)
        heard = replace(
            measured(answer, voice, self._said, self._ends_s, unheard),
            copied=copied,
            remark=restarted(answer, self.answers)
            or taken_back(answer, self.answers, self._turns)
            or "",
        )
        self._note(heard, voice)
        return heard

    def _note(self, heard: HeardAnswer, voice: Voice | None) -> None:
        of = {"answer_id": heard.answer_id}
        if voice is not None:
            facts = {"text": voice.words, "start_s": voice.start_s, "end_s": voice.end_s}
            self._recorder.note("heard.recognised", {**of, **facts}, self._now())
        judged = {
            "spans": [[span.start_s, span.end_s] for span in voice.spans] if voice else [],
            "voice_to_voice_s": heard.voice_to_voice_s,
            "unheard": heard.unheard,
            "copied": heard.copied,
            "remark": heard.remark,
        }
        self._recorder.note("answer.judged", {**of, **judged}, self._now())

    def _voices(self, answer: Answer) -> tuple[CallSound, list[Span], list[Span], list[OwnVoice]]:
        """The sound around an answer; its voice in it, those of others, and our own."""
        until_s = answer.over_s if answer.over_s is not None else self._recorder.heard_until_s
        sound = self._sound(answer.began_s, until_s)
        spans = spans_in(sound, self._tools.find_speech)
        own = own_voices(sound, spans, self._turns, self.answers)
        owned = answers_voices(spans, own, self.answers)
        mine = owned.pop(answer.answer_id, [])
        others = [each for voice in owned.values() for each in voice]
        return sound, mine, [*others, *(each.span for each in own)], own

    @property
    def _spoke_from_s(self) -> float:
        return self._said[-1].start_s if self._said else self._now()

    def _own_voices(self, from_s: float) -> list[OwnVoice]:
        sound = self._sound(from_s, self._recorder.heard_until_s)
        spans = spans_in(sound, self._tools.find_speech)
        return own_voices(sound, spans, self._turns, self.answers)

    def _sound(self, first_sign_s: float, until_s: float) -> CallSound:
        from_s = piece_start_s(first_sign_s)
        heard = heard_between(self._line.heard.snapshot(), from_s, until_s)
        return CallSound(from_s, heard, heard_between(self._line.sent.snapshot(), from_s, until_s))
