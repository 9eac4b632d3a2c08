"""Where blocking work is done, and what does it."""

import os
import sys
import threading

from harness.audio.fixtures import find_fixture
from harness.speech.tools import NiceThread, in_thread, inline, real_tools


async def test_in_real_time_blocking_work_is_done_in_a_thread() -> None:
    assert await in_thread(threading.get_ident) != threading.get_ident()


async def test_where_media_run_too_it_is_done_in_one_thread_that_comes_last() -> None:
    with NiceThread() as offload:
        one, two = await offload(threading.get_ident), await offload(threading.get_ident)
        assert one == two != threading.get_ident()
        if sys.platform == "linux":
            assert await offload(_niceness) >= _niceness()


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


async def test_under_virtual_time_it_is_done_at_once() -> None:
    assert await inline(threading.get_ident) == threading.get_ident()
    assert await inline(max, 1, 2) == 2


def test_the_shipped_engines_find_speech() -> None:
    tools = real_tools()
    fixture = find_fixture("goforward")
    spans = tools.find_speech(fixture.load().clip)
    assert abs(spans[0].start_s - fixture.speech_start_s) < 0.1
    assert tools.make_detector() is not tools.make_detector()
