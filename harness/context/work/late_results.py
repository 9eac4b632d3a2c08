"""Results of long work on their way: into the session, or into the thread when the call is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from harness.context.context import Context, Row
from harness.context.delivery import LateResult
from harness.context.thread_items import row_of
from harness.facts.contexts import ContextFact, ThinkingDelivered


class LateResults:
    """Those of one call; none of them is lost.

    Args:
        note: told when each is delivered, and where.
        now: gives the time on the call's timeline.
    """

    def __init__(self, note: Callable[[ContextFact], None], now: Callable[[], float]) -> None:
        self._note = note
        self._now = now
        self._came_s: dict[str, float] = {}
        self._results: dict[str, LateResult] = {}

    def came(self, result: LateResult) -> None:
        """Something is there."""
        self._came_s[result.job] = self._now()
        self._results[result.job] = result

    def drop(self, tool: str) -> None:
        """What came of this tool, and was not delivered, is not wanted any more."""
        self._results = {job: one for job, one in self._results.items() if one.tool != tool}

    def put_in(self, results: Iterable[LateResult]) -> None:
        """They are in the session."""
        for result in results:
            self._delivered(result, "session")

    def rows(self, context: Context, is_kept: Callable[[str], bool], unix_s: float) -> list[Row]:
        """What the thread lacks, now that the call is over.

        Args:
            is_kept: whether an item of the conversation has come into the thread by itself.
        """
        rows = []
        for result in list(self._results.values()):
            if is_kept(result.item_id):
                continue
            call, output = result.items()
            row = row_of(call, output, context, unix_s)
            assert row is not None
            rows.append(row)
            self._delivered(result, "thread")
        return rows

    def _delivered(self, result: LateResult, where: Literal["session", "thread"]) -> None:
        waited_s = max(0.0, self._now() - self._came_s[result.job])
        self._note(ThinkingDelivered(result.job, where, round(waited_s, 6)))
