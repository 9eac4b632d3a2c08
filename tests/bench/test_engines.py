"""The engines side by side."""

from __future__ import annotations

import pytest

from harness.bench import engines
from harness.bench.engines import measure
from harness.errors import PeerError


async def test_each_engine_is_measured_in_a_process_of_its_own() -> None:
    figures = await measure(["simulated"])
    assert set(figures) == {"simulated", "native", "default_native", "cores"}
    assert figures["simulated"]["connect_ms_median"] > 0


async def test_native_engines_stand_together(monkeypatch: pytest.MonkeyPatch) -> None:
    async def pretend(engine: str) -> dict[str, str]:
        return {"engine": engine}

    monkeypatch.setattr(engines, "_in_process", pretend)
    figures = await measure()
    assert figures["browser"] == {"engine": "browser"}
    assert figures["native"] == {"wrtc": {"engine": "wrtc"}, "aiortc": {"engine": "aiortc"}}


async def test_an_engine_that_cannot_be_measured_says_why() -> None:
    with pytest.raises(PeerError, match="no such WebRTC engine"):
        await measure(["gstreamer"])
