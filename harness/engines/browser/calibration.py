"""Calibration of a run: the path's cost, measured now, or read from what was measured lately."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import aiohttp
from playwright.async_api import Error as PlaywrightError

from harness.browser.launch import Chromium
from harness.engines.browser.path_cost import PathCost, measure_path
from harness.errors import HarnessError, UsageError
from harness.facts.call import PathMeasured
from harness.speech.store import default_folder
from harness.version import VERSION

Calibration: TypeAlias = Literal["auto", "always", "off"]
CALIBRATIONS: tuple[str, ...] = get_args(Calibration)

UNMEASURED = (HarnessError, PlaywrightError, aiohttp.ClientError, TimeoutError, OSError)
"""What a measurement that fails may raise: its page's call, its peer's process, or its time."""

FILE = "path-cost.json"
KEPT_FOR = timedelta(hours=12)
"""A cost measured within this time, by this browser on this machine, is taken as it is."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A cost, and when it was measured."""

    cost: PathCost
    at: datetime
    backend: str

    @property
    def fact(self) -> PathMeasured:
        """As a call's trace holds it."""
        return PathMeasured(
            path_s=round(self.cost.path_s, 5),
            uncertainty_s=round(self.cost.uncertainty_s, 5),
            buffer_s=round(self.cost.buffer_s, 5),
            count=self.cost.count,
            backend=self.backend,
            measured_at=self.at.isoformat(timespec="seconds"),
        )


def check_calibration(given: str) -> None:
    """See that it is one of `CALIBRATIONS`.

    Raises:
        UsageError: it is not.
    """
    if given not in CALIBRATIONS:
        expected = " or ".join(CALIBRATIONS)
        raise UsageError("There is no such calibration.", expected=expected, found=given)


async def calibrated(
    chromium: Chromium,
    how: str,
    backend: str,
    folder: Path | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Measured | None:
    """The path's cost; None where it is off, or cannot be measured: no run fails for it.

    Args:
        chromium: the run's.
        how: "auto" takes what was measured lately, "always" measures, "off" does neither.
        backend: the WebRTC implementation at the other end, as in the local server.
        folder: of the harness's caches; the user's where absent.
        now: the time.
    """
    if how == "off":
        return None
    folder = folder or default_folder()
    key = key_of(chromium.info.version, backend)
    if how == "auto" and folder is not None and (kept := read_kept(folder, key, now())):
        return kept
    try:
        measured = Measured(await measure_path(chromium, backend), now(), backend)
    except UNMEASURED:
        return None
    if folder is not None:
        keep(folder, key, measured)
    return measured


def key_of(browser_version: str, backend: str) -> str:
    """What a cost holds for: this version, this browser, this end, on a machine like this."""
    return f"{VERSION} {browser_version} {backend} {os.cpu_count()}"


def read_kept(folder: Path, key: str, now: datetime) -> Measured | None:
    """What was kept under this key, if it is not too old and can be read."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))[key]
        at = datetime.fromisoformat(kept.pop("at"))
        backend = str(kept.pop("backend"))
        cost = PathCost(**kept)
        return Measured(cost, at, backend) if timedelta(0) <= now - at <= KEPT_FOR else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def keep(folder: Path, key: str, measured: Measured) -> None:
    """Keep it beside the others; where that fails, the next run measures again."""
    path = folder / FILE
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            kept = {}
        if not isinstance(kept, dict):
            kept = {}
        at = measured.at.isoformat()
        kept[key] = {**asdict(measured.cost), "at": at, "backend": measured.backend}
        aside = path.with_suffix(f".{os.getpid()}.tmp")
        aside.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        aside.replace(path)
