"""Judgements of how speech sounds: answers as heard, the user as the server received them."""

from __future__ import annotations

from collections.abc import Mapping

from harness.audio.clip import AudioClip
from harness.audio.speech_quality import SpeechQuality, speech_quality
from harness.call.call import Call, HeardAnswer, Said
from harness.call.look_back import sound_between
from harness.call.received_audio import ReceivedAudio
from harness.facts.answers import SpeechRated
from harness.scenario.quality_bounds import USER_TEXT, AnswerQuality, QualityBounds
from harness.score.judgement import Judgement

AROUND_S = 1.0
"""Around what is judged: a clip may have silence, and a way may take time."""

ARRIVES_S = 0.7
"""So long after its last sample all of a clip has reached the server."""


class QualityJudge:
    """The ear of one run for quality.

    Args:
        call: the conversation.
        references: recordings that answers are compared with, by the names that steps give.
        received: what the server received; None: nobody tells.
    """

    def __init__(
        self,
        call: Call,
        references: Mapping[str, AudioClip],
        received: ReceivedAudio | None = None,
    ) -> None:
        self._call = call
        self._references = references
        self._received = received
        self._said: Said | None = None

    def on_said(self, said: Said) -> None:
        """What the user says last, with its place."""
        self._said = said

    async def answer(self, wanted: AnswerQuality, answer: HeardAnswer) -> Judgement:
        """An answer against the recording that it plays."""
        if answer.start_s is None or answer.end_s is None:
            return Judgement(
                "quality", wanted.sentence, False, f"nothing was heard: {answer.unheard}"
            )
        read, line = self._call.recorder.recordings.read_heard, self._call.line
        from_s = max(0.0, answer.start_s - AROUND_S)
        heard = sound_between(line.heard, read, from_s, answer.end_s + AROUND_S)
        reference = self._references[wanted.reference]
        rated = await self._call.offload(speech_quality, reference, heard)
        self._note("heard", wanted.reference, from_s, rated, answer.answer_id)
        return _judged(wanted, wanted.sentence, wanted.reference, rated)

    async def user(self, wanted: QualityBounds) -> Judgement:
        """What the user said last, as the server received it."""
        text, said = f"{USER_TEXT} {wanted.in_words}", self._said
        if said is None:
            return Judgement("user_quality", text, False, "nothing was said yet", in_doubt=True)
        await self._call.until(said.end_s + ARRIVES_S)
        came = "nobody tells what it received"
        if self._received is not None:
            lasts_s = self._call.now_s - said.start_s + AROUND_S
            found = await self._received.latest(lasts_s)
            if isinstance(found, AudioClip):
                utterance = said.utterance
                rated = await self._call.offload(speech_quality, utterance.clip, found)
                self._note("received", utterance.name, said.speech_start_s, rated)
                return _judged(wanted, text, utterance.name, rated, "user_quality")
            came = found
        return Judgement("user_quality", text, False, came, in_doubt=True)

    def _note(
        self,
        where: str,
        reference: str,
        from_s: float,
        rated: SpeechQuality | None,
        answer_id: str | None = None,
    ) -> None:
        if rated is None:
            return
        fact = SpeechRated(
            where="heard" if where == "heard" else "received",
            reference=reference,
            answer_id=answer_id,
            pesq=None if rated.pesq is None else round(rated.pesq, 3),
            stoi=round(rated.stoi, 4),
            likeness=round(rated.likeness, 4),
        )
        self._call.recorder.note(fact, from_s)


def _judged(
    wanted: QualityBounds,
    text: str,
    reference: str,
    rated: SpeechQuality | None,
    kind: str = "quality",
) -> Judgement:
    if rated is None:
        found = f"“{reference}” was not found in it, or is shorter than 0.5 s"
        return Judgement(kind, text, False, found, in_doubt=True)
    pesq = "PESQ finds no utterance" if rated.pesq is None else f"PESQ {rated.pesq:.2f}"
    found = f"{pesq}, STOI {rated.stoi:.3f} against “{reference}”"
    holds = [rated.stoi >= wanted.stoi_at_least] if wanted.stoi_at_least is not None else []
    if wanted.pesq_at_least is not None:
        if rated.pesq is None:
            return Judgement(kind, text, False, found, in_doubt=True)
        holds.append(rated.pesq >= wanted.pesq_at_least)
    return Judgement(kind, text, all(holds), found)
