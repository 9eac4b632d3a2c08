"""Bounds on getStats that a scenario expects."""

from __future__ import annotations

import difflib
from typing import Annotated

from pydantic import AfterValidator, Field

from harness.score.stats_bounds import STATISTICS, read_bound


def _known(name: str) -> str:
    if name in STATISTICS:
        return name
    close = difflib.get_close_matches(name, STATISTICS, n=1, cutoff=0.5)
    meant = f"; “{close[0]}” is the nearest" if close else ""
    raise ValueError(f"there is no statistic “{name}”{meant}: {', '.join(STATISTICS)}")


def _can_be_read(bounds: dict[str, str]) -> dict[str, str]:
    for name, text in bounds.items():
        read_bound(name, text)
    return bounds


StatsWish = Annotated[
    dict[
        Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": [*STATISTICS]})],
        str,
    ],
    Field(min_length=1),
    AfterValidator(_can_be_read),
]
"""A bound, as “< 1 %”, for each statistic."""
