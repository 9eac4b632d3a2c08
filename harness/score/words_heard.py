"""Words looked for in sound: by every ear's own words, and by weighing where they miss it.

The transcript that the other side claims never supplies a word. It only says where to look for
one that no ear wrote down, and then the sound decides between it and what was heard there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.score.contradiction import denies, loses_digits
from harness.score.hearing import EarReport, HeardWord, Witness
from harness.score.judgement import Outcome
from harness.score.other_words import says_another_word
from harness.score.places import Place, places_for
from harness.score.rivals import rivals, swallowed_negation
from harness.speech.words import find_phrase, normalise

SURE = 0.5
"""An ear that is less sure of a word than this is not believed alone."""

AS_LIKELY = -3.7
"""Logarithm, mean of the ears: from here on a word counts as said that not every ear wrote so. What
was said and missed had -3.7 or more, clean and at 15 dB; what was not said, where another word
was not written in its place, -4.6 or less (see docs/verdicts.md)."""

AS_LIKELY_AS_ANOTHER = -2.0
"""The same where no ear wrote it, and all wrote another word of the dictionary: "lift" for "list",
"newly" for "nearly" had -2.1 to -3.6."""

UNLIKELY = -4.5
"""Below this, it was not said; between both nobody can tell."""


RIVAL_OUT = -5.0
"""A rival of a plainly heard word that is less likely than this to the first ear is none."""

RIVAL_LIKELY = -3.0
"""Mean of the ears: from here on nobody can tell which of both was said. Where the right one was
heard the rival had -3.6 or less, where the wrong one was, -1.3."""

NO_RIVAL = float("-inf")


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one wanted word or phrase."""

    wanted: str
    outcome: Outcome
    """held: it was said; failed: it was not."""

    note: str = ""
    """How it was decided, where it was not plain."""

    start_s: float | None = None
    end_s: float | None = None

    denied_by: str = ""
    """What one ear wrote in its place that says otherwise, where another is sure of the words."""

    def __str__(self) -> str:
        return f"“{self.wanted}” ({self.note})" if self.note else f"“{self.wanted}”"


def find_words(
    wanted: str, reports: Sequence[EarReport], witness: Witness | None, claimed: str
) -> Finding:
    """Whether these words were said, in this order and next to each other.

    Args:
        reports: of the ears asked so far, the first one at least.
        witness: asks the others; None where there is nobody else to ask.
        claimed: the transcript of the other side; "" for none.
    """
    first = None if reports[0].problem else _sure_match(wanted, reports[0])
    if first is not None and (
        witness is None or _rival_weight(wanted, 0, reports[0], witness) <= RIVAL_OUT
    ):
        return first
    if witness is not None:
        reports = witness.all_reports()
    finding = _by_all(wanted, reports, witness, claimed)
    if finding.outcome != "held" or witness is None:
        return finding
    return _against_rivals(finding, reports, witness)


def _against_rivals(finding: Finding, reports: Sequence[EarReport], witness: Witness) -> Finding:
    """A word that was heard, unless one that is taken for it is about as likely.

    What another ear wrote in its place is such a word where it says otherwise.
    """
    denied = (finding.denied_by,) if finding.denied_by else ()
    weights = [_rival_weight(finding.wanted, n, r, witness, denied) for n, r in enumerate(reports)]
    known = [weight for weight in weights if weight != NO_RIVAL]
    if not known or sum(known) / len(known) < RIVAL_LIKELY:
        return finding
    note = "one that sounds nearly the same is about as likely"
    if finding.denied_by:
        note = f"“{finding.denied_by}” is about as likely, and says otherwise"
    return replace(finding, outcome="cannot_tell", note=note)


def _rival_weight(
    wanted: str, ear: int, report: EarReport, witness: Witness, denied: Sequence[str] = ()
) -> float:
    """How likely the likeliest rival of the words is that this ear heard."""
    match = find_phrase(report.tokens, wanted)
    if match is None:
        return NO_RIVAL
    behind = match.last + 1
    others = [*rivals(report.tokens[match.first : behind]), *denied]
    weights = witness.weigh(ear, match.first, behind, others) if others else None
    if behind < len(report.tokens):
        negated = swallowed_negation(report.tokens[match.first : behind + 1])
        if negated is not None:
            more = witness.weigh(ear, match.first, behind + 1, [negated])
            weights = [*(weights or []), *(more or [])]
    return max(weights or [NO_RIVAL])


def _sure_match(wanted: str, report: EarReport) -> Finding | None:
    """Plainly heard by this ear."""
    match = find_phrase(report.tokens, wanted)
    if match is None or match.how == "near":
        return None
    words = report.words[match.first : match.last + 1]
    if not _is_sure(words):
        return None
    note = f"sounds like “{_quoted(report, match.first, match.last + 1)}”"
    return Finding(wanted, "held", note if match.how == "homophone" else "", *_place_s(words))


def _by_all(
    wanted: str, reports: Sequence[EarReport], witness: Witness | None, claimed: str
) -> Finding:
    listening = [n for n, report in enumerate(reports) if not report.problem]
    broken = [report for report in reports if report.problem]
    if broken:
        return Finding(wanted, "cannot_tell", broken[0].why_not)
    texts = [claimed, *(reports[n].text for n in listening)]
    wholes = [text for text in texts if text and _heard_in(wanted, text.split())]
    opinions = [_opinion(wanted, n, reports[n], witness, claimed, wholes) for n in listening]
    return _decided(wanted, opinions)


