"""Answers of two sides, turn by turn: gone, doubled, cut, other words, tools, interruptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from harness.regression.facts import TurnFacts
from harness.regression.findings import Candidate, Finding
from harness.regression.pairing import PairedTurn
from harness.regression.rates import changed_rate
from harness.regression.word_changes import (
    WordChange,
    agreeing,
    always_changed,
    count_agreeing,
    has_variants,
    is_said_twice,
    word_change,
)

CUT_SHARE = 0.75
"""Speech of the same words that is shorter than so much of what it was is cut…"""

CUT_S = 0.4
"""… if so many seconds are missing, too."""

FASTEST = 1.6
"""Nobody speaks faster than that by more: what a recogniser hears to the end in less was cut."""

SURE_RUNS = 3
"""What a recogniser hears otherwise is believed from so many runs on each side on."""

Something = Finding | Candidate


def answer_findings(
    scenario: str, turns: Sequence[PairedTurn], *, by_sound: bool = False
) -> Iterator[Something]:
    """Everything about the answers of one scenario but their times and levels.

    Args:
        by_sound: one side is a recording. Its tools are not known, and nobody can repeat it: what
            is heard otherwise counts from `SURE_RUNS` of the other side on.
    """
    came = (turns[0].base_runs, turns[0].new_runs) if turns else (0, 0)
    for turn in turns:
        runs_before, came = came, (len(turn.base), len(turn.new))
        at = Finding("worse", "words", "", scenario=scenario, turn=turn.index)
        if turn.base and not turn.new:
            told = f"said in {len(turn.base)} of {turn.base_runs} runs before, in none now"
            yield replace(at, kind="answer gone", text="this turn never came", evidence=told)
            return  # nor did those after it: the first says it all
        if not turn.base or not turn.new:
            continue
        # A run that broke off is told where it did, not once more for each turn behind it.
        runs = max(runs_before[0], came[0]), max(runs_before[1], came[1])
        found = [one for one in _of_turn(at, turn, runs, by_sound) if one is not None]
        yield from found


def _of_turn(
    at: Finding, turn: PairedTurn, runs: tuple[int, int], by_sound: bool
) -> Iterator[Something | None]:
    gone = _answer_gone(at, turn, runs, by_sound)
    yield gone
    yield _extra(at, turn)
    yield _interruption(at, turn)
    if not by_sound:
        yield from _tools(at, turn)
    if gone is None and not _some(turn, lambda one: one.interrupted):
        yield from _words(at, turn, by_sound)


def _some(turn: PairedTurn, what: Callable[[TurnFacts], bool]) -> bool:
    return any(what(one) for one in (*turn.base, *turn.new))


def _rate(turns: Sequence[TurnFacts], what: Callable[[TurnFacts], bool]) -> tuple[int, int]:
    return sum(map(what, turns)), len(turns)


def _answer_gone(
    at: Finding, turn: PairedTurn, runs: tuple[int, int], by_sound: bool
) -> Something | None:
    """Of the runs of either side that came to the turn before: how many have an answer here."""
    base = sum(one.audible if by_sound else one.is_answered for one in turn.base), runs[0]
    new = sum(one.audible if by_sound else one.is_answered for one in turn.new), runs[1]
    was = next((one.answer for one in turn.base if one.answer), None) or "an answer"
    if new[0] / new[1] > base[0] / base[1]:
        return changed_rate(base, new, replace(at, verdict="better", text="there is an answer now"))
    gone = replace(at, kind="answer gone", text="the answer is gone", evidence=f"was “{was}”")
    silent = _rate(turn.new, lambda one: one.audible), _rate(turn.base, lambda one: one.audible)
    found = changed_rate(base, new, gone)
    if found is None and silent[0][0] == 0 and silent[1][0] == silent[1][1]:
        told = f"it says that it said “{was}”, and nothing is heard"
        return replace(gone, text="the answer is not heard any more", evidence=told)
    return found


def _extra(at: Finding, turn: PairedTurn) -> Something | None:
    base = len(turn.base_extra), turn.base_runs
    new = len(turn.new_extra), turn.new_runs
    if new[0] / new[1] <= base[0] / base[1]:
        return None
    again = turn.new_extra[0][0].answer or turn.new_extra[0][0].heard or ""
    known = {one.answer for one in turn.new}
    text = "it is answered twice" if again in known else "there is a second answer"
    found = replace(at, kind="answer doubled", text=text, evidence=f"also “{again}”")
    return changed_rate(base, new, found)


def _interruption(at: Finding, turn: PairedTurn) -> Something | None:
    base = _rate(turn.base, lambda one: one.interrupted)
    new = _rate(turn.new, lambda one: one.interrupted)
    text = "the user interrupts it, who did not"
    if new[0] / new[1] < base[0] / base[1]:
        text = "it is not stopped by the user any more"
    return changed_rate(base, new, replace(at, kind="interruption", text=text))


def _tools(at: Finding, turn: PairedTurn) -> Iterator[Something | None]:
    at = replace(at, kind="tools")
    called = [Counter(one.tools) for one in (*turn.base, *turn.new)]
    names = list(dict.fromkeys(name for counts in called for name in counts))
    clear = True
    for name in names:
        before = max(one.tools.count(name) for one in turn.base)
        now = max(one.tools.count(name) for one in turn.new)
        if before and now > before:
            base = _rate(turn.base, lambda one, n=name, k=before: one.tools.count(n) > k)  # type: ignore[misc]
            new = _rate(turn.new, lambda one, n=name, k=before: one.tools.count(n) > k)  # type: ignore[misc]
            yield changed_rate(
                base, new, replace(at, text=f"calls {name} {now} times, not {before}")
            )
            continue
        base = _rate(turn.base, lambda one, n=name: n in one.tools)  # type: ignore[misc]
        new = _rate(turn.new, lambda one, n=name: n in one.tools)  # type: ignore[misc]
        if base[0] / base[1] != new[0] / new[1]:
            clear = False
        if new[0] / new[1] < base[0] / base[1]:
            found = replace(at, text=f"does not call {name} any more")
        else:
            found = replace(at, verdict="changed", text=f"calls {name}, which it did not")
        yield changed_rate(base, new, found)
    orders = {one.tools for one in turn.base}, {one.tools for one in turn.new}
    if clear and not orders[0] & orders[1] and all(map(any, orders)):
        was, now_is = (" then ".join(sorted(side)[0]) for side in orders)
        if sorted(sorted(orders[0])[0]) == sorted(sorted(orders[1])[0]):
            text = "calls its tools in another order"
            yield replace(at, verdict="changed", text=text, evidence=f"{was} → {now_is}")


def _words(at: Finding, turn: PairedTurn, by_sound: bool) -> Iterator[Something | None]:
    base = [one.answer for one in turn.base if one.answer]
    new = [one.answer for one in turn.new if one.answer]
    doubled = bool(base and new) and all(is_said_twice(base[0], text) for text in new)
    if doubled and not any(is_said_twice(base[0], text) for text in base):
        yield replace(at, kind="answer doubled", text="it says everything twice", evidence=new[0])
        return
    change = always_changed(base, new)
    told = _changed_words(at, base, new, change)
    yield told
    if told is None or (change is not None and change.is_in_names):
        cut = _cut_sound(at, turn)
        yield cut
        if cut is None and told is None:
            yield _by_ear(at, turn, by_sound)
    yield _understood(at, turn)


def _changed_words(
    at: Finding, base: list[str], new: list[str], change: WordChange | None
) -> Something | None:
    if change is None:
        return _often_changed(at, base, new)
    found = _described(at, change, base[0], new[0])
    varies = has_variants(base) or has_variants(new)
    return changed_rate(
        (len(base), len(base)), (0, len(new)), found, varies=varies, otherwise="answers"
    )


def _often_changed(at: Finding, base: list[str], new: list[str]) -> Something | None:
    """Words that are other in some runs: more often than the base's runs differ in them anyway."""
    if not base or not new:
        return None
    was = (count_agreeing(base) if len(base) > 1 else 1), len(base)
    now = count_agreeing(new, base), len(new)
    if now[0] / now[1] >= was[0] / was[1]:
        return None
    usual = Counter(base).most_common(1)[0][0]
    unlike = [text for text, agrees in zip(new, agreeing(new, base), strict=True) if not agrees]
    other = Counter(unlike).most_common(1)[0][0]
    found = _described(at, word_change(usual, other), usual, other)
    counted = "answers as the base has them"
    return changed_rate(was, now, found, varies=True, otherwise=counted)


