"""Buttons on the page of a line: for errors about pages that begin no call."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol, runtime_checkable

from harness.errors import HarnessError
from harness.terminal_text import printable

MOST_NAMED = 6
LONGEST = 60
LOOK_S = 1.0


@runtime_checkable
class PageButtons(Protocol):
    """A line whose page can be asked."""

    async def buttons(self) -> Sequence[str]:
        """The names of the buttons that a user can see and press, in their order.

        Raises:
            HarnessError: the page cannot be asked now.
        """
        ...


async def buttons_in_words(line: object) -> str:
    """Such as: buttons on the page: “Start”, “Call us”. "" for none, and where nobody can tell."""
    names: Sequence[str] = ()
    if isinstance(line, PageButtons):
        with suppress(HarnessError, TimeoutError):
            async with asyncio.timeout(LOOK_S):
                names = await line.buttons()
    shown = list(dict.fromkeys(f"“{_short(name)}”" for name in names if name.strip()))
    if not shown:
        return ""
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    return f"buttons on the page: {', '.join(shown[:MOST_NAMED])}{more}"


def _short(name: str) -> str:
    """In one line, and with what would steer a terminal written out: the page chose it."""
    flat = printable(" ".join(name.split()))
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"
