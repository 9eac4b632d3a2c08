"""Time as an argument: clocks, and the one timeline of a call.

Everything in a call is placed on one axis: seconds since the call was opened, as counted by the
page's audio clock. Page events carry the page's ``performance`` time, Python's own steps carry
Python's monotonic time; `Timeline` maps both to that axis and says how wrong it may be.
"""

from __future__ import annotations

import time
from typing import Protocol

from harness.moved import symbol


class Clock(Protocol):
    """Monotonic seconds from an arbitrary zero."""

    def now_s(self) -> float:
        """Seconds since some moment; never less than before."""


class MonotonicClock:
    """The machine's monotonic clock."""

    def now_s(self) -> float:
        return time.monotonic()


def __getattr__(name: str) -> object:
    return symbol(__name__, name)
