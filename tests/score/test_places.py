"""Where another word may have been said instead."""

from hypothesis import given
from hypothesis import strategies as st

from harness.score.places import Place, places_for

HEARD = ["This", "is", "Shivan", "from", "support"]


def test_the_word_that_is_written_most_alike_comes_first() -> None:
    assert places_for("Siobhan", HEARD, "")[0] == Place(2, 3)


def test_the_claimed_transcript_says_where_to_look() -> None:
    """By letters alone “Nguyen” is like nothing there."""
    heard = ["Win", "is", "your", "contact"]
    assert places_for("Nguyen", heard, "Nguyen is your contact.")[0] == Place(0, 1)


def test_what_the_transcript_has_behind_the_last_heard_word_lies_there() -> None:
    heard = ["See", "you", "on", "Friday."]
    claimed = "See you on Friday, and the code is nine."
    assert Place(4, 4) not in places_for("hello", heard, claimed)
    assert places_for("nine", heard, "See you on Friday nine.")[0] == Place(4, 4)


@given(st.text(max_size=20), st.lists(st.text(max_size=8), max_size=8), st.text(max_size=40))
def test_places_lie_among_the_tokens(wanted: str, tokens: list[str], claimed: str) -> None:
    for place in places_for(wanted, tokens, claimed):
        assert 0 <= place.first <= place.last <= len(tokens)
