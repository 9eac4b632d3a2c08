"""Numbers and negations are no spellings of each other."""

import pytest

from harness.score.contradiction import contradict, denies, loses_digits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fifteen dollars", "fifty dollars"),
        ("was charged", "was not charged"),
        ("we can", "we can't"),
        ("555-0123", "555-0132"),
        ("nine four two", ""),
        ("$450", "$415."),
        ("on", "off."),
        ("Tuesday", "Thursday,"),
        ("the screen on", "the screen off."),
        ("1,250", "1,215"),
        ("4482", "448"),
        (f"{'a quiet table by the window ' * 8}for fifteen", f"{'a quiet table ' * 8}for fifty"),
    ],
)
def test_another_number_or_a_not_says_otherwise(one: str, other: str) -> None:
    assert contradict(one, other)
    assert contradict(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siobhan", "Shivan"),
        ("fifty", "50"),
        ("can't", "cannot"),
        ("two", "2."),
        ("4428", "4 4 2 8"),
        ("B12", "be one too"),
        ("B12", "be twelve"),
    ],
)
def test_another_spelling_does_not(one: str, other: str) -> None:
    assert not contradict(one, other)


def test_a_number_beside_the_wanted_word_does_not_deny_it() -> None:
    assert not denies("Delta", "Dias in delta, seven.")
    assert denies("seven", "Dias in delta, eleven.")
    assert denies("was charged", "was not charged")


@pytest.mark.parametrize(
    ("wanted", "heard", "denied"),
    [
        ("four to none", "fought in none.", False),
        ("555 0142", "550142.", False),
        ("4482", "482.", False),
        ("4428", "448.", True),
        ("555 0142", "555 0124", True),
        ("55", "555", True),
        ("fifteen", "fifty", True),
        ("was charged", "was not charged", True),
    ],
)
def test_what_one_ear_wrote_is_not_denied_by_what_another_loses(
    wanted: str, heard: str, denied: bool
) -> None:
    assert denies(wanted, heard)
    assert denies(wanted, heard, is_backed=True) is denied


def test_a_row_of_digits_is_the_same_in_any_groups() -> None:
    assert not denies("020 7946 0018", "0207946.0018.")
    assert denies("020 7946 0018", "020 7946 0081.")


@pytest.mark.parametrize(
    ("wanted", "heard", "loses"),
    [
        ("4428", "448.", True),
        ("4428", "4482", False),
        ("4428", "44282", False),
        ("two", "to", False),
    ],
)
def test_digits_that_are_left_out(wanted: str, heard: str, loses: bool) -> None:
    assert loses_digits(wanted, heard) is loses
