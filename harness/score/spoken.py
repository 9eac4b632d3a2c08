"""Expectations about the words of one answer: held, failed, or cannot tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.score.hearing import EarReport, Hearing, Witness
from harness.score.judgement import Judgement, Outcome
from harness.score.readings import is_spelling, readings
from harness.score.understood import NOTHING_UNDERSTOOD, not_understood
from harness.score.words_heard import Finding, find_words
from harness.speech.words import normal_form

FORBIDS = re.compile(r"\(\?<?!")
"""A pattern with such a part says what may not be there."""


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """What is known of an answer's words."""

    hearing: Hearing
    witness: Witness | None
    claimed: str
    """The transcript of the other side; "" for none."""

    def find(self, wanted: str) -> Finding:
        """Whether these words were said."""
        return find_words(wanted, self.hearing.reports, self.witness, self.claimed)

    @property
    def nobody_understands(self) -> bool:
        """A voice was heard, and no ear understood a word; all are asked if need be."""
        return not self.hearing.text and not_understood(self.all_reports()) == NOTHING_UNDERSTOOD

    @property
    def doubt(self) -> str:
        """Why nobody can tell what was not said, in words; "" where it can be told. Asks all."""
        return not_understood(self.all_reports())

    def all_reports(self) -> tuple[EarReport, ...]:
        """Of all ears; those not asked yet listen now."""
        return self.witness.all_reports() if self.witness else self.hearing.reports


def judge_words(
    text: str, words: Sequence[str], about: AnswerWords, kind: str = "words"
) -> Judgement:
    """All the words or phrases were said, in whatever order.

    Args:
        text: the expectation as it was written, for people.
        words: what is expected.
        about: the answer's words, as every ear heard them.
        kind: of the expectation, for the report.
    """
    found = [about.find(word) for word in words]
    missing = [f for f in found if f.outcome == "failed"]
    unsure = [f for f in found if f.outcome == "cannot_tell"]
    noted = [f for f in found if f.outcome == "held" and f.note]
    remarks = _remark("missing", missing) + _remark("cannot tell", unsure) + _remark("taken", noted)
    return _judgement(kind, text, about, remarks, missing, unsure, found)


def judge_not_words(text: str, words: Sequence[str], about: AnswerWords) -> Judgement:
    """None of the words was said, by the opinion of every ear.

    Args:
        text: the expectation as it was written, for people.
        words: what must not have been said.
        about: the answer's words, as every ear heard them.
    """
    found = [_absent(word, about) for word in words]
    present = [f for f in found if f.outcome == "failed"]
    if doubt := about.doubt:
        found = [replace(f, outcome="cannot_tell", note=doubt) if _held(f) else f for f in found]
    unsure = [f for f in found if f.outcome == "cannot_tell"]
    remarks = _remark("said", present) + _remark("cannot tell", unsure)
    return _judgement("not_words", text, about, remarks, present, unsure, present or unsure)


def judge_pattern(text: str, pattern: str, about: AnswerWords) -> Judgement:
    """The pattern holds for everything that may have been said, by the opinion of the ears.

    What may have been said is each ear's own text, as far as the others find it likely; and the
    claimed transcript where the sound bears it out as a whole. A pattern may forbid words, so one
    text that matches is not enough where another one is as likely.

    Args:
        text: the expectation as it was written, for people.
        pattern: a regular expression.
        about: the answer's words, as every ear heard them.
    """
    reports = about.all_reports()
    broken = [report for report in reports if report.problem]
    texts = [reading.text for reading in readings(reports, about.witness, about.claimed)]
    holds = _hold(pattern, texts)
    remarks = ""
    if broken:
        remarks += f"; {broken[0].why_not}"
    elif len(set(holds)) > 1:
        odd = texts[holds.index(not holds[0])]
        but = "does not match" if holds[0] else "matches"
        remarks += f"; as likely by sound: “{odd}”, which {but}"
    lost = not_understood(reports) if FORBIDS.search(pattern) or about.nobody_understands else ""
    remarks += f"; cannot tell what was not said: {lost}" if lost else ""
    return Judgement(
        "pattern",
        text,
        passed=not broken and not lost and all(holds),
        evidence=f"{_heard(about)}{remarks}",
        in_doubt=bool(broken) or bool(lost) or any(holds),
        ears=reports,
        start_s=about.hearing.start_s,
        end_s=about.hearing.end_s,
    )


def _hold(pattern: str, texts: Sequence[str]) -> list[bool]:
    """Whether the pattern holds for each of the texts that may have been said.

    Where it forbids nothing, a spelling that matches stands for one that sounds like it: nobody can
    hear whether "4-2" or "for two" was said, or how a name is spelt.
    """
    holds = [_matches(pattern, text) for text in texts]
    if FORBIDS.search(pattern):
        return holds
    matching = [text for text, held in zip(texts, holds, strict=True) if held]
    return [
        held or any(is_spelling(other, text) for other in matching)
        for text, held in zip(texts, holds, strict=True)
    ]


def _matches(pattern: str, text: str) -> bool:
    """In the words as heard or in their normal form; in both, where it forbids something."""
    forms = [bool(re.search(pattern, form, re.IGNORECASE)) for form in (text, normal_form(text))]
    return all(forms) if FORBIDS.search(pattern) else any(forms)


def _held(found: Finding) -> bool:
    return found.outcome == "held"


def _absent(word: str, about: AnswerWords) -> Finding:
    """failed: it was said."""
    found = find_words(word, about.all_reports(), about.witness, about.claimed)
    if found.outcome == "cannot_tell":
        return found
    outcome: Outcome = "failed" if found.outcome == "held" else "held"
    return Finding(word, outcome, found.note, found.start_s, found.end_s)


def _judgement(
    kind: str,
    text: str,
    about: AnswerWords,
    remarks: str,
    wrong: Sequence[Finding],
    unsure: Sequence[Finding],
    shown: Sequence[Finding],
) -> Judgement:
    placed = [f for f in [*wrong, *unsure] if f.start_s is not None] or [
        f for f in shown if f.start_s is not None
    ]
    starts = [f.start_s for f in placed if f.start_s is not None]
    ends = [f.end_s for f in placed if f.end_s is not None]
    return Judgement(
        kind,
        text,
        passed=not wrong and not unsure,
        evidence=f"{_heard(about)}{remarks}",
        in_doubt=bool(unsure) and not wrong,
        ears=about.witness.asked_reports() if about.witness else about.hearing.reports,
        start_s=min(starts, default=about.hearing.start_s),
        end_s=max(ends, default=about.hearing.end_s),
    )


def _remark(what: str, findings: Sequence[Finding]) -> str:
    return f"; {what} {', '.join(str(f) for f in findings)}" if findings else ""


def _heard(about: AnswerWords) -> str:
    text = about.hearing.text
    heard = f"heard “{text}”" if text else "heard no words"
    if about.nobody_understands:
        heard = f"heard a voice; {NOTHING_UNDERSTOOD}"
    if about.claimed and about.claimed != text:
        heard += f", transcript “{about.claimed}”"
    return heard
