"""Interrupts of a coroutine: Ctrl-C and a polite kill end it by its own clean-up.

The first signal cancels the work; its context managers close the call, the browser and the
server, and write what was recorded. A second Ctrl-C does not wait for that.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` to its end.

    Raises:
        KeyboardInterrupt: Ctrl-C, after the clean-up.
        SystemExit: SIGTERM or SIGHUP, after the clean-up; the code is 128 + signal.
    """
    with asyncio.Runner() as runner:
        return runner.run(_stoppable(work))


async def _stoppable(work: Coroutine[Any, Any, T]) -> T:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    received: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)  # the next one is not ours: it ends at once
        if not received:
            print("\nharness: stopping", file=sys.stderr, flush=True)
            task.cancel()
        received.append(number)

    for number in ENDING:
        loop.add_signal_handler(number, stop, number)
    try:
        return await work
    except asyncio.CancelledError:
        if not received:
            raise
        if received[0] is signal.SIGINT:
            raise KeyboardInterrupt from None
        raise SystemExit(128 + received[0]) from None
    finally:
        for number in ENDING:
            loop.remove_signal_handler(number)