def _described(at: Finding, change: WordChange, was: str, now: str) -> Finding:
    gone, added = (", ".join(f"“{word}”" for word in side) for side in (change.gone, change.new))
    named = f"; says {_other_names(change)}" if change.names else ""
    if change.is_cut:
        found = replace(at, kind="answer cut", text=f"the answer is cut before {gone}")
    elif change.is_other:
        found = replace(at, text="it says something else")
    elif change.gone:
        found = replace(
            at, text=(f"says {added}, not {gone}" if added else f"{gone} is gone") + named
        )
    elif added:
        found = replace(at, verdict="changed", text=f"says {added}, too{named}")
    else:
        found = replace(at, verdict="changed", text=f"says {_other_names(change)}")
    return replace(found, evidence=f"“{was}” → “{now}”")


def _other_names(change: WordChange) -> str:
    return ", ".join(f"“{now}”, which sounds nearly like “{was}”" for was, now in change.names)


def _cut_sound(at: Finding, turn: PairedTurn) -> Something | None:
    """Speech that ends early, though the words that the answer says it has are the same."""
    base = [one.speech_s for one in turn.base if one.speech_s]
    new = [one for one in turn.new if one.speech_s]
    if not base or not new:
        return None
    shortest = min(base)
    whole = [one.heard for one in turn.base if one.heard]

    def is_cut(one: TurnFacts) -> bool:
        length_s = one.speech_s or 0.0
        is_short = length_s < CUT_SHARE * shortest and length_s < shortest - CUT_S
        is_whole = bool(one.heard) and count_agreeing([one.heard or ""], whole) > 0
        return is_short and not (is_whole and length_s * FASTEST >= shortest)

    now_s = min(one.speech_s or 0.0 for one in new)
    evidence = f"{shortest:.1f} s → {now_s:.1f} s of speech, and the words claim to be the same"
    found = replace(at, kind="answer cut", text="the answer is heard in part", evidence=evidence)
    return changed_rate((0, len(base)), (sum(map(is_cut, new)), len(new)), found)


