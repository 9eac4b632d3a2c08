"""Bounds on getStats in a scenario."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from harness.scenario.stats_wish import StatsWish

ADAPTER: TypeAdapter[dict[str, str]] = TypeAdapter(StatsWish)


def test_names_and_bounds_that_there_are() -> None:
    wish = {"concealment": "< 1 %", "jitter_ms": "< 30"}
    assert ADAPTER.validate_python(wish) == wish


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"concealmnt": "< 1 %"}, "“concealment” is the nearest"),
        ({"zzz": "< 1 %"}, "there is no statistic “zzz”"),
        ({"jitter_ms": "< 1 %"}, "no bound on jitter_ms"),
        ({}, "at least 1"),
    ],
)
def test_others_are_refused(wish: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ADAPTER.validate_python(wish)