def _heard_in(wanted: str, tokens: Sequence[str]) -> bool:
    match = find_phrase(tokens, wanted)
    return match is not None and match.how != "near"


@dataclass(frozen=True, slots=True)
class _Opinion:
    """Of one ear about one wanted word."""

    heard: bool
    sure: bool
    weight: float | None
    """Logarithm: how much more likely it is than what this ear wrote; 0 where it wrote it itself;
    None where it cannot weigh."""

    instead: str
    """What it wrote in its place."""

    start_s: float | None
    end_s: float | None


def _opinion(
    wanted: str,
    ear: int,
    report: EarReport,
    witness: Witness | None,
    claimed: str,
    wholes: Sequence[str],
) -> _Opinion:
    """What this ear makes of the wanted words.

    Args:
        wholes: texts with the wanted words in them, of the others: each is weighed as a whole.
    """
    match = find_phrase(report.tokens, wanted)
    if match is not None and match.how != "near":
        words = report.words[match.first : match.last + 1]
        return _Opinion(True, _is_sure(words), 0.0, "", *_place_s(words))
    best = _Opinion(False, False, None, "", None, None)
    for place in places_for(wanted, report.tokens, claimed):
        if _heard_in(wanted, report.tokens[place.first : place.last]):
            continue  # the words stand there, and what is beside them says otherwise: "is not"
        texts = _written(wanted, report.tokens, place)
        weights = witness.weigh(ear, place.first, place.last, texts) if witness else None
        if weights and (best.weight is None or max(weights) > best.weight):
            words = report.words[place.first : max(place.last, place.first + 1)]
            instead = _quoted(report, place.first, place.last)
            best = _Opinion(False, False, max(weights), instead, *_place_s(words))
    if best.weight is None or witness is None or not wholes:
        return best
    weights = witness.weigh(ear, 0, len(report.tokens), wholes) or [best.weight]
    return replace(best, weight=max(best.weight, *weights))


def _decided(wanted: str, opinions: Sequence[_Opinion]) -> Finding:
    heard = [opinion for opinion in opinions if opinion.heard]
    where = next((o for o in opinions if o.start_s is not None), None)
    place = (where.start_s, where.end_s) if where else (None, None)
    if len(heard) == len(opinions):
        return Finding(wanted, "held", "", *place)
    weights = [opinion.weight for opinion in opinions if opinion.weight is not None]
    weight = sum(weights) / len(weights) if weights else None
    instead = next((opinion.instead for opinion in opinions if opinion.instead), "")
    outcome, how = _weighed(wanted, weight, instead, heard)
    odds = f"{len(heard)} of {len(opinions)} ears heard it; " if heard else ""
    is_denied = bool(heard) and denies(wanted, instead, is_backed=True)
    is_denied = is_denied and not (any(o.sure for o in heard) and loses_digits(wanted, instead))
    return Finding(wanted, outcome, f"{odds}{how}", *place, denied_by=instead if is_denied else "")


def _weighed(
    wanted: str, weight: float | None, instead: str, heard: Sequence[_Opinion]
) -> tuple[Outcome, str]:
    """The outcome where not every ear heard it, and why."""
    heard_surely = any(opinion.sure for opinion in heard)
    other = f"“{instead}”" if instead else "something else"
    if weight is None:
        return ("cannot_tell", "no ear can weigh it") if heard_surely else ("failed", "not heard")
    if weight <= UNLIKELY:
        outcome: Outcome = "cannot_tell" if heard_surely else "failed"
        return outcome, f"{other} is far more likely"
    is_another = not heard and says_another_word(wanted, instead)
    if weight < (AS_LIKELY_AS_ANOTHER if is_another else AS_LIKELY):
        return "cannot_tell", f"{other} is somewhat more likely"
    if not heard_surely and denies(wanted, instead, is_backed=bool(heard)):
        return "cannot_tell", f"{other} is about as likely, and says otherwise"
    return "held", f"by sound as likely as {other}"


def _is_sure(words: Sequence[HeardWord]) -> bool:
    return not words or min(word.probability for word in words) >= SURE


def _written(wanted: str, tokens: Sequence[str], place: Place) -> list[str]:
    """The wanted words as they might be written there: an ear has habits of spelling."""
    replaced = tokens[place.first : place.last]
    behind = _punctuation(replaced[-1]) if replaced else ""
    capital = not replaced or replaced[0][:1].isupper()
    forms = [wanted.strip(), normalise(wanted)]
    letters = wanted.split()
    if len(letters) > 1 and all(len(letter) == 1 for letter in letters):
        forms += ["".join(letters), "-".join(letters)]
    texts = []
    for text in dict.fromkeys(forms):
        texts.append((text[:1].upper() + text[1:] if capital else text) + behind)
    return texts


def _punctuation(token: str) -> str:
    end = len(token)
    while end and not token[end - 1].isalnum():
        end -= 1
    return token[end:]


def _quoted(report: EarReport, first: int, last: int) -> str:
    return " ".join(report.tokens[first:last])


def _place_s(words: Sequence[HeardWord]) -> tuple[float | None, float | None]:
    return (words[0].start_s, words[-1].end_s) if words else (None, None)
