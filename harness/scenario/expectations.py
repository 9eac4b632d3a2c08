"""Expectations against what happened: verdicts with the evidence for them.

Words are judged from what was heard, by `harness.score.spoken`; the transcript that the other side
claims is shown beside it and never supplies a word.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any, Protocol

from harness.scenario.model import Absent, Expectation
from harness.scenario.quality_bounds import USER_TEXT
from harness.scenario.tool_wishes import ToolCall, hidden_of_call
from harness.score.audible import inaudible
from harness.score.bounds import judge_value
from harness.score.hearing import Hearing, Witness
from harness.score.judgement import Judgement
from harness.score.latency import doubt, inside_doubt, judge_latency
from harness.score.spoken import AnswerWords, judge_not_words, judge_pattern, judge_words
from harness.score.summary import Measured
from harness.speech.words import missing_words

__all__ = ["Judgement"]

OWN_VOICE = "own_voice"
"""What `allow_problems` calls an answer that is what a user said, played again."""


MOST_AHEAD_S = 0.3
"""No sound comes before its time. Where it seems to, silence may be that of another time."""


class SpokenAnswer(Protocol):
    """What is judged of an answer."""

    @property
    def transcript(self) -> str:
        """What the protocol says was said."""

    @property
    def recognised(self) -> str:
        """What recognition hears in the audio; "" where nothing was heard."""

    @property
    def start_s(self) -> float | None:
        """First voiced sample, seconds on the timeline; None where nothing was heard."""

    @property
    def unheard(self) -> str:
        """Why no voice was heard, in words; "" where one was."""

    @property
    def ahead_s(self) -> float:
        """How far the sound that came stood ahead of its time when this was judged."""

    @property
    def copied(self) -> str:
        """Whose voice it is in truth: what a user said, played again; else ""."""

    @property
    def remark(self) -> str:
        """What else is to be known about it, in words; mostly ""."""

    @property
    def voice_to_voice_s(self) -> float | None:
        """From the user's last voiced sample to its first; None without both."""

    @property
    def voice_to_voice_uncertainty_s(self) -> float | None:
        """How far that may be off, either way; None: not known."""

    @property
    def interrupted(self) -> bool:
        """Whether it was cut off."""

    @property
    def hearing(self) -> Hearing | None:
        """What the ears made of its sound; None where no voice was heard."""

    @property
    def witness(self) -> Witness | None:
        """The ears, to be asked again about the same sound."""


def judge_answer(expected: Expectation, answer: SpokenAnswer) -> list[Judgement]:
    """Everything `expected` says about an answer, judged; one judgement each.

    Blocks: where an ear misses a word, other ears listen, a second or two.
    """
    silent = inaudible(answer.hearing)
    if silent is not None or answer.hearing is None:
        why = f" ({answer.unheard})" if answer.unheard else ""
        found = f"{silent}{why}{_claim(answer)}"
        if answer.ahead_s <= MOST_AHEAD_S:
            return unanswered(expected, found)
        found += (
            f"; this machine was too busy to say where its sound belongs: it is "
            f"{answer.ahead_s:.1f} s ahead of the timeline"
        )
        return [replace(one, in_doubt=True) for one in unanswered(expected, found)]
    if answer.copied:
        hint = f"`allow_problems: [{OWN_VOICE}]` takes it for an answer"
        return unanswered(expected, f"{copied_found(answer.copied)}{_claim(answer)}; {hint}")
    about = AnswerWords(answer.hearing, answer.witness, answer.transcript)
    judgements: list[Judgement] = []
    if expected.words is not None:
        judgements.append(judge_words(_words_text(expected.words) or "", expected.words, about))
    if expected.phrase is not None:
        text = _phrase_text(expected.phrase)
        judgements.append(judge_words(text, [expected.phrase], about, "phrase"))
    if expected.pattern is not None:
        judgements.append(judge_pattern(_pattern_text(expected.pattern), expected.pattern, about))
    if expected.not_words is not None:
        text = _not_words_text(expected.not_words) or ""
        judgements.append(judge_not_words(text, expected.not_words, about))
    if expected.voice_to_voice_s is not None:
        judgements.append(_judge_latency(expected.voice_to_voice_s, answer))
    if answer.remark:
        return [replace(j, evidence=f"{j.evidence}; {answer.remark}") for j in judgements]
    return judgements


def copied_found(copied: str) -> str:
    """What was found in place of an answer, where a user's words were played again."""
    return f"nobody answered: {copied}"


