"""Moments in which this machine stood still, seen by a process that does nothing but wake up.

What judges audio or times in a browser measures with this machine as its instrument. A virtual
machine whose host gives it no processor for 0.2 s makes a hole in every sound and a step in every
clock: a measurement during which that was seen says nothing of us, and is repeated. One that fails
on a machine that ran on fails, at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator

import pytest
from _pytest._code.code import ExceptionRepr

STALL_S = 0.1
"""A wake-up so late is a stall; a busy machine wakes its processes within some milliseconds."""

REPEATS = 2
"""How often a disturbed measurement is repeated at most."""

_WAKE_UP = """
import os, sys, time
parent, late_s = int(sys.argv[1]), float(sys.argv[2])
last_s = time.monotonic()
print(0, 0, flush=True)
while os.getppid() == parent:
    time.sleep(0.01)
    now_s = time.monotonic()
    if now_s - last_s > late_s:
        print(last_s, now_s, flush=True)
    last_s = now_s
"""


class Witness:
    """A process that notes when it was woken up late; it ends with this one.

    Args:
        late_s: what is noted: two wake-ups so far apart.
    """

    def __init__(self, late_s: float = STALL_S) -> None:
        self._noted = tempfile.TemporaryFile()  # noqa: SIM115 - open till the end
        command = [sys.executable, "-S", "-c", _WAKE_UP, str(os.getpid()), str(late_s)]
        self._process = subprocess.Popen(command, stdout=self._noted)

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def stalls_since(self, began_s: float) -> list[tuple[float, float]]:
        """From when to when the machine stood still, as Python's monotonic time, in seconds.

        One at 0 says that it looks.
        """
        size = os.fstat(self._noted.fileno()).st_size
        lines = os.pread(self._noted.fileno(), size, 0).decode().splitlines()
        stalls = [(float(start), float(end)) for start, end in map(str.split, lines)]
        return [stall for stall in stalls if stall[1] > began_s]

    def end(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()
        self._noted.close()


class RepeatDisturbed:
    """A plugin of pytest: a `realtime` test that fails while the machine stood still is repeated.

    Args:
        witness: begins to look for stalls.
    """

    def __init__(self, witness: Callable[[], Witness] = Witness) -> None:
        self._begin_witness = witness
        self._witness: Witness | None = None
        self._began_s = 0.0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """What measures is measured again where it was disturbed."""
        for item in items:
            if item.get_closest_marker("realtime") is not None:
                item.add_marker(pytest.mark.flaky(reruns=REPEATS, condition=self._disturbed))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test begins, or begins again."""
        if item.get_closest_marker("realtime") is not None:
            self._witness = self._witness or self._begin_witness()
            self._began_s = time.monotonic()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What the machine did belongs to a failure."""
        report = yield
        if item.get_closest_marker("realtime") and isinstance(report.longrepr, ExceptionRepr):
            report.longrepr.addsection("Stalls of the machine", self._told())
        return report

    def pytest_unconfigure(self) -> None:
        """Nothing of ours is left."""
        if self._witness is not None:
            self._witness.end()

    def _stalls(self) -> list[tuple[float, float]]:
        return self._witness.stalls_since(self._began_s) if self._witness else []

    def _disturbed(self) -> bool:
        return bool(self._stalls())

    def _told(self) -> str:
        lengths_s = [end_s - start_s for start_s, end_s in self._stalls()]
        if not lengths_s:
            return f"none of {STALL_S} s or more"
        return f"{len(lengths_s)}, the longest of {max(lengths_s):.2f} s"
