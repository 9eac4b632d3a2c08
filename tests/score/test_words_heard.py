"""A word was said, was not, or nobody can tell: by ears, never by a transcript."""

from __future__ import annotations

import pytest

from harness.score.hearing import EarReport
from harness.score.words_heard import AS_LIKELY, UNLIKELY, Finding, find_words
from tests.support.fake_witness import FakeWitness, report


def found(wanted: str, witness: FakeWitness, claimed: str = "") -> Finding:
    return find_words(wanted, witness.hearing.reports, witness, claimed)


def test_what_the_first_ear_hears_plainly_needs_no_other() -> None:
    witness = FakeWitness(report("Your table is booked."), report("something else"))
    finding = found("booked", witness)
    assert (finding.outcome, finding.start_s, finding.end_s) == ("held", 11.5, 12.0)
    assert witness.asked_ears == 1


def test_a_word_that_the_first_ear_is_unsure_of_is_asked_of_the_others() -> None:
    unsure = report("We open at eight", sure=0.2)
    assert found("eight", FakeWitness(unsure, report("We open at eight"))).outcome == "held"
    denied = FakeWitness(unsure, report("We open at ten"), weights={"eight": (0.0, -9.0)})
    assert found("eight", denied).outcome == "failed"


@pytest.mark.parametrize(
    ("said", "wanted", "claimed"),
    [
        ("The price is fifteen dollars", "fifty dollars", "The price is fifty dollars"),
        ("we can't change your booking", "we can change", "we can change your booking"),
        ("Your card was not charged", "was charged", "Your card was charged"),
        ("booked for Tuesday", "Thursday", "booked for Thursday"),
        ("Mister Brown at seven", "Green", "Mister Green at eleven"),
        ("Friday at seven in the evening", "nine four two", "and the code is nine four two"),
        ("No, of course", "yes", "Yes, of course"),
    ],
)
def test_a_transcript_never_supplies_a_word(said: str, wanted: str, claimed: str) -> None:
    assert found(wanted, FakeWitness(report(said), report(said)), claimed).outcome == "failed"


def test_a_spelling_that_no_ear_writes_holds_where_it_is_as_likely_by_sound() -> None:
    ears = (report("This is Shivan from support."), report("This is Shevaun from support."))
    likely = FakeWitness(*ears, weights={"siobhan": AS_LIKELY / 2})
    finding = found("Siobhan", likely, "This is Siobhan from support.")
    assert finding.outcome == "held"
    assert "Shivan" in finding.note
    assert (finding.start_s, finding.end_s) == (11.0, 11.5)


def test_between_likely_and_unlikely_nobody_can_tell() -> None:
    ears = (report("We open that date"), report("We open that date"))
    between = FakeWitness(*ears, weights={"eight": (AS_LIKELY + UNLIKELY) / 2})
    assert found("eight", between).outcome == "cannot_tell"


def test_one_ear_for_and_one_strongly_against_is_no_pass() -> None:
    witness = FakeWitness(report("It is thirty", 0.3), report("It is thirteen"))
    assert found("thirty", witness).outcome != "held"


def test_an_ear_that_broke_decides_nothing() -> None:
    broken = EarReport("ear", "", problem="it hangs")
    finding = found("booked", FakeWitness(broken, report("Your table is booked.")))
    assert finding.outcome == "cannot_tell"
    assert "it hangs" in finding.note


def test_without_a_second_opinion_a_missed_word_was_not_said() -> None:
    assert find_words("ten", [report("It is nine")], None, "").outcome == "failed"


def test_what_one_ear_heard_is_put_to_the_other_as_a_whole() -> None:
    """A word that runs into its neighbour has no place of its own to be weighed at."""
    witness = FakeWitness(
        report("The reference is diazendelta seven", 0.3),
        report("The reference is D as in Delta seven"),
        weights={"the reference is d as in delta seven": -1.0},
    )
    assert found("Delta", witness).outcome == "held"


