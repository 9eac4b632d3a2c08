"""What an ear wrote in a word's place is another word, or the same one written otherwise."""

from __future__ import annotations

import pytest

from harness.score.other_words import says_another_word


@pytest.mark.parametrize(
    ("wanted", "written"),
    [
        ("list", "lift."),
        ("nearly", "newly"),
        ("Tina", "Dina."),
        ("sound", "sand"),
        ("six", "it thanks."),
        ("is", "was"),
        ("not open", "is open"),
        ("cheaper", "steeper."),
    ],
)
def test_another_word_of_the_dictionary_is_another_word(wanted: str, written: str) -> None:
    assert says_another_word(wanted, written)


@pytest.mark.parametrize(
    ("wanted", "written"),
    [
        ("Siobhan", "Shivan"),
        ("hold", "unhold."),
        ("noon", "afternoon."),
        ("agent", "agents"),
        ("has cleared", "is cleared."),
        ("has not cleared", "is not cleared."),
        ("seven five", "7.5."),
        ("soup", ""),
    ],
)
def test_the_same_written_otherwise_is_none(wanted: str, written: str) -> None:
    assert not says_another_word(wanted, written)
