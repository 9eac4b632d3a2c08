"""Threads that come after those that carry media."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.speech.threads import RECOGNITION_NICENESS, be_nice


@pytest.mark.skipif(
    sys.platform != "linux", reason="threads have a priority of their own on Linux alone"
)
def test_the_thread_alone_becomes_nicer() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    with ThreadPoolExecutor(1, initializer=be_nice) as pool:
        thread = pool.submit(os.getpriority, os.PRIO_PROCESS, 0).result()
    assert thread == max(RECOGNITION_NICENESS, before)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
