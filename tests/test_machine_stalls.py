"""A measurement that the machine disturbed is repeated; one that it did not disturb is not."""

from __future__ import annotations

import os
import signal
import time

import psutil
import pytest

from tests.support.machine_stalls import Witness
from tests.support.waiting import until

pytest_plugins = ["pytester"]

CONFTEST = """
import pytest
from tests.support.machine_stalls import RepeatDisturbed

class Told:
    def stalls_since(self, began_s): return {stalls}
    def end(self): print("the witness ended")

def pytest_configure(config):
    config.addinivalue_line("markers", "realtime: measures")
    config.pluginmanager.register(RepeatDisturbed(Told))
"""

FAILS = """
import pytest
tries = []
@pytest.mark.realtime
def test_it():
    tries.append(1)
    assert len(tries) > 1
def test_another(): assert False
"""


async def test_a_stop_is_noted() -> None:
    witness = Witness(late_s=0.05)
    try:
        process = psutil.Process(witness.pid)
        await until(lambda: bool(witness.stalls_since(-1)))  # it looks
        before_s = time.monotonic()
        os.kill(process.pid, signal.SIGSTOP)
        await until(lambda: process.status() == psutil.STATUS_STOPPED)
        stopped_s = time.monotonic()
        await until(lambda: time.monotonic() > stopped_s + 0.1)
        os.kill(process.pid, signal.SIGCONT)
        await until(lambda: bool(witness.stalls_since(stopped_s)))
        start_s, end_s = witness.stalls_since(before_s)[-1]
        assert start_s < stopped_s + 0.05 < end_s
        assert not witness.stalls_since(time.monotonic() + 60)
    finally:
        witness.end()
    assert not process.is_running()


def test_what_was_disturbed_is_repeated_and_told(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST.format(stalls=[(1.0, 1.25), (2.0, 2.5)]))
    pytester.makepyfile(FAILS)
    run = pytester.runpytest("-p", "no:playwright", "--rerun-show-tracebacks")
    run.assert_outcomes(passed=1, failed=1)  # what measures nothing is judged once
    run.stdout.fnmatch_lines(["*Stalls of the machine*", "2, the longest of 0.50 s"])
    run.stdout.fnmatch_lines(["*1 rerun*", "*the witness ended*"])


def test_what_was_not_disturbed_fails_at_once(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST.format(stalls=[]))
    pytester.makepyfile(FAILS)
    run = pytester.runpytest("-p", "no:playwright")
    run.assert_outcomes(failed=2)
    run.stdout.fnmatch_lines(["*Stalls of the machine*", "none of 0.1 s or more"])
