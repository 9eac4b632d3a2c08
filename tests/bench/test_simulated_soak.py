"""Hours of conversation; here half a minute of one, twice."""

from __future__ import annotations

import pytest

from harness.bench import simulated_soak as long_talk
from harness.bench.simulated_soak import _growth, _tick, _user, measure


async def test_every_turn_is_recognised_and_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that expires is followed by the next."""
    monkeypatch.setattr("harness.realtime.server.response_faults.MAX_SESSION_S", 20.0)
    figures = await measure(hours=36 / 3600)
    assert figures["sessions"] == 2
    assert figures["turns"] >= 3
    assert figures["recognised"] >= 3
    assert figures["answered"] >= 3
    assert figures["mistakes"] == 0, figures["first_mistakes"]
    assert len(figures["memory_bytes"]) == 2
    assert figures["handle_growth"] <= 0


def test_growth_counts_from_the_end_of_the_first_session() -> None:
    """Until then models are loaded."""
    assert _growth([100, 200, 300, 400], hours=4.0) == 100
    assert _growth([100], hours=1.0) is None


def test_the_user_repeats_to_the_sample() -> None:
    """So that what was recognised once need not be again."""
    user = _user()
    assert len(user) % long_talk.TICK_FRAMES == 0
    assert (_tick(user, 5) == _tick(user, 5 + len(user) // long_talk.TICK_FRAMES)).all()
