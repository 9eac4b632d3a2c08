"""Calls against the local server, opened and closed."""

from __future__ import annotations

import pytest

from harness.bench import server_soak


async def test_calls_end_in_every_way_and_are_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the abandoned ones, which take the server half a minute."""
    monkeypatch.setattr(server_soak, "WARM_CALLS", 1)
    monkeypatch.setattr(server_soak, "MOST_ABANDONED", -server_soak.AT_ONCE)
    monkeypatch.setattr(server_soak, "ENDINGS", ("hung up", "closed", "answered"))
    figures = await server_soak.measure(minutes=0.08)
    assert figures["calls"] >= 3
    assert figures["failures"] == 0, figures["first_failures"]
    assert figures["calls_left"] == 0
    assert set(figures["endings"]) == {"hung up", "closed", "answered"}
    assert figures["memory_bytes"]
