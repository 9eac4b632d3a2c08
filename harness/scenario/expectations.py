"""What was expected against what happened: verdicts with the evidence for them.

Pure functions. Words are judged from what was heard: recognition of the recorded audio. The
transcript that the other side claims helps only where the audio as a whole bears it out, because
recognition itself errs on a word in thirty.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from typing import Any, Protocol

from harness.scenario.model import Expectation, ToolCall
from harness.score.latency import judge_latency
from harness.speech.words import character_error_rate, missing_words, normalise, word_error_rate

CONFIRMING_WER = 0.34
CONFIRMING_CER = 0.4
"""A transcript counts as heard where recognition of the audio differs from it in at most a third
of its words, or (one slip is much in a short sentence) in at most two fifths of its letters. A
recogniser's slips stay below that, another sentence is far above."""


class SpokenAnswer(Protocol):
    """What is judged of an answer."""

    @property
    def transcript(self) -> str: ...

    @property
    def recognised(self) -> str: ...

    @property
    def start_s(self) -> float | None: ...

    @property
    def unheard(self) -> str: ...

    @property
    def voice_to_voice_s(self) -> float | None: ...

    @property
    def interrupted(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """One expectation and its verdict."""

    kind: str
    text: str
    """The expectation, as a sentence."""

    passed: bool
    evidence: str
    """What was found, in words."""


def judge_answer(expected: Expectation, answer: SpokenAnswer) -> list[Judgement]:
    """Everything `expected` says about an answer, judged; one judgement each."""
    judgements: list[Judgement] = []
    if expected.words is not None:
        judgements.append(_judge_words(expected.words, answer))
    if expected.pattern is not None:
        judgements.append(_judge_pattern(expected.pattern, answer))
    if expected.not_words is not None:
        judgements.append(_judge_not_words(expected.not_words, answer))
    if expected.voice_to_voice_s is not None:
        judgements.append(_judge_latency(expected.voice_to_voice_s, answer))
    return judgements


def unanswered(expected: Expectation, found: str) -> list[Judgement]:
    """The same expectations where no answer came."""
    return [
        Judgement(kind, text, False, found)
        for kind, text in (
            ("words", _words_text(expected.words)),
            ("pattern", f"the answer matches “{expected.pattern}”" if expected.pattern else None),
            ("not_words", _not_words_text(expected.not_words)),
            ("voice_to_voice", _latency_text(expected.voice_to_voice_s)),
        )
        if text is not None
    ]


def judge_user_words(words: list[str], transcript: str | None) -> Judgement:
    """What the other side understood the user to say."""
    text = f"the user was understood to say {_listed(words)}"
    if transcript is None:
        return Judgement("user_words", text, False, "no transcript of the user's speech came")
    missing = missing_words(transcript, words)
    found = f"understood: “{transcript}”"
    return Judgement(
        "user_words",
        text,
        not missing,
        f"{found}; missing {_listed(missing)}" if missing else found,
    )


def judge_reaction(limit_s: float, reaction_s: float | None) -> Judgement:
    """How fast an interrupted answer fell silent."""
    text = f"the interrupted answer is silent within {limit_s:g} s"
    if reaction_s is None:
        return Judgement("barge_in", text, False, "the answer was not cut, or never heard")
    return Judgement(
        "barge_in", text, reaction_s <= limit_s, f"silent {reaction_s:.3f} s after the interruption"
    )


def judge_tool(expected: ToolCall, called: dict[str, Any]) -> Judgement:
    """Whether a tool call has the name and at least the arguments that were expected."""
    text = tool_text(expected)
    arguments = _parsed(called.get("arguments"))
    found = f"called {called.get('name')} with {arguments}"
    wanted = expected.arguments or {}
    holds = called.get("name") == expected.name and (
        not wanted
        or (isinstance(arguments, dict) and all(arguments.get(k) == v for k, v in wanted.items()))
    )
    return Judgement("tool", text, holds, found)


def tool_text(expected: ToolCall) -> str:
    """The expectation of a tool call as a sentence."""
    suffix = f" with {expected.arguments}" if expected.arguments else ""
    return f"the tool “{expected.name}” is called{suffix}"


def describe(expected: Expectation) -> str:
    """An expectation in one line, for people who watch."""
    parts = [
        _words_text(expected.words),
        f"the answer matches “{expected.pattern}”" if expected.pattern else None,
        _not_words_text(expected.not_words),
        _latency_text(expected.voice_to_voice_s),
        f"understood: {_listed(expected.user_words)}" if expected.user_words else None,
        f"event {expected.event}" if expected.event else None,
        tool_text(expected.tool) if expected.tool else None,
        "no answer" if expected.no_answer else None,
    ]
    return "; ".join(part for part in parts if part)


def heard_words(answer: SpokenAnswer) -> str:
    """The words that count as heard: recognised, or the transcript that the audio bears out."""
    if not answer.transcript or answer.interrupted or not answer.recognised:
        return answer.recognised
    if _bears_out(answer.recognised, answer.transcript):
        return f"{answer.recognised} {answer.transcript}"
    return answer.recognised


def _bears_out(recognised: str, transcript: str) -> bool:
    return (
        word_error_rate(transcript, recognised) <= CONFIRMING_WER
        or character_error_rate(transcript, recognised) <= CONFIRMING_CER
    )


def _judge_words(words: list[str], answer: SpokenAnswer) -> Judgement:
    missing = missing_words(heard_words(answer), words)
    evidence = _heard(answer)
    if missing:
        evidence += f"; missing {_listed(missing)}"
    return Judgement("words", _words_text(words) or "", not missing, evidence)


def _judge_not_words(words: list[str], answer: SpokenAnswer) -> Judgement:
    text = f"{answer.recognised} {answer.transcript}"
    present = [word for word in words if word not in missing_words(text, words)]
    evidence = _heard(answer) + (f"; found {_listed(present)}" if present else "")
    return Judgement("not_words", _not_words_text(words) or "", not present, evidence)


def _judge_pattern(pattern: str, answer: SpokenAnswer) -> Judgement:
    texts = [answer.recognised, normalise(answer.recognised)]
    if heard_words(answer) != answer.recognised:
        texts += [answer.transcript, normalise(answer.transcript)]
    passed = any(re.search(pattern, text, re.IGNORECASE) for text in texts)
    return Judgement("pattern", f"the answer matches “{pattern}”", passed, _heard(answer))


def _judge_latency(limit_s: float, answer: SpokenAnswer) -> Judgement:
    text = _latency_text(limit_s) or ""
    holds, evidence = judge_latency(
        limit_s, answer.voice_to_voice_s, answer.start_s, answer.unheard
    )
    return Judgement("voice_to_voice", text, holds, evidence)


def _parsed(arguments: Any) -> Any:
    """Arguments come as JSON text; what is none stays as it came."""
    if isinstance(arguments, str):
        with contextlib.suppress(ValueError):
            return json.loads(arguments)
    return arguments


def _heard(answer: SpokenAnswer) -> str:
    heard = f"heard “{answer.recognised}”" if answer.recognised else "heard no words"
    if answer.transcript and answer.transcript != answer.recognised:
        heard += f", transcript “{answer.transcript}”"
    return heard


def _words_text(words: list[str] | None) -> str | None:
    return f"the answer says {_listed(words)}" if words is not None else None


def _not_words_text(words: list[str] | None) -> str | None:
    return f"the answer does not say {_listed(words)}" if words is not None else None


def _latency_text(limit_s: float | None) -> str | None:
    if limit_s is None:
        return None
    return f"the answer starts within {limit_s:g} s of the user's last sound"


def _listed(words: list[str] | None) -> str:
    return ", ".join(f"“{word}”" for word in words or [])
