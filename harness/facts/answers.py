"""Facts of answers as they were heard: when they were over, what was recognised, who judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.facts.fact import HarnessFact


@dataclass(frozen=True, slots=True)
class AnswerRecognised(HarnessFact):
    """What recognition hears in an answer."""

    type: ClassVar[Literal["heard.recognised"]] = "heard.recognised"

    answer_id: str
    """Of which answer."""

    text: str
    """Its words."""

    start_s: float
    """Its first voiced sample, seconds."""

    end_s: float
    """Its last voiced sample, seconds."""


@dataclass(frozen=True, slots=True)
class AnswerOver(HarnessFact):
    """An answer is done, and nothing of it is heard any more."""

    type: ClassVar[Literal["answer.over"]] = "answer.over"

    answer_id: str
    """Which answer."""

    spoken: bool
    """Whether it was one to be heard."""


@dataclass(frozen=True, slots=True)
class AnswerJudged(HarnessFact):
    """Where an answer's voice is, listened to again when it was over."""

    type: ClassVar[Literal["answer.judged"]] = "answer.judged"

    answer_id: str
    """Which answer."""

    spans: list[list[float]]
    """Where its voice is: [start, end], each in seconds."""

    voice_to_voice_s: float | None
    """From the user's last voiced sample to its first, seconds; null without both."""

    unheard: str
    """Why no voice was heard, in words; "" where one was."""

    copied: str
    """Whose voice it is in truth, in words: what a user said, played again; else ""."""

    remark: str
    """What else is to be known of it, in words; else ""."""

    uncertainties: list[list[float | None]] | None = None
    """How far each edge of ``spans`` may be off in 95 of 100 cases, in seconds; null: not known."""

    voice_to_voice_uncertainty_s: float | None = None
    """How far ``voice_to_voice_s`` may be off in 95 of 100 cases, in seconds; absent: not known."""

    received_s: float | None = None
    """When its first voiced sample came on a remote track, seconds; absent: not found there."""


@dataclass(frozen=True, slots=True)
class SpeechRated(HarnessFact):
    """How a known clip sounded where it arrived."""

    type: ClassVar[Literal["speech.rated"]] = "speech.rated"

    where: Literal["heard", "received"]
    """heard: of an answer, by the user; received: of the user, by the server."""

    reference: str
    """The clip's name."""

    answer_id: str | None
    """Of which answer; null for the user's words."""

    pesq: float | None
    """How it sounds: PESQ wide band, 1.0 to 4.64; null: it finds no utterance."""

    stoi: float
    """How much of it can be understood: STOI, 0 to 1."""

    likeness: float
    """Normalised correlation with the clip where it was found, 0 to 1."""


AnswerFact = AnswerRecognised | AnswerOver | AnswerJudged | SpeechRated
