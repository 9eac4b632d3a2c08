"""A clock that a test moves by hand."""

from __future__ import annotations


class HandClock:
    """A clock that moves only when told to, for tests and simulations."""

    def __init__(self, start_s: float = 0.0) -> None:
        self._now_s = start_s

    def now_s(self) -> float:
        return self._now_s

    def advance(self, by_s: float) -> None:
        """Move forward by ``by_s`` seconds.

        Raises:
            ValueError: less than 0: a clock never goes backwards.
        """
        if by_s < 0:
            raise ValueError(f"a clock moves forward only, not by {by_s} s")
        self._now_s += by_s
