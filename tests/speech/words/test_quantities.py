import pytest

from harness.speech.words import find_phrase


@pytest.mark.parametrize(
    ("text", "not_there"),
    [
        ("minus twenty-three", "twenty-three"),
        ("negative 5", "5"),
        ("three point five", "five"),
        ("two and a half", "two"),
        ("10:15", "1015 people"),
    ],
)
def test_a_number_is_not_found_in_another(text: str, not_there: str) -> None:
    assert find_phrase(text.split(), not_there) is None
    assert find_phrase(text.split(), text) is not None


def test_a_minus_between_numbers_is_no_sign() -> None:
    assert find_phrase(["ten", "minus", "three"], "three") is not None


def test_two_digits_are_a_row_only_behind_a_letter() -> None:
    assert find_phrase(["gate", "b", "one", "two"], "B12") is not None
    assert find_phrase(["table", "one", "two", "people"], "12") is None
