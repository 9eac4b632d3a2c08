"""Speech rate: of one turn that is much faster, of all turns that are a little."""

from __future__ import annotations

from collections.abc import Sequence

from harness.regression.findings import Candidate, Finding
from harness.regression.pairing import PairedTurn
from harness.regression.speech_rate import rate_findings
from tests.support.make_calls import make_turn, one_turn


def turn_of(index: int, base_s: Sequence[float], new_s: Sequence[float]) -> PairedTurn:
    (turn,) = one_turn(
        [make_turn(speech_s=s) for s in base_s], [make_turn(speech_s=s) for s in new_s]
    )
    turn.index = index
    return turn


def findings(*turns: PairedTurn) -> list[Finding | Candidate]:
    return list(rate_findings([("booking", list(turns))]))


def test_a_turn_that_is_much_faster_or_slower_is_told() -> None:
    faster, slower = findings(turn_of(1, [3.0], [2.3]), turn_of(2, [2.0], [2.8]))
    assert isinstance(faster, Finding)
    assert isinstance(slower, Finding)
    assert (faster.text, faster.turn) == ("speaks 30% faster", 1)
    assert faster.evidence == "3.0 s → 2.3 s for the same 7 words"
    assert (slower.text, slower.verdict) == ("speaks 29% slower", "changed")
    assert findings(turn_of(1, [3.0], [2.6])) == []


def test_every_run_has_to_be_faster() -> None:
    assert findings(turn_of(1, [3.0, 3.0], [2.3, 3.0])) == []
    assert len(findings(turn_of(1, [3.0, 3.1], [2.3, 2.2]))) == 1


def test_all_turns_a_little_faster_are_one_tested_finding() -> None:
    lengths = [2.0 + n / 10 for n in range(12)]
    (found,) = findings(*(turn_of(n, [s], [s / 1.1]) for n, s in enumerate(lengths, start=1)))
    assert isinstance(found, Candidate)
    assert found.p < 0.001
    assert (found.if_sure.text, found.if_sure.turn) == ("speaks 10% faster", None)
    assert found.if_not is None
    assert findings(*(turn_of(n, [s], [s / 1.02]) for n, s in enumerate(lengths, start=1))) == []


def test_all_much_faster_are_not_told_one_by_one() -> None:
    lengths = [2.0 + n / 10 for n in range(12)]
    turns = [turn_of(n, [s], [s / 1.4]) for n, s in enumerate(lengths, start=1)]
    odd = turn_of(13, [3.0], [5.0])
    found = findings(*turns, odd)
    assert [isinstance(one, Candidate) for one in found] == [True, False]


def test_other_words_and_short_answers_are_not_compared() -> None:
    other = one_turn([make_turn(speech_s=3.0)], [make_turn(answer="Goodbye.", speech_s=1.0)])
    short = [make_turn(answer="Yes, of course.", speech_s=s) for s in (2.0, 1.0)]
    assert findings(*other) == []
    assert findings(*one_turn(short[:1], short[1:])) == []
    assert findings(*one_turn([make_turn()], [make_turn()])) == []
