import pytest

from harness.speech.words import (
    FILLERS,
    can_be_looked_for,
    character_error_rate,
    contains_words,
    missing_words,
    normalise,
    word_error_rate,
    word_errors,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Go forward ten meters.", "go forward 10 metres"),
        ("I'm here", "I am here."),
        ("Thank you, goodbye.", "Thank you, good-bye."),
        ("five five five, zero one two three", "555-0123"),
        ("four thousand two hundred and seventeen", "4,217"),
        ("", "..."),
    ],
)
def test_spellings_of_the_same_words_are_no_errors(one: str, other: str) -> None:
    assert word_error_rate(one, other) == 0.0
    assert word_error_rate(other, one) == 0.0


def test_errors_are_counted_by_kind() -> None:
    errors = word_errors("go forward ten meters now", "go backward ten meters right away now")
    assert (errors.substitutions, errors.deletions, errors.insertions) == (1, 0, 2)
    assert errors.rate == pytest.approx(3 / 5)


def test_nothing_heard_is_all_wrong() -> None:
    assert word_error_rate("go forward", "") == 1.0


def test_words_out_of_silence_are_an_error() -> None:
    assert word_error_rate("", "you") == 1.0
    assert word_error_rate("", "") == 0.0


def test_missing_words_are_given_back_as_they_were_written() -> None:
    assert missing_words("A table for two.", ["Table", "FOUR", "for 2", "two for"]) == [
        "FOUR",
        "two for",
    ]


def test_a_part_of_a_word_is_not_the_word() -> None:
    assert not contains_words("The stable", ["table"])
    assert contains_words("The table", ["table"])


def test_a_word_written_apart_is_there() -> None:
    assert contains_words("good-bye then", ["goodbye"])


def test_no_words_are_always_there() -> None:
    assert contains_words("", [])
    assert contains_words("", ["..."])


def test_normalising_twice_changes_nothing() -> None:
    once = normalise("Mr. Smith's phone: 555-0123!")
    assert normalise(once) == once


def test_letters_forgive_a_slip_that_words_do_not() -> None:
    assert character_error_rate("Can you hear you?", "Can you him?") < 0.5
    assert character_error_rate("go forward", "Go forward!") == 0.0
    assert (character_error_rate("", "you"), character_error_rate("you", "")) == (1.0, 1.0)
    assert character_error_rate("", "") == 0.0


@pytest.mark.parametrize("word", ["", " ", "...", "–", *sorted(FILLERS)])
def test_what_normalising_takes_out_cannot_be_looked_for(word: str) -> None:
    assert normalise(word) == ""
    assert not can_be_looked_for(word)


@pytest.mark.parametrize("word", ["a", "10", "(aside)", "how many", "um, yes", "café"])
def test_what_it_leaves_can(word: str) -> None:
    assert normalise(word) != ""
    assert can_be_looked_for(word)
