"""Where blocking work is done, and what does it."""

import threading

from harness.audio.library import find_fixture
from harness.call.speech_tools import in_thread, inline, real_tools


async def test_in_real_time_blocking_work_is_done_in_a_thread() -> None:
    assert await in_thread(threading.get_ident) != threading.get_ident()


async def test_under_virtual_time_it_is_done_at_once() -> None:
    assert await inline(threading.get_ident) == threading.get_ident()
    assert await inline(max, 1, 2) == 2


def test_the_shipped_engines_find_speech() -> None:
    tools = real_tools()
    fixture = find_fixture("goforward")
    spans = tools.find_speech(fixture.load().clip)
    assert abs(spans[0].start_s - fixture.speech_start_s) < 0.1
    assert tools.make_detector() is not tools.make_detector()