def unanswered(expected: Expectation, found: str) -> list[Judgement]:
    """The same expectations where no answer came."""
    return [
        Judgement(kind, text, False, found)
        for kind, text in (
            ("words", _words_text(expected.words)),
            ("phrase", _phrase_text(expected.phrase) if expected.phrase else None),
            ("pattern", _pattern_text(expected.pattern) if expected.pattern else None),
            ("not_words", _not_words_text(expected.not_words)),
            ("voice_to_voice", _latency_text(expected.voice_to_voice_s)),
            ("quality", expected.quality.sentence if expected.quality else None),
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


def judge_reaction(
    limit_s: float,
    reaction_s: float | None,
    cut_in_s: float | None = None,
    uncertainty_s: float | None = None,
) -> Judgement:
    """How fast an interrupted answer fell silent.

    Args:
        cut_in_s: when the user really cut in, after the answer's first sound; None: not heard.
        uncertainty_s: how far the reaction may be off; None: not known.
    """
    text = f"the interrupted answer is silent within {limit_s:g} s"
    if reaction_s is None:
        return Judgement("barge_in", text, False, "the answer was not cut, or never heard")
    outcome = judge_value(Measured(reaction_s, uncertainty_s), limit_s)
    evidence = f"silent {reaction_s:.3f} s after the interruption{doubt(uncertainty_s)}"
    evidence += inside_doubt(outcome, limit_s)
    if cut_in_s is not None:
        evidence += f", which cut in {cut_in_s:.3f} s after the answer's first sound"
    doubtful = outcome == "cannot_tell"
    return Judgement("barge_in", text, outcome == "held", evidence, in_doubt=doubtful)


def judge_tool(expected: ToolCall, called: dict[str, Any]) -> Judgement:
    """Whether a tool call has the name and at least the arguments that were expected."""
    text = tool_text(expected)
    arguments = _parsed(called.get("arguments"))
    found = f"called {called.get('name')} with {arguments}"
    wanted = expected.arguments or {}
    if hidden := hidden_of_call(expected.name, wanted, called):
        return Judgement("tool", text, False, hidden, in_doubt=True)
    holds = called.get("name") == expected.name and (
        not wanted
        or (isinstance(arguments, dict) and all(arguments.get(k) == v for k, v in wanted.items()))
    )
    return Judgement("tool", text, holds, found)


def tool_text(expected: ToolCall) -> str:
    """The expectation of a tool call as a sentence."""
    suffix = f" with {expected.arguments}" if expected.arguments else ""
    return f"the tool “{expected.name}” is called{suffix}"


def describe_absent(wanted: Absent) -> str:
    """What must not come, as a sentence without its time."""
    if wanted.words is not None:
        return f"nobody says {_listed(wanted.words)}"
    if wanted.tool is not None:
        return tool_text(wanted.tool).replace(" is called", " is not called", 1)
    return f"no event “{wanted.event}” comes"


def describe(expected: Expectation) -> str:
    """An expectation in one line, for people who watch."""
    parts = [
        _words_text(expected.words),
        _phrase_text(expected.phrase) if expected.phrase else None,
        _pattern_text(expected.pattern) if expected.pattern else None,
        _not_words_text(expected.not_words),
        _latency_text(expected.voice_to_voice_s),
        expected.quality.sentence if expected.quality else None,
        f"{USER_TEXT} {expected.user_quality.in_words}" if expected.user_quality else None,
        f"understood: {_listed(expected.user_words)}" if expected.user_words else None,
        f"event {expected.event}" if expected.event else None,
        tool_text(expected.tool) if expected.tool else None,
        "no answer" if expected.no_answer else None,
        expected.page.in_words if expected.page else None,
        f"getStats: {', '.join(expected.stats)}" if expected.stats else None,
        expected.thread.in_words if expected.thread else None,
        describe_absent(expected.absent) if expected.absent else None,
        ", or ".join(map(describe, expected.any_of)) if expected.any_of else None,
    ]
    return "; ".join(part for part in parts if part)


def _judge_latency(limit_s: float, answer: SpokenAnswer) -> Judgement:
    text = _latency_text(limit_s) or ""
    outcome, evidence = judge_latency(
        limit_s,
        answer.voice_to_voice_s,
        answer.start_s,
        answer.unheard,
        answer.voice_to_voice_uncertainty_s,
    )
    doubtful = outcome == "cannot_tell"
    return Judgement("voice_to_voice", text, outcome == "held", evidence, in_doubt=doubtful)


def _parsed(arguments: Any) -> Any:
    """Arguments come as JSON text; what is none stays as it came."""
    if isinstance(arguments, str):
        with contextlib.suppress(ValueError):
            return json.loads(arguments)
    return arguments


def _claim(answer: SpokenAnswer) -> str:
    """What the other side says that it said: evidence, never a word heard."""
    return f"; its transcript says “{answer.transcript}”" if answer.transcript else ""


def _words_text(words: list[str] | None) -> str | None:
    return f"the answer says {_listed(words)}" if words is not None else None


def _not_words_text(words: list[str] | None) -> str | None:
    return f"the answer does not say {_listed(words)}" if words is not None else None


def _phrase_text(phrase: str) -> str:
    return f"the answer says, in this order, “{phrase}”"


def _pattern_text(pattern: str) -> str:
    return f"the answer matches “{pattern}”"


def _latency_text(limit_s: float | None) -> str | None:
    if limit_s is None:
        return None
    return f"the answer starts within {limit_s:g} s of the user's last sound"


def _listed(words: list[str] | None) -> str:
    return ", ".join(f"“{word}”" for word in words or [])
