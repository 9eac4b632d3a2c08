"""`harness bench server`: what is computed, and one real run with one page."""

from __future__ import annotations

from typing import Any

import pytest

from harness.bench import server as bench
from harness.bench.server import ServerBench, _concealed, _sent_shares, _times


def with_figures(shares: dict[int, float | None]) -> ServerBench:
    made = ServerBench.__new__(ServerBench)
    made.figures = {
        calls: {"concealed_share_heard_worst": share, "concealed_share_sent_worst": 0.0}
        for calls, share in shares.items()
    }
    return made


@pytest.mark.parametrize(
    ("shares", "best"),
    [
        ({1: 0.0, 4: 0.01, 8: 0.02}, 4),
        ({1: 0.0, 4: 0.02, 8: 0.0}, 1),
        ({1: 0.0, 4: 0.0, 8: None}, 4),
        ({1: 0.5}, None),
        ({1: 0.0, 4: 0.0, 6: 0.0, 8: 0.4}, 6),
    ],
)
def test_the_largest_good_number_lies_below_the_first_bad_one(
    shares: dict[int, float | None], best: int | None
) -> None:
    """A call without audio is not a good one."""
    assert with_figures(shares).best() == best


def test_nothing_is_measured_that_is_known_already() -> None:
    made = with_figures({1: 0.0, 4: 0.0, 6: 0.2, 8: 0.4})
    assert [calls for calls in (3, 5, 6, 7, 9) if not made.knows(calls)] == [5]


def test_the_worst_call_counts_and_a_silent_one_is_unknown() -> None:
    assert _concealed("heard", [0.0, 0.02, 0.01]) == {
        "concealed_share_heard": 0.01,
        "concealed_share_heard_worst": 0.02,
    }
    assert _concealed("sent", [0.0, None])["concealed_share_sent_worst"] is None
    assert _concealed("sent", [])["concealed_share_sent"] is None


def test_only_what_the_window_added_counts() -> None:
    """And a call that began in it does not."""

    def numbers(concealed: int, played: int) -> dict[str, Any]:
        return {"concealed_samples": concealed, "total_samples_received": played}

    before = {"a": numbers(100, 1000)}
    after = {"a": numbers(110, 2000), "b": numbers(500, 500)}
    assert _sent_shares(before, after) == [0.01]


def test_times_are_absent_where_nothing_happened() -> None:
    assert _times("x_ms", []) == {"x_ms_p50": None, "x_ms_p95": None, "x_ms_count": 0}
    assert _times("x_ms", [3.0, 1.0, 2.0])["x_ms_p50"] == 2.0


@pytest.mark.browser
async def test_a_page_talks_and_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """With detection, recognition and synthesis."""
    monkeypatch.setattr(bench, "AT_CALLS", (1,))
    monkeypatch.setattr(bench, "MORE_CALLS", ())
    monkeypatch.setattr(bench, "LESS_CALLS", ())
    figures = await bench.measure(seconds=12.0)
    one = figures["at"]["1"]
    assert one["turns"] >= 1
    assert one["recognised"] >= 1
    assert one["answered"] >= 1
    assert one["first_audio_ms_count"] >= 1
    assert one["event_delay_ms_count"] >= 10
    assert one["concealed_share_heard"] is not None
    assert one["cores"]["server"] > 0
    assert one["cores"]["browser"] > 0
    assert one["errors"] == 0
