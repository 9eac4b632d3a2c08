"""Calibrations: measured, kept, read again, and never the reason that a run fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest
from playwright.async_api import Error as PlaywrightError

from harness.browser.launch import Chromium
from harness.engines.browser import calibration
from harness.engines.browser.calibration import FILE, KEPT_FOR, calibrated, check_calibration
from harness.engines.browser.path_cost import PathCost
from harness.errors import PeerLost, UsageError

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
CHROMIUM = cast("Chromium", SimpleNamespace(info=SimpleNamespace(version="156.0")))


class Paths:
    """Stands in for the measurement."""

    def __init__(self) -> None:
        self.measured = 0
        self.fails: Exception | None = None

    async def measure(self, chromium: Chromium, backend: str) -> PathCost:
        self.measured += 1
        if self.fails is not None:
            raise self.fails
        return PathCost(0.16 + self.measured / 100, 0.004, 0.05, 5)


@pytest.fixture
def paths(monkeypatch: pytest.MonkeyPatch) -> Paths:
    paths = Paths()
    monkeypatch.setattr(calibration, "measure_path", paths.measure)
    return paths


async def path_s(
    folder: Path, how: str = "auto", hours: float = 0.0, backend: str = "wrtc", **more: Any
) -> float | None:
    chromium = more.get("chromium", CHROMIUM)
    found = await calibrated(chromium, how, backend, folder, lambda: NOON + timedelta(hours=hours))
    return found.fact.path_s if found else None


async def test_what_was_measured_lately_is_read_again(tmp_path: Path, paths: Paths) -> None:
    assert await path_s(tmp_path) == 0.17
    assert await path_s(tmp_path, hours=11.9) == 0.17
    assert paths.measured == 1


async def test_what_is_old_or_of_something_else_is_measured(tmp_path: Path, paths: Paths) -> None:
    await path_s(tmp_path)
    assert await path_s(tmp_path, hours=KEPT_FOR.total_seconds() / 3600 + 0.1) == 0.18
    assert await path_s(tmp_path, backend="aiortc") == 0.19
    other = SimpleNamespace(info=SimpleNamespace(version="157.0"))
    assert await path_s(tmp_path, chromium=other) == 0.20
    assert await path_s(tmp_path, how="always") == 0.21
    assert await path_s(tmp_path, hours=-1) == 0.22, "kept in the future: a clock was set"


async def test_off_measures_and_reads_nothing(tmp_path: Path, paths: Paths) -> None:
    await path_s(tmp_path)
    assert await path_s(tmp_path, how="off") is None
    assert paths.measured == 1


@pytest.mark.parametrize(
    "error",
    [
        PeerLost("The path's cost cannot be measured."),
        PlaywrightError("the peer connection failed"),
        aiohttp.ServerDisconnectedError(),
        TimeoutError(),
        OSError("no more processes"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_path_that_cannot_be_measured_is_not_known(
    tmp_path: Path, paths: Paths, error: Exception
) -> None:
    paths.fails = error
    assert await path_s(tmp_path) is None
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("kept", ["", "[]", "{", '{"x": 1}'])
async def test_a_broken_file_is_replaced(tmp_path: Path, paths: Paths, kept: str) -> None:
    (tmp_path / FILE).write_text(kept)
    assert await path_s(tmp_path) == 0.17
    assert await path_s(tmp_path) == 0.17


def test_only_three_words_are_known() -> None:
    with pytest.raises(UsageError, match="no such calibration"):
        check_calibration("sometimes")
    check_calibration("auto")
