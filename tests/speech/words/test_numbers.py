from decimal import Decimal

import pytest

from harness.speech.words.numbers import numbers_in
from harness.speech.words.pieces import pieces_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("forty-two", ["42"]),
        ("two hundred and fifty", ["250"]),
        ("nineteen hundred", ["1900"]),
        ("one thousand two hundred thirty four", ["1234"]),
        ("one thousand, two hundred", ["1200"]),
        ("two million three hundred thousand and five", ["2300005"]),
        ("3.5 million", ["3500000"]),
        ("20 thousand", ["20000"]),
        ("seven thirty", ["7", "30"]),
        ("nineteen ninety-five", ["19", "95"]),
        ("five five five", ["5", "5", "5"]),
        ("double five", ["55"]),
        ("two oh four", ["2", "0", "4"]),
        ("oh dear", []),
        ("twenty, five", ["20", "5"]),
        ("twenty-first", ["21"]),
        ("twenty twenty-six", ["20", "26"]),
        ("you and two hundred and us", ["200"]),
    ],
)
def test_the_longest_number_is_one(text: str, values: list[str]) -> None:
    assert [n.value for n in numbers_in(pieces_of(text.split()))] == [Decimal(v) for v in values]


def test_what_can_be_part_of_a_row_of_digits() -> None:
    numbers = numbers_in(pieces_of(["five", "0199", "eight", "hundred", "1,234", "4th"]))
    assert [number.digits for number in numbers] == ["5", "0199", "800", None, None]
