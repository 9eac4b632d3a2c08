import pytest

from harness.speech.words import Match, find_phrase


def test_the_first_place_is_given() -> None:
    assert find_phrase(["two", "and", "two"], "2") == Match(0, 0, "same")


def test_a_word_in_two_tokens_is_both() -> None:
    assert find_phrase([" It's", " $42", ".50,", " Kim"], "$42.50") == Match(1, 2, "same")
    assert find_phrase(["at", "7", ":30", "pm"], "7:30 pm") == Match(1, 3, "same")


def test_the_surest_rule_goes_before_the_first_place() -> None:
    assert find_phrase(["over", "their", "or", "over", "there"], "there") == Match(4, 4, "same")


def test_fillers_within_a_phrase_are_passed_over() -> None:
    tokens = ["on", "um", "Tuesday", "uh", "morning"]
    assert find_phrase(tokens, "Tuesday morning") == Match(2, 4, "same")


def test_the_weakest_word_says_how() -> None:
    match = find_phrase(["ask", "Chevonne", "Smyth"], "Siobhan Smith")
    assert match == Match(1, 2, "near")


def test_a_phrase_without_a_word_is_nowhere() -> None:
    assert find_phrase(["yes"], "...") is None
    assert find_phrase([], "yes") is None


@pytest.mark.parametrize(
    ("heard", "wanted"),
    [
        ("Boarding starts at 615.", "6:15"),
        ("at 11:45", "a quarter to twelve"),
        ("at a quarter past six", "6:15"),
        ("at 615 p.m.", "6:15 pm"),
        ("at 605", "six oh five"),
        ("flight 6:15", "flight 615"),
    ],
)
def test_a_time_and_a_number_that_are_read_out_alike_are_homophones(
    heard: str, wanted: str
) -> None:
    match = find_phrase(heard.split(), wanted)
    assert match is not None
    assert match.how in ("same", "homophone")


@pytest.mark.parametrize(
    ("heard", "wanted"),
    [
        ("at 615", "6:15 pm"),
        ("at 650", "6:15"),
        ("at 1200", "12:00"),
        ("room 6150", "6:15"),
        ("$615", "6:15"),
        ("at 6:15", "$615"),
    ],
)
def test_a_time_is_no_other_number(heard: str, wanted: str) -> None:
    assert find_phrase(heard.split(), wanted) is None
