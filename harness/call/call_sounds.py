"""The sound of both sides of a call while it lasts: whose voice is where.

Whose it is, is computed in `harness.score`, by the functions that the report uses. What is asked
here reads audio and takes some time: ask it in a worker thread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from harness.audio.clip import AudioClip
from harness.call.callers import Caller
from harness.call.heard_answer import Said, heard_between, sound_beside
from harness.call.look_back import sound_between
from harness.call.recorder import CallRecorder
from harness.line.interface import Line
from harness.score.answer_remarks import restarted
from harness.score.answers import Answer
from harness.score.copied_voice import copy_of
from harness.score.heard_voices import (
    CallSound,
    OwnVoice,
    answers_voices,
    own_voices,
    piece_start_s,
    spans_in,
)
from harness.score.page_delay import AFTER_S, BEFORE_S, LONGEST_S, page_delay_s
from harness.speech.spans import Span
from harness.speech.tools import SpeechTools


@dataclass(frozen=True, slots=True)
class VoicesAround:
    """The voices that were heard around an answer, on the call's timeline."""

    sound: CallSound

    mine: list[Span]
    """The answer's."""

    others: list[Span]
    """Those of other answers, and the user's own."""

    own: list[OwnVoice]
    """The user's own that came back, with what they are a copy of."""


class CallSounds:
    """What was heard and said in one call, so far.

    Args:
        said: what the user said so far; the call adds to it.
        caller: the user, among the users of other calls; whose words are no answers.
    """

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        tools: SpeechTools,
        said: Sequence[Said],
        caller: Caller,
    ) -> None:
        self._line = line
        self._recorder = recorder
        self._tools = tools
        self._said = said
        self._caller = caller

    @property
    def answers(self) -> list[Answer]:
        """All answers so far, as they are known."""
        return list(self._recorder.tracker.answers)

    @property
    def turns(self) -> list[Span]:
        """From the first to the last voiced sample of each thing the user said."""
        return [said.speech for said in self._said]

    @property
    def clock_s(self) -> float:
        """How far heard audio may be off on the timeline."""
        return self._line.timeline.audio_uncertainty_s

    def ahead_s(self, now_s: float) -> float:
        """How far what was heard stands ahead of now; 0 where it does not, as a rule.

        A call that runs in real time, in a process that was held up, has its timeline stand still.
        """
        if not self._line.capabilities.is_real_time:
            return 0.0
        return max(0.0, round(self._recorder.heard_until_s - now_s, 3))

    def since(self, first_sign_s: float) -> CallSound:
        """Both sides from a little before this moment until now."""
        return self._between(first_sign_s, self._recorder.heard_until_s)

    def voices(self, answer: Answer) -> VoicesAround:
        """The sound around an answer; its voice in it, those of others, and our own."""
        until_s = answer.over_s if answer.over_s is not None else self._recorder.heard_until_s
        sound = self._between(answer.began_s, until_s)
        spans = spans_in(sound, self._tools.find_speech)
        own = own_voices(sound, spans, self.turns, self.answers)
        owned = answers_voices(spans, own, self.answers)
        mine = owned.pop(answer.answer_id, [])
        others = [each for voice in owned.values() for each in voice]
        return VoicesAround(sound, mine, [*others, *(each.span for each in own)], own)

    def received_s(self, sound: CallSound, start_s: float) -> float | None:
        """When a voice that is heard from then on came on a remote track; None: not found there.

        Without a page nothing lies between the two, and nothing is to be told.
        """
        if self._line.received is self._line.heard:
            return None
        around = Span(max(sound.from_s, start_s - BEFORE_S - LONGEST_S), start_s + AFTER_S)
        received = heard_between(self._line.received.snapshot(), around.start_s, around.end_s)
        delay_s = page_delay_s(received, sound.heard_in(around), start_s - around.start_s)
        return None if delay_s is None else start_s - delay_s

    def own_voices(self, from_s: float) -> list[OwnVoice]:
        """The voices heard since then that are the user's own, come back."""
        sound = self.since(from_s)
        spans = spans_in(sound, self._tools.find_speech)
        return own_voices(sound, spans, self.turns, self.answers)

    def copied(self, sound: CallSound, spans: Sequence[Span]) -> str:
        """Whose words these are in truth, said by a user and played again; "": nobody's."""
        copy = copy_of([sound.heard_in(span) for span in spans], self._caller.uttered)
        return copy.in_words if copy else ""

    def remarks(self, from_s: float) -> dict[str, str]:
        """What is to be known of the answers that were heard since then, by their ids."""
        remarks = {}
        for answer in self.answers:
            if answer.voice_start_s is None or (answer.over_s or math.inf) < from_s:
                continue
            around = self.voices(answer)
            if remark := self.copied(around.sound, around.mine) or restarted(answer, self.answers):
                remarks[answer.answer_id] = remark
        return remarks

    def without_voice(self, from_s: float) -> str | None:
        """What was heard since then beside voices (music, a tone), in words; None: nothing."""
        sound = self.since(from_s)
        return sound_beside(sound, from_s, spans_in(sound, self._tools.find_speech))

    def sent_words(self, span: Span) -> str:
        """What our recogniser understands of what the microphone produced there."""
        clip = self._sent_between(span.start_s, span.end_s)
        return self._tools.recogniser.recognise(clip.samples, clip.sample_rate_hz).strip()

    def _between(self, first_sign_s: float, until_s: float) -> CallSound:
        from_s = piece_start_s(first_sign_s)
        heard = self._heard_between(from_s, until_s)
        return CallSound(from_s, heard, self._sent_between(from_s, until_s))

    def _heard_between(self, from_s: float, until_s: float) -> AudioClip:
        read = self._recorder.recordings.read_heard
        return sound_between(self._line.heard, read, from_s, until_s)

    def _sent_between(self, from_s: float, until_s: float) -> AudioClip:
        read = self._recorder.recordings.read_sent
        return sound_between(self._line.sent, read, from_s, until_s)
