"""Numbers as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.speech.text.spoken_numbers import (
    LARGEST,
    cardinal,
    clock_time,
    code,
    decimal,
    digits,
    money,
    ordinal,
    year,
)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (42, "forty two"),
        (100, "one hundred"),
        (215, "two hundred fifteen"),
        (1_001, "one thousand one"),
        (1_250_000, "one million two hundred fifty thousand"),
    ],
)
def test_a_number_is_counted(number: int, said: str) -> None:
    assert cardinal(number) == said


@given(st.integers(0, LARGEST * 10))
def test_every_number_is_said_without_a_digit(number: int) -> None:
    for said in (cardinal(number), ordinal(number), digits(str(number)), year(number % 10_000)):
        assert said
        assert not any(sign.isdigit() for sign in said)


@given(st.integers(0, LARGEST - 1), st.integers(0, LARGEST - 1))
def test_two_numbers_are_never_said_the_same(one: int, other: int) -> None:
    assert (cardinal(one) == cardinal(other)) == (one == other)


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "first"), (2, "second"), (12, "twelfth"), (20, "twentieth"), (31, "thirty first")],
)
def test_an_ordinal_ends_as_one(number: int, said: str) -> None:
    assert ordinal(number) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1995, "nineteen ninety five"),
        (1900, "nineteen hundred"),
        (1907, "nineteen oh seven"),
        (2000, "two thousand"),
        (2005, "two thousand five"),
        (2026, "twenty twenty six"),
    ],
)
def test_a_year_is_said_in_pairs(number: int, said: str) -> None:
    assert year(number) == said


@pytest.mark.parametrize(
    ("hour", "minute", "half", "said"),
    [
        (7, 30, "p", "seven thirty P M"),
        (7, 5, None, "seven oh five"),
        (9, 0, "a", "nine A M"),
        (12, 0, None, "twelve o'clock"),
        (19, 30, None, "nineteen thirty"),
        (0, 15, None, "zero fifteen"),
        (0, 15, "a", "twelve fifteen A M"),
    ],
)
def test_a_time_of_day(hour: int, minute: int, half: str | None, said: str) -> None:
    assert clock_time(hour, minute, half) == said


def test_money_names_both_of_its_units() -> None:
    assert money(42, 50, "dollar", "cent") == "forty two dollars and fifty cents"
    assert money(1, 1, "pound", "penny") == "one pound and one penny"
    assert money(0, 99, "pound", "penny") == "ninety nine pence"
    assert money(3, 0, "euro", "cent") == "three euros"


def test_a_code_is_read_sign_by_sign() -> None:
    assert code("A7B") == "A seven B"
    assert code("B1234") == "B one two three four"


def test_a_gate_a_seat_and_a_road_have_a_number() -> None:
    said = {"B12": "B twelve", "14C": "fourteen C", "M25": "M twenty five", "B07": "B oh seven"}
    assert {text: code(text) for text in said} == said
    assert code("BA-2490") == "B A two four nine oh"


def test_decimals_are_read_digit_by_digit() -> None:
    assert decimal("3.05") == "three point zero five"
