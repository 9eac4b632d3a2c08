"""What is a copy is told from what is none."""

from __future__ import annotations

from harness.audio.clip import silence
from harness.audio.fixtures import find_fixture
from harness.bench.copied_voices import measure, said_by


def test_copies_are_more_like_than_anything_else() -> None:
    names = ("goforward", "booking-table-for-two", "booking-table-for-two-michael")
    said = [said_by(name, find_fixture(name).load().clip) for name in names]
    rows = measure([one for one in said if one], ["opus"])
    assert sum(row["copies"] for row in rows) >= 3
    assert sum(row["others"] for row in rows) == 2 * sum(row["copies"] for row in rows)
    assert all(row["least_of_copies"] > row["greatest_of_others"] for row in rows)


def test_who_says_nothing_is_left_out() -> None:
    assert said_by("nobody", silence(1.0)) is None
