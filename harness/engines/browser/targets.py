"""Targets of steps on a page, as data: an element, and where to look for it; knows no browser.

Plain data as scenarios have it: a text is a Playwright selector, a mapping says what a user sees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.errors import UsageError

Wanted = str | Mapping[str, Any]
"""An element as a scenario names it: "#start", or {"role": "button", "name": "Call us"}."""

WAYS = ("role", "text", "label", "placeholder", "test_id", "css")
"""By what an element is named, in a mapping: exactly one of them."""

POPUP = "popup"
"""The window that the page opened last."""

_WORDS = {
    "text": "the text",
    "label": "the field",
    "placeholder": "the field with the placeholder",
    "test_id": "the test id",
}


@dataclass(frozen=True, slots=True)
class Target:
    """An element, or several of a kind."""

    way: str
    """One of `WAYS`, or "selector"."""

    what: str
    """The role, the text, the selector and so on."""

    name: str | None = None
    """Its accessible name; only with a role."""

    exact: bool = False
    nth: int | None = None
    """Which of several, from 0; -1 is the last."""

    frames: tuple[Target, ...] = ()
    """The iframes it is in, from the outermost; none: the page, and then any frame of it."""

    window: int | None = None
    """A window that the page opened, from 1; 0: the newest; None: the page itself."""

    def __str__(self) -> str:
        parts = [self._named()]
        if self.nth is not None:
            parts.append("(the last)" if self.nth == -1 else f"(nth {self.nth})")
        parts += [f"in the frame {frame}" for frame in reversed(self.frames)]
        if self.window is not None:
            which = f"window {self.window} that the page opened" if self.window else "new window"
            parts.append(f"in the {which}" if not self.window else f"in {which}")
        return " ".join(parts)

    def _named(self) -> str:
        if self.way == "role":
            return f"the {self.what}" + (f" “{self.name}”" if self.name is not None else "")
        return f"{_WORDS.get(self.way, '')} “{self.what}”".lstrip()


def read_target(wanted: Wanted) -> Target:
    """The target that plain data names; keys that are about something else are let be.

    Raises:
        UsageError: none of `WAYS`, or more than one.
    """
    if isinstance(wanted, str):
        return Target("selector", wanted)
    given = [way for way in WAYS if wanted.get(way) is not None]
    if len(given) != 1:
        raise UsageError(
            "This names no element of the page.",
            expected=f"a selector, or a mapping with exactly one of {', '.join(WAYS)}",
            found=repr(dict(wanted)),
        )
    frame = wanted.get("frame")
    frames = [frame] if isinstance(frame, str | Mapping) else frame
    return Target(
        "selector" if given == ["css"] else given[0],
        str(wanted[given[0]]),
        wanted.get("name"),
        bool(wanted.get("exact")),
        wanted.get("nth"),
        read_frames(frames),
        read_window(wanted.get("page")),
    )


def read_frames(frames: Sequence[Wanted] | None) -> tuple[Target, ...]:
    """The iframes that plain data names, from the outermost."""
    return tuple(read_target(frame) for frame in frames or ())


def read_window(page: str | int | None) -> int | None:
    """Which window plain data means: "popup", or its number."""
    return 0 if page == POPUP else None if page is None else int(page)


def has_target(wanted: Mapping[str, Any]) -> bool:
    """Whether plain data names an element at all."""
    return any(wanted.get(way) is not None for way in WAYS)
