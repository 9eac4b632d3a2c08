"""A program that thinks: what it gets, tells and gives; how it fails and ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest

from harness.context.errors import ReasonerFailed, ReasonerTooSlow
from harness.context.long_work import LongWork
from harness.context.thinking.process import MAX_OUTPUT_BYTES, ProcessReasoner
from harness.context.thinking.reasoner import thought_through
from tests.support.waiting import until

THINK = """
import json, sys
given = json.load(sys.stdin)
print("reading", given["day"], file=sys.stderr)
print("On", given["day"], "it rains.")
"""


def python(script: str) -> ProcessReasoner:
    return ProcessReasoner(LongWork(command=["python", "-SEc", script]))


async def test_arguments_go_in_progress_and_a_result_come_out() -> None:
    told: list[str] = []
    result = await thought_through(python(THINK), {"day": "Sunday"}, told.append, 20)
    assert (result, told) == ("On Sunday it rains.", ["reading Sunday"])


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("raise SystemExit('no paper')", "status 1: no paper"),
        ("raise SystemExit(3)", "status 3$"),
        (f"print('x' * {MAX_OUTPUT_BYTES + 1})", "more than"),
    ],
)
async def test_one_that_fails_is_told_with_its_last_words(script: str, told: str) -> None:
    with pytest.raises(ReasonerFailed, match=told):
        await thought_through(python(script), {}, print, 20)


async def test_a_program_that_is_not_there_is_told() -> None:
    reasoner = ProcessReasoner(LongWork(command=["no-such-program-here"]))
    with pytest.raises(ReasonerFailed, match="cannot be started"):
        await thought_through(reasoner, {}, print, 20)


async def test_one_that_never_ends_is_ended_with_its_children(tmp_path: Path) -> None:
    script = f"sleep 60 & echo $! > {tmp_path}/child; wait"
    reasoner = ProcessReasoner(LongWork(command=["sh", "-c", script]))
    work = asyncio.create_task(thought_through(reasoner, {}, print, 60))
    await until(lambda: (tmp_path / "child").is_file() and (tmp_path / "child").stat().st_size > 1)
    child = psutil.Process(int((tmp_path / "child").read_text()))
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


async def test_a_long_line_of_progress_and_much_of_it_hold_up_nothing() -> None:
    script = "import sys; sys.stderr.write('y' * 200_000 + '\\n'); print('done')"
    assert await thought_through(python(script), {}, lambda text: None, 20) == "done"


async def test_a_line_is_told_whole_or_not_at_all() -> None:
    """Half of one could hold half a secret, which nobody knows for one."""
    script = (
        "import sys; e = sys.stderr; e.write('y' * 100_000 + 'key-123456\\n');"
        "e.write('z' * 600 + 'key-123456\\n'); print('done')"
    )
    told: list[str] = []
    await thought_through(python(script), {}, told.append, 20)
    assert told == ["z" * 600 + "key-123456"]


async def test_what_a_program_leaves_behind_is_not_waited_for() -> None:
    """Its children hold its output open."""
    reasoner = ProcessReasoner(LongWork(command=["sh", "-c", "sleep 60 & echo $!"]))
    child = psutil.Process(int(await thought_through(reasoner, {}, print, 20)))
    await until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


async def test_what_it_has_put_into_a_session_of_its_own_ends_too() -> None:
    reasoner = ProcessReasoner(LongWork(command=["sh", "-c", "setsid sleep 60 & echo $!"]))
    child = psutil.Process(int(await thought_through(reasoner, {}, print, 20)))
    await until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


async def test_too_slow_is_told_in_seconds() -> None:
    with pytest.raises(ReasonerTooSlow, match=r"0\.1 s"):
        await thought_through(python("import time; time.sleep(60)"), {}, print, 0.1)
