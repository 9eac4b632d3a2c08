"""The figures of one engine, on the one that needs no time."""

from __future__ import annotations

import pytest

from harness.bench.engine_figures import _share as share
from harness.bench.engine_figures import main


async def test_every_figure_is_there() -> None:
    """Those that an engine does not have are None."""
    figures = await main("simulated")
    assert set(figures) == {
        "connect_ms_median",
        "echo_ms_median",
        "echo_ms_p99",
        "memory_per_call_bytes",
        *(
            f"{name}_{calls}"
            for name in ("cpu_per_call", "concealed_share_sent", "concealed_share_heard")
            for calls in ("1_call", "4_calls")
        ),
    }
    assert figures["connect_ms_median"] > 0
    assert 0 < figures["echo_ms_median"] <= figures["echo_ms_p99"]
    assert figures["concealed_share_heard_1_call"] is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((0, 0), (48, 48_000), 0.001),
        ((100, 48_000), (100, 96_000), 0.0),
        (None, (1, 2), None),
        ((1, 2), (1, 2), None),
    ],
)
def test_a_share_is_of_what_was_played_meanwhile(
    before: tuple[int, int] | None, after: tuple[int, int] | None, expected: float | None
) -> None:
    """Nothing played is no share, not 0."""
    assert share(before, after) == expected
