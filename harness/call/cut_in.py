"""Interruption of an answer, by the line's audio thread where it can, else by the detector."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from harness.audio.clip import CALL_RATE_HZ
from harness.call.heard_answer import Said
from harness.call.listener import Listener
from harness.call.recorder import CallRecorder
from harness.call.user_speech import UserSpeech
from harness.call.utterance import Utterance, begun_later
from harness.errors import ExpectationFailed, HarnessError
from harness.facts.microphone import CutInDecided
from harness.line.cut_in import CutIn, CutsIn, Planned
from harness.line.interface import Line

SAME_S = 0.3
"""Two findings of one onset, by level and by the detector, lie no farther apart; as the page has it
(``SAME_FRAMES`` of web/audio/cut-in.js)."""


class Interrupter:
    """The user of one call, where they speak into answers.

    Args:
        user_acts: to be told when the user begins to speak.
    """

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        speech: UserSpeech,
        listener: Listener,
        user_acts: Callable[[], None],
    ) -> None:
        self._line = line
        self._recorder = recorder
        self._speech = speech
        self._listener = listener
        self._user_acts = user_acts

    async def interrupt(
        self, utterance: Utterance, after_s: float, answer_voice: Callable[[], Awaitable[float]]
    ) -> Said:
        """Begin to speak so long after the answer's first sound.

        Args:
            answer_voice: waits for the answer's voice; raises where none comes.

        Raises:
            ExpectationFailed: no answer was heard, so what has not been said is not; or the page's
                audio thread took another sound for the answer, and the user spoke before that.
        """
        current = self._listener.current
        planned = None
        if current is None or current.voice_start_s is None:
            planned = await self._plan(utterance, after_s)
        try:
            onset_s = await answer_voice()
        except BaseException:  # also a wait that is cancelled: it must not speak later
            if planned is not None:
                with contextlib.suppress(HarnessError):  # what ended the wait is the verdict
                    await asyncio.shield(planned.drop())
            raise
        self._listener.next.user_interrupts(self._listener.current)
        self._user_acts()
        decided = None if planned is None else await planned.settle(onset_s)
        if decided is None:
            at_s = onset_s + after_s - utterance.speech_start_s
            late_s = min(max(0.0, self._speech.now_s - at_s), utterance.speech_start_s)
            shorter = begun_later(utterance, late_s) if late_s else utterance
            return await self._speech.play(shorter, at_s + late_s, interrupts=True)
        said = self._speech.began(utterance, decided.played, interrupts=True)
        self._note(decided, said, after_s)
        if decided.onset_s < onset_s - SAME_S and said.speech_start_s < onset_s:
            raise _spoke_to_another_sound(decided.onset_s, said.speech_start_s, onset_s)
        return said

    async def _plan(self, utterance: Utterance, after_s: float) -> Planned | None:
        microphone = self._line.microphone
        if not isinstance(microphone, CutsIn):
            return None
        last = self._speech.last
        since_s = last.speech_end_s if last is not None else 0.0
        lead_s = utterance.speech_start_s
        return await microphone.cut_in(utterance.clip, after_s, lead_s, since_s, utterance.gain)

    def _note(self, decided: CutIn, said: Said, after_s: float) -> None:
        lead = round(said.utterance.speech_start_s * CALL_RATE_HZ)
        fact = CutInDecided(
            asked_s=after_s,
            onset_s=decided.onset_s,
            onset_frame=decided.onset_frame,
            cut_in_s=said.speech_start_s,
            cut_in_frame=decided.played.start_frame + lead,
            by_sound=decided.by_sound,
        )
        self._recorder.note(fact, said.speech_start_s)


def _spoke_to_another_sound(sound_s: float, spoke_s: float, onset_s: float) -> ExpectationFailed:
    return ExpectationFailed(
        "The user spoke before the answer began: another sound of the page was taken for it.",
        expected="the answer to be the first that is heard after the user's last words",
        found=f"another sound, {onset_s - sound_s:.3f} s before the answer, was taken for it: the "
        f"user spoke {onset_s - spoke_s:.3f} s before the answer began",
        hint="a chime, a ringback tone or another connection sounds first: expect or wait for that "
        "before the interruption, or cut in later than it is long",
    )
