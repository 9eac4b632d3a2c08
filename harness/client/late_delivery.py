"""Delivery of late results in a client's call: put in when neither side speaks."""

from __future__ import annotations

import asyncio
from typing import Any

from harness.client.core import ClientCore
from harness.context.delivery import Delivery, LateResult
from harness.context.work.late_results import LateResults
from harness.realtime.items import Item


class LateDelivery:
    """Of one call with a context; `close` ends it.

    Args:
        late: what is on its way.
    """

    def __init__(self, core: ClientCore, late: LateResults) -> None:
        self._core = core
        self._late = late
        self._delivery = Delivery(core.now_s())
        self._timer: asyncio.TimerHandle | None = None

    def came(self, result: LateResult) -> None:
        """Something is there."""
        self._late.came(result)
        self._delivery.add(result)
        self._deliver()

    def drop(self, tool: str) -> None:
        """What waits of this tool is not wanted any more."""
        self._late.drop(tool)
        self._delivery.drop(one.job for one in self._delivery.waiting if one.tool == tool)

    def on_server_event(self, event: dict[str, Any], now_s: float) -> None:
        """One event of the server."""
        self._delivery.on_server_event(event, now_s)
        self._deliver()

    def lost(self, now_s: float) -> None:
        """The connection went: nobody is heard any more; another may follow."""
        self._delivery.lost(now_s)

    def close(self) -> None:
        """Nothing is delivered any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _deliver(self) -> None:
        self.close()
        if self._core.connection.state != "open":
            return
        due = self._delivery.due(self._core.now_s())
        for result in due:
            for item in result.items():
                self._put_in(item)
        if due:
            self._core.runner.ask(lambda session: session.respond())
            self._late.put_in(due)
        self._set_timer()

    def _put_in(self, item: Item) -> None:
        self._core.runner.ask(lambda session: session.create_item(item))

    def _set_timer(self) -> None:
        wake_at_s = self._delivery.wake_at_s()
        if wake_at_s is not None:
            delay_s = max(0.01, wake_at_s - self._core.now_s())
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._deliver)
