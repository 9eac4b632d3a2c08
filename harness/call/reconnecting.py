"""A call whose connection was lost, and whether its page brings it back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from harness.errors import PeerLost
from harness.facts.call import CallBack, CallLost


class Reconnecting:
    """Waits for a page that connects again; what is lost for longer is lost.

    Args:
        within_s: how long the page may take; None: it is not waited for.
        give_up: told what was lost, once.
    """

    def __init__(self, within_s: float | None, give_up: Callable[[str], None]) -> None:
        self._within_s = within_s
        self._give_up = give_up
        self._since_s: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the call is lost just now."""
        return self._since_s is not None

    def lost(self, found: str, t_s: float) -> CallLost | None:
        """It was lost at that time; given back where the page has time from here on."""
        if self.is_waiting:
            return None  # what ends with it, one thing after another
        if self._within_s is None:
            self._give_up(found)
            return None
        self._since_s = t_s
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._within_s, self._late, found)
        return CallLost(found, self._within_s)

    def back(self, t_s: float) -> CallBack | None:
        """A connection of the call is up at that time; given back where one was waited for."""
        if self._since_s is None:
            return None
        took_s = round(t_s - self._since_s, 3)
        self.close()
        return CallBack(took_s)

    def close(self) -> None:
        """Wait no more."""
        if self._timer is not None:
            self._timer.cancel()
        self._since_s = self._timer = None

    def _late(self, found: str) -> None:
        self.close()
        self._give_up(f"{found}, and the page did not connect again within {self._within_s:g} s")


def call_lost(found: str, *, has_page: bool) -> PeerLost:
    """The error for a call that was lost, with what was found."""
    of_page = (
        "; a page's own button ends a call by `hang_up: {click: …}`; a page that connects again by "
        "itself has time for it by `reconnects_s`"
    )
    return PeerLost(
        "The call was lost.",
        expected="a call that lasts until one side hangs up",
        found=found,
        hint="look at the last events of the trace; the server may have ended the call"
        + (of_page if has_page else ""),
    )