def test_a_number_is_never_held_by_weight_against_another_number() -> None:
    ears = (report("It is 13 dollars"), report("It is 13 dollars"))
    witness = FakeWitness(*ears, weights={"30": -0.5, "thirty": -0.5})
    assert found("thirty", witness, "It is thirty dollars").outcome == "cannot_tell"


@pytest.mark.parametrize(("said", "wanted"), [("$415.", "$450"), ("1,215", "1,250")])
def test_nor_is_one_above_a_hundred(said: str, wanted: str) -> None:
    ears = (report(f"It is {said}"), report(f"It is {said}"))
    witness = FakeWitness(*ears, weights={wanted: -0.5, f"It is {wanted}": -0.5})
    assert found(wanted, witness, f"It is {wanted}").outcome == "cannot_tell"


def test_a_negation_is_never_held_by_weight_against_none() -> None:
    ears = (report("It was not charged"), report("It was not charged"))
    witness = FakeWitness(*ears, weights={"was charged": -0.5})
    assert found("was charged", witness, "It was charged").outcome == "cannot_tell"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("The problem is not solved.", "is"),
        ("The parcel was not delivered.", "was"),
        ("You should not drive.", "you should"),
    ],
)
def test_a_word_that_stands_there_and_is_denied_is_not_weighed_against_itself(
    said: str, wanted: str
) -> None:
    ears = (report(said), report(said))
    claim = said.replace(" not", "")
    assert found(wanted, FakeWitness(*ears), claim).outcome == "failed"
    unclear = FakeWitness(*ears, weights={wanted: -1.0, claim: -1.0})
    assert found(wanted, unclear, claim).outcome == "cannot_tell"


def test_a_word_whose_rival_is_as_likely_cannot_be_told_however_plainly_it_was_heard() -> None:
    ears = (report("leaves from gate 14"), report("leaves from gate fourteen."))
    witness = FakeWitness(*ears, weights={"40": -1.5, "forty": -1.0})
    assert found("fourteen", witness).outcome == "cannot_tell"
    clear = FakeWitness(*ears, weights={"40": -4.5, "forty": -8.0})
    assert found("fourteen", clear).outcome == "held"
    assert clear.asked_ears == 2


def test_a_word_that_another_ear_denies_is_weighed_against_it_however_sure_one_is() -> None:
    """One ear heard "haven't", the other is sure of "have" and weighs both."""
    ears = (report("We haven't any places left."), report("We have any places left."))
    claim = "We have any places left."
    unclear = FakeWitness(*ears, weights={"have": -2.0, claim: -2.0, "haven't": -1.5})
    finding = found("have", unclear, claim)
    assert finding.outcome == "cannot_tell"
    assert "haven't" in finding.note
    clear = FakeWitness(*ears, weights={"have": -2.0, claim: -2.0, "haven't": -6.0})
    assert found("have", clear, claim).outcome == "held"


def test_a_word_that_no_ear_wrote_needs_more_where_all_wrote_another_one() -> None:
    """ "On the list" makes more sense than "on the lift", whatever was said."""
    ears = (report("Your name is on the lift."), report("Your name is on the lift."))
    sensible = FakeWitness(*ears, weights={"list": -2.6})
    assert found("list", sensible, "Your name is on the list.").outcome == "cannot_tell"
    by_sound = FakeWitness(*ears, weights={"list": -1.0})
    assert found("list", by_sound, "Your name is on the list.").outcome == "held"


def test_a_verb_is_weighed_against_its_negation_where_an_ear_may_have_swallowed_it() -> None:
    ears = (report("The password has an expired."), report("The password has an expired."))
    unclear = FakeWitness(*ears, weights={"hasn't": -0.5})
    assert found("has", unclear, "The password has expired.").outcome == "cannot_tell"
    ears = (report("It has an expiry date."), report("It has an expiry date."))
    clear = FakeWitness(*ears, weights={"hasn't": -9.0})
    assert found("has", clear, "It has an expiry date.").outcome == "held"
