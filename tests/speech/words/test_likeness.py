import pytest

from harness.speech.words.likeness import are_homophones, are_near, is_one_word
from harness.speech.words.pieces import pieces_of


@pytest.mark.parametrize(
    "words", ["good bye", "ice cream", "check in", "e mail", "wi fi", "home work", "may be"]
)
def test_words_that_are_one(words: str) -> None:
    assert is_one_word(pieces_of(words.split()), words.replace(" ", ""))


@pytest.mark.parametrize("words", ["not able", "now here", "no where", "break fast", "four teen"])
def test_words_that_are_two(words: str) -> None:
    assert not is_one_word(pieces_of(words.split()), words.replace(" ", ""))


@pytest.mark.parametrize(
    ("before", "heard", "is_last", "alike"),
    [("table", "for", False, False), ("table", "for", True, True), ("for", "for", False, True)],
)
def test_an_unstressed_word_is_no_number(
    before: str, heard: str, is_last: bool, alike: bool
) -> None:
    (first, second, wanted) = pieces_of([before, heard, "four"])
    assert are_homophones(second, wanted, first, is_last) is alike


@pytest.mark.parametrize(
    ("heard", "wanted", "near"),
    [
        ("Chevonne", "Siobhan", True),
        ("Brown", "Green", False),
        ("Tim", "Kim", False),
        ("Erica", "Eric", False),
        ("Boston", "Austin", False),
        ("accept", "Except", False),
        ("Thursday", "Tuesday", False),
        ("price", "prize", False),
    ],
)
def test_only_names_are_near(heard: str, wanted: str, near: bool) -> None:
    assert are_near(pieces_of([heard]), pieces_of([wanted])[0]) is near
