"""Expectations about an answer's words, by what several ears heard."""

from __future__ import annotations

import pytest

from harness.score.hearing import EarReport
from harness.score.spoken import AnswerWords, judge_not_words, judge_pattern, judge_words
from tests.support.fake_witness import FakeWitness, report


def about(witness: FakeWitness, claimed: str = "") -> AnswerWords:
    return AnswerWords(witness.hearing, witness, claimed)


def test_the_evidence_names_what_is_missing_and_where_it_was_listened_for() -> None:
    witness = FakeWitness(report("Going forward now"), report("Going forward now"))
    judgement = judge_words("text", ["forward", "ten"], about(witness, "Going forward ten"))
    assert judgement.outcome == "failed"
    assert "heard “Going forward now”, transcript “Going forward ten”" in judgement.evidence
    assert "missing “ten”" in judgement.evidence
    assert judgement.start_s is not None
    assert judgement.end_s is not None
    assert [ear.text for ear in judgement.ears] == ["Going forward now"] * 2


def test_one_word_that_nobody_can_tell_makes_the_whole_undecided() -> None:
    witness = FakeWitness(report("at date"), report("at date"), weights={"eight": -3.5})
    assert judge_words("text", ["at", "eight"], about(witness)).outcome == "cannot_tell"
    assert judge_words("text", ["eight", "noon"], about(witness)).outcome == "failed"


def test_not_words_holds_only_where_no_ear_heard_it() -> None:
    both = FakeWitness(report("no fee at all"), report("no fee at all"))
    assert judge_not_words("text", ["midnight"], about(both)).outcome == "held"
    assert judge_not_words("text", ["fee"], about(both)).outcome == "failed"
    assert both.asked_ears == 2


def test_not_words_asks_the_second_ear_even_where_the_first_heard_nothing_of_it() -> None:
    one_of_two = FakeWitness(
        report("a tea of ninety"), report("a fee of ninety"), weights={"fee": (-0.5, 0.0)}
    )
    assert judge_not_words("text", ["fee"], about(one_of_two)).outcome == "failed"
    weighed = FakeWitness(
        report("a tea of ninety"), report("a fee of ninety"), weights={"fee": (-8.0, 0.0)}
    )
    assert judge_not_words("text", ["fee"], about(weighed)).outcome == "cannot_tell"


def test_a_forbidding_pattern_holds_only_where_every_likely_reading_holds() -> None:
    forbids = "^(?!.*sorry)"
    clean = FakeWitness(report("we are open"), report("we are open"))
    assert judge_pattern("text", forbids, about(clean)).outcome == "held"
    heard = FakeWitness(report("Sorry, we are closed"), report("Sorry, we are closed"))
    assert judge_pattern("text", forbids, about(heard, "We are closed")).outcome == "failed"
    differ = FakeWitness(
        report("story we are closed"),
        report("sorry we are closed"),
        weights={"story we are closed": -0.5, "sorry we are closed": -0.5},
    )
    assert judge_pattern("text", forbids, about(differ)).outcome == "cannot_tell"


def test_a_reading_that_the_other_ear_finds_unlikely_is_left_out() -> None:
    witness = FakeWitness(report("at seven"), report("at eleven"), weights={"at seven": -1.0})
    assert judge_pattern("text", "at seven", about(witness)).outcome == "held"
    assert judge_pattern("text", "at eleven", about(witness)).outcome == "failed"


@pytest.mark.parametrize("pattern", [".*", "fifty", "^(?!.*sorry)"])
def test_no_pattern_passes_by_an_ear_that_broke(pattern: str) -> None:
    broken = EarReport("ear", "", problem="it hangs")
    judgement = judge_pattern("text", pattern, about(FakeWitness(report("fifty"), broken)))
    assert judgement.outcome == "cannot_tell"


def test_no_pattern_passes_by_the_transcript_alone() -> None:
    witness = FakeWitness(report("It is fifteen"), report("It is fifteen"))
    assert judge_pattern("text", "fifty", about(witness, "It is fifty")).outcome == "failed"