def _by_ear(at: Finding, turn: PairedTurn, by_sound: bool) -> Finding | None:
    base = [one.heard for one in turn.base if one.heard]
    new = [one.heard for one in turn.new if one.heard]
    runs = max(len(base), len(new)) if by_sound else min(len(base), len(new))
    return _heard_otherwise(replace(at, kind="heard"), base, new, "is not heard any more", runs)


def _understood(at: Finding, turn: PairedTurn) -> Finding | None:
    base = [one.understood for one in turn.base if one.understood]
    new = [one.understood for one in turn.new if one.understood]
    told = "of the user is not understood any more"
    runs = min(len(base), len(new))
    return _heard_otherwise(replace(at, kind="understood"), base, new, told, runs)


def _heard_otherwise(
    at: Finding, base: list[str], new: list[str], told: str, runs: int
) -> Finding | None:
    """A recogniser may err: what it alone says is a doubt until so many runs agree in it."""
    change = always_changed(base, new)
    if change is not None and change.is_in_names:
        text = f"hears {_other_names(change)}"
        return replace(at, verdict="changed", text=text, evidence=f"“{base[0]}” → “{new[0]}”")
    if change is None or not change.gone:
        return None
    gone = ", ".join(f"“{word}”" for word in change.gone)
    found = replace(at, text=f"{gone} {told}", evidence=f"“{base[0]}” → “{new[0]}”")
    missing = SURE_RUNS - runs
    if missing <= 0:
        return found
    return replace(found, verdict="cannot_tell", more_repeats=missing)
