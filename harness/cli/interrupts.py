"""Interrupts of a coroutine: Ctrl-C and a polite kill end it by its own clean-up.

The first signal cancels the work; its context managers close the call, the browser and the
server, and write what was recorded. A second Ctrl-C does not wait for that.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any, TypeVar

from harness.errors import HarnessError

T = TypeVar("T")

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


_RECEIVED: ContextVar[list[signal.Signals]] = ContextVar("received")


def ending_signal() -> signal.Signals | None:
    """The signal that ends the work that runs now; None: none has come.

    For work that keeps something of what was done when it is cancelled.
    """
    received = _RECEIVED.get([])
    return received[0] if received else None


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` to its end.

    Raises:
        HarnessError: it cannot run on this platform, or the clean-up lost something.
        KeyboardInterrupt: Ctrl-C, after the clean-up.
        SystemExit: SIGTERM or SIGHUP, after the clean-up; the code is 128 + signal.
    """
    refuse_platform(work, sys.platform)
    with asyncio.Runner() as runner:
        return runner.run(_stoppable(work))


def refuse_platform(work: Coroutine[Any, Any, Any], platform: str) -> None:
    """Say at once where it cannot run, and not by an error in the middle.

    Raises:
        HarnessError: on Windows; ``work`` is closed then.
    """
    if platform != "win32":
        return
    work.close()
    raise HarnessError(
        "Calls and servers do not run on Windows.",
        expected="Linux or macOS: processes are ended by signals, and locked by flock",
        found=platform,
        hint="run it in WSL; reports, `doctor` and `cache` work here",
    )


async def _stoppable(work: Coroutine[Any, Any, T]) -> T:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    received: list[signal.Signals] = []
    _RECEIVED.set(received)

    def stop(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)  # the next one is not ours: it ends at once
        received.append(number)
        if len(received) > 1:
            return
        task.cancel()
        with contextlib.suppress(OSError):  # the terminal that hung up takes no words any more
            print("\nharness: stopping", file=sys.stderr, flush=True)

    for number in ENDING:
        loop.add_signal_handler(number, stop, number)
    try:
        return await work
    except HarnessError:
        raise
    except (asyncio.CancelledError, Exception) as error:
        # What is cancelled may fail in its own way: a page that is asked while its browser closes.
        if not received:
            raise
        why = None if isinstance(error, asyncio.CancelledError) else error
        if received[0] is signal.SIGINT:
            raise KeyboardInterrupt from why
        raise SystemExit(128 + received[0]) from why
    finally:
        for number in ENDING:
            loop.remove_signal_handler(number)
