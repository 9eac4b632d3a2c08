"""Whether a voice was understood at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.score.understood import not_understood
from tests.support.fake_witness import report

CLEAR = "we are open on sunday from nine"


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (report(CLEAR), report(CLEAR), ""),
        (report(CLEAR), report("we are open on monday from nine"), ""),
        (report(""), report(""), "no ear understood a word"),
        (report(CLEAR), report("unless they were the whole of a woman"), "different things"),
        (report(CLEAR, 0.6), report(CLEAR, 0.65), "all ears guess"),
        (report(CLEAR, 0.6), report(CLEAR, 0.9), ""),
        (report("two"), report("too much"), ""),
        (report("two", 0.3), report("two", 0.3), ""),
    ],
)
def test_it_is_said_why(one: object, other: object, why: str) -> None:
    found = not_understood([one, other])  # type: ignore[list-item]
    assert why in found
    assert bool(found) is bool(why)


def test_an_ear_that_broke_says_nothing_about_the_voice() -> None:
    assert not_understood([report(""), replace(report(""), problem="it hangs")]) == ""
