"""Checks of what a page's context is given, before any browser starts."""

from __future__ import annotations

import difflib
import json
import re
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PERMISSIONS = (
    "accelerometer", "ambient-light-sensor", "background-sync", "camera", "clipboard-read",
    "clipboard-write", "geolocation", "gyroscope", "local-fonts", "local-network-access",
    "magnetometer", "microphone", "midi", "midi-sysex", "notifications", "payment-handler",
    "screen-wake-lock", "storage-access",
)  # fmt: skip
"""What Playwright can grant in Chromium."""

_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def known_permission(name: str) -> str:
    """The permission.

    Raises:
        ValueError: Chromium has no such one; names the nearest.
    """
    if name not in PERMISSIONS:
        near = nearest(name, PERMISSIONS) or f"Chromium knows {', '.join(PERMISSIONS)}"
        raise ValueError(f"there is no permission “{name}”; {near}")
    return name


def known_time_zone(name: str) -> str:
    """The time zone.

    Raises:
        ValueError: there is no such one; names the nearest.
    """
    zones = zoneinfo.available_timezones()
    # A machine may have no list of time zones; then the browser's word has to do.
    if zones and name not in zones:
        near = nearest(name, zones) or "it is named like Europe/Berlin"
        raise ValueError(f"there is no time zone “{name}”; {near}")
    return name


def known_form_of_locale(name: str) -> str:
    """The locale.

    Raises:
        ValueError: it has not the form of one.
    """
    if not _LOCALE.fullmatch(name):
        raise ValueError(f"“{name}” is no locale; one is written like de-DE")
    return name


def read_storage_state(path: Path) -> dict[str, Any]:
    """A login that was saved with Playwright.

    Raises:
        ValueError: no such file, or something else in it; says what.
    """
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(
            f"cannot read the saved login {path}: {error.strerror}; Playwright's "
            "context.storage_state(path=…) writes one"
        ) from error
    except ValueError as error:
        raise ValueError(f"the saved login {path} is not JSON: {error}") from error
    if (found := _not_a_state(state)) is not None:
        raise ValueError(
            f"{path} is no login that Playwright saved, {{cookies: […], origins: […]}}: {found}"
        )
    return dict(state)


def _not_a_state(state: Any) -> str | None:
    if not isinstance(state, dict):
        return f"it holds a {type(state).__name__}"
    for part, needed in (("cookies", ("name", "value")), ("origins", ("origin",))):
        entries = state.get(part, [])
        if not isinstance(entries, list):
            return f"{part} is a {type(entries).__name__}"
        for number, entry in enumerate(entries, start=1):
            lacks = [n for n in needed if not isinstance(entry, dict) or n not in entry]
            if lacks:
                return f"{' and '.join(lacks)} is missing in entry {number} of {part}"
    if not {"cookies", "origins"} & state.keys():
        return "it has neither"
    return None


def nearest(name: str, names: Iterable[str]) -> str | None:
    """In words, the names that are nearest; None: none is near."""
    known = {known.casefold(): known for known in names}
    close = difflib.get_close_matches(name.casefold(), sorted(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(known[one] for one in close)}?" if close else None
