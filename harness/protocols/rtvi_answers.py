"""Answers of an RTVI bot: when each begins, what it says, when it is over.

The standard has no answers. It has a model that starts and stops, a voice that starts and stops
(and pauses between two sentences), and texts of several kinds, of which a bot may send some. An
answer begins with the first sign of any; it has ended when the model has stopped and the voice is
silent, or with an interruption.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.facts.dialogue import (
    AnswerAudioCleared,
    AnswerAudioStarted,
    AnswerAudioStopped,
    AnswerEnded,
    AnswerStarted,
    AnswerText,
    DialogueFact,
)

_Data = Mapping[str, Any]
_Told = Iterable[DialogueFact]

SPOKEN = ("bot-tts-text", "tts-raw-text", "bot-output")
"""Texts of an answer that were said; what is nearest to it comes first."""

WRITTEN = ("bot-transcription", "bot-llm-text", "llm-raw-text")
"""Texts of an answer that the model wrote."""

SPELLED = frozenset({"bot-llm-text", "llm-raw-text"})
"""Their pieces are parts of words, with their spaces; the others are whole words or sentences."""


@dataclass(slots=True)
class _Answer:
    answer_id: str
    texts: dict[str, str] = field(default_factory=dict)
    segments: dict[Any, str] = field(default_factory=dict)
    """What was said of each sentence of its "bot-output", by their ids."""

    unsaid: set[Any] = field(default_factory=set)
    """The sentences that are not said to their end yet."""

    told: str | None = None
    """The kind of text that is told piece by piece: the one that came first."""

    spoke: bool = False
    called: bool = False
    """Whether a tool was called: such an answer is over without a word."""

    @property
    def text(self) -> str:
        return self._first((*SPOKEN, *WRITTEN)).strip()

    @property
    def is_all_spoken(self) -> bool:
        """Whether all that the model wrote was said, as far as both are told."""
        written = self._first(("bot-llm-text", "llm-raw-text")).split()
        if not written:
            return bool(self.segments) and not self.unsaid
        return self._first(SPOKEN).split() == written

    def _first(self, kinds: Iterable[str]) -> str:
        return next((self.texts[kind] for kind in kinds if kind in self.texts), "")


class RtviAnswers:
    """Follows the bot's side of one call."""

    def __init__(self) -> None:
        self._count = 0
        self._answer: _Answer | None = None
        self._is_writing = False
        self._is_synthesising = False
        self._is_speaking = False
        self.user_speaks = False
        """Whether the user does now, as the bot tells."""

    def tool_called(self) -> None:
        """The model calls a tool in the answer of now."""
        if self._answer is not None:
            self._answer.called = True

    def on_message(self, kind: str, data: _Data) -> _Told:
        """What a message of the bot means; most mean nothing here.

        Raises:
            KeyError: it lacks what it must have.
        """
        match kind:
            case "bot-llm-started":
                yield from self._llm_started()
            case "bot-llm-stopped":
                self._is_writing = False
                yield from self._end_if_over()
            case "bot-tts-started":
                self._is_synthesising = True
            case "bot-tts-stopped":
                self._is_synthesising = False
                yield from self._end_if_over()
            case "bot-started-speaking":
                yield from self._voice_started()
            case "bot-stopped-speaking":
                yield from self._voice_stopped()
            case "bot-interrupted":
                yield from self._cut()
            case "bot-output" if isinstance(data.get("spoken_progress"), Mapping):
                yield from self._sentence(data, data["spoken_progress"])
            case "bot-output":
                if _was_spoken(data):
                    yield from self._text(kind, str(data["text"]))
            case _ if kind in SPOKEN or kind in WRITTEN:
                yield from self._text(kind, str(data["text"]))

    def _llm_started(self) -> _Told:
        # A tool's result makes the model start again: one answer, unless it has been spoken.
        if self._answer is not None and self._answer.spoke and not self._is_speaking:
            yield from self._end("completed")
        yield from self._begin()
        self._is_writing = True

    def _voice_started(self) -> _Told:
        yield from self._begin()
        assert self._answer is not None
        self._is_speaking = self._answer.spoke = True
        yield AnswerAudioStarted(self._answer.answer_id)

    def _voice_stopped(self) -> _Told:
        if self._answer is None or not self._is_speaking:
            return
        if self.user_speaks and not self._answer.is_all_spoken:
            yield from self._cut()  # older bots tell no interruption
            return
        self._is_speaking = False
        yield AnswerAudioStopped(self._answer.answer_id)
        yield from self._end_if_over()

    def _cut(self) -> _Told:
        """An interruption is told whenever the user begins; it cuts what there is."""
        self._is_writing = self._is_synthesising = False
        if self._answer is None:
            return
        if self._answer.spoke:
            yield AnswerAudioCleared(self._answer.answer_id)
        self._is_speaking = False
        yield from self._end("cancelled", "interrupted")

    def _text(self, kind: str, text: str) -> _Told:
        yield from self._begin()
        answer = self._answer
        assert answer is not None
        before = answer.texts.get(kind, "")
        gap = " " if before and kind not in SPELLED and not text.startswith(" ") else ""
        answer.texts[kind] = f"{before}{gap}{text}"
        answer.told = answer.told or kind
        if answer.told == kind:
            yield AnswerText(answer.answer_id, f"{gap}{text}")

    def _sentence(self, data: _Data, progress: _Data) -> _Told:
        """A sentence of the answer, and how far it was said: told again with each of its words.

        That it is new may come behind its words: bots keep that back until they speak.
        """
        sentence, said = data["segment_id"], str(progress["accumulated_text"])
        yield from self._begin()
        answer = self._answer
        assert answer is not None
        before = answer.texts.get("bot-output", "")
        if sentence not in answer.segments:
            answer.unsaid.add(sentence)
        answer.segments[sentence] = max(said, answer.segments.get(sentence, ""), key=len)
        if data.get("spoken_status") == "completed":
            answer.unsaid.discard(sentence)
        parts = (part.strip() for part in answer.segments.values())
        text = answer.texts["bot-output"] = " ".join(part for part in parts if part)
        if not said:
            return
        answer.told = answer.told or "bot-output"
        if answer.told == "bot-output" and text.startswith(before) and text != before:
            yield AnswerText(answer.answer_id, text.removeprefix(before))

    def _begin(self) -> _Told:
        if self._answer is None:
            self._count += 1
            self._answer = _Answer(f"answer-{self._count}")
            yield AnswerStarted(self._answer.answer_id)

    def _end_if_over(self) -> _Told:
        answer = self._answer
        if answer is None or self._is_writing or self._is_synthesising or self._is_speaking:
            return
        if answer.spoke or answer.called:
            yield from self._end("completed")

    def _end(self, status: str, reason: str | None = None) -> _Told:
        answer, self._answer = self._answer, None
        if answer is not None:
            yield AnswerEnded(answer.answer_id, status, reason, answer.text)


def _was_spoken(data: _Data) -> bool:
    """Whether it tells words that were said; the same words come before, as what will be."""
    if "spoken_status" in data:
        return bool(data["spoken_status"] == "completed")
    return bool(data.get("spoken", True))
