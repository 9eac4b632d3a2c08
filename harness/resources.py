"""Shipped files: in a checkout beside the package, installed inside it."""

from __future__ import annotations

from pathlib import Path

from harness.errors import HarnessError

_PACKAGE = Path(__file__).resolve().parent


def web_dir() -> Path:
    """The folder that holds ``probe``, ``audio``, ``peer``, ``client``, ``report`` and others."""
    return _find("web")


def fixtures_dir() -> Path:
    """The folder that holds ``audio``, ``scenarios`` and ``manifest.json``."""
    return _find("fixtures")


def _find(name: str) -> Path:
    places = [_PACKAGE.parent / name, _PACKAGE / "_data" / name]
    for place in places:
        if place.is_dir():
            return place
    raise HarnessError(
        f"The harness's own “{name}” files are missing.",
        expected=f"one of {', '.join(map(str, places))}",
        found="neither",
        hint="install the package again",
    )
