"""Which texts may have been said."""

from harness.score.readings import readings
from tests.support.fake_witness import FakeWitness, report


def test_the_claimed_transcript_counts_only_where_it_is_as_likely() -> None:
    heard = report("This is Shivan.")
    borne_out = FakeWitness(heard, heard, weights={"this is siobhan": -0.4, "this is shivan": 0.0})
    texts = [r.text for r in readings([heard, heard], borne_out, "This is Siobhan.")]
    assert texts[0] == "This is Shivan."
    other = readings([report("It is fifteen"), report("It is fifteen")], None, "It is fifty")
    assert [r.text for r in other] == ["It is fifteen"]


def test_without_anybody_to_weigh_every_ear_stands() -> None:
    texts = [r.text for r in readings([report("one"), report("two")], None, "")]
    assert texts == ["one", "two"]
