"""Long work in a call: begun at once, told when it is done, replaced, given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any

import pytest

from harness.context.definition import ContextTool
from harness.context.delivery import LateResult
from harness.context.work.thoughts import MOST_AT_ONCE, Thoughts
from harness.errors import ToolRefused
from harness.facts.contexts import ContextFact, ThinkingEnded, ThinkingProgress, ThinkingStarted
from harness.virtual_time import run_in_virtual_time
from tests.support.contexts import context

ECHO = "import sys; print('reading', file=sys.stderr); print(sys.stdin.read())"


async def think(day: str, minutes: float) -> str:
    """Think about a day."""
    await asyncio.sleep(minutes * 60)
    return f"On {day} it rains."


def thoughts(*tools: dict[str, Any]) -> tuple[Thoughts, list[ContextFact], list[LateResult]]:
    made = [ContextTool.model_validate(tool) for tool in tools]
    notes: list[ContextFact] = []
    results: list[LateResult] = []
    found = Thoughts(context(tools=made), notes.append, count(1), in_thread=False)
    found.on_result = results.append
    return found, notes, results


async def linger() -> None:
    """Take long to end, also where nobody wants it any more."""
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(60)


THINK = {"python": f"{__name__}:think", "long": True}


def in_virtual_time(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    run_in_virtual_time(main)


def test_the_model_is_answered_at_once_and_the_result_comes_later() -> None:
    async def main() -> None:
        found, notes, results = thoughts(THINK)
        (tool,) = found.tools
        assert tool.parameters["required"] == ["day", "minutes"]
        assert "being worked on" in await tool.function(day="Sunday", minutes=2)
        assert (found.running, results) == (["job_1"], [])
        await asyncio.sleep(121)
        assert [one.output for one in results] == ["On Sunday it rains."]
        assert notes[0] == ThinkingStarted("job_1", "think", '{"day": "Sunday", "minutes": 2}')
        assert notes[1] == ThinkingEnded("job_1", "done", None, "On Sunday it rains.")
        await found.finish()

    in_virtual_time(main)


def test_a_program_takes_its_time_in_virtual_time_too() -> None:
    async def main() -> None:
        long = {"command": ["python", "-SEc", ECHO], "virtual_s": 7}
        found, notes, results = thoughts({"name": "research", "long": long})
        (tool,) = found.tools
        assert tool.parameters["required"] == ["question"]
        await tool.function(question="Why?")
        await asyncio.sleep(6.9)
        assert results == []
        await asyncio.sleep(0.2)
        assert [one.output for one in results] == ['{"question": "Why?"}']
        assert ThinkingProgress("job_1", "reading") in notes
        await found.finish()

    in_virtual_time(main)


def test_a_newer_one_replaces_an_older_one_where_the_context_says_so() -> None:
    async def main() -> None:
        found, notes, results = thoughts({**THINK, "long": {"replaces": True}})
        replaced: list[str] = []
        found.on_replaced = replaced.append
        (tool,) = found.tools
        await tool.function(day="Sunday", minutes=2)
        await asyncio.sleep(1)
        await tool.function(day="Monday", minutes=1)
        await asyncio.sleep(300)
        assert [one.output for one in results] == ["On Monday it rains."]
        assert ThinkingEnded("job_1", "replaced", None, "") in notes
        assert replaced == ["think", "think"]
        await found.finish()

    in_virtual_time(main)


def test_one_that_is_replaced_before_it_has_begun_is_noticed() -> None:
    async def main() -> None:
        found, notes, results = thoughts({**THINK, "long": {"replaces": True}})
        (tool,) = found.tools
        await tool.function(day="Sunday", minutes=2)
        await tool.function(day="Monday", minutes=1)
        await asyncio.sleep(300)
        assert ThinkingEnded("job_1", "replaced", None, "") in notes
        assert [one.output for one in results] == ["On Monday it rains."]
        assert found.running == []
        await found.finish()

    in_virtual_time(main)


@pytest.mark.parametrize("begins", [False, True])
def test_one_that_somebody_else_cancels_is_noticed(begins: bool) -> None:
    async def main() -> None:
        found, notes, results = thoughts(THINK)
        await found.tools[0].function(day="Sunday", minutes=2)
        if begins:
            await asyncio.sleep(1)
        (task,) = (task for task in asyncio.all_tasks() if task.get_name() == "job_1")
        task.cancel()
        await asyncio.sleep(1)
        assert ThinkingEnded("job_1", "cancelled", None, "") in notes
        assert [one.job for one in results] == ["job_1"]
        assert found.running == []
        await found.finish()

    in_virtual_time(main)


def test_those_that_are_replaced_and_take_long_to_end_leave_room_for_others() -> None:
    async def main() -> None:
        long = {"python": f"{__name__}:linger", "long": {"replaces": True}}
        found, _, _ = thoughts(long)
        (tool,) = found.tools
        for _ in range(MOST_AT_ONCE + 1):
            await tool.function()
            await asyncio.sleep(0.1)
        await found.finish()

    in_virtual_time(main)


def test_too_slow_and_broken_are_told_by_name() -> None:
    async def main() -> None:
        found, notes, results = thoughts(
            {**THINK, "long": {"within_s": 30}},
            {"name": "broken", "long": {"command": ["false"]}},
        )
        for tool, arguments in zip(found.tools, ({"day": "Sunday", "minutes": 2}, {}), strict=True):
            await tool.function(**arguments)
        await asyncio.sleep(31)
        ended = {note.job: note.error for note in notes if isinstance(note, ThinkingEnded)}
        assert ended == {"job_1": "ReasonerTooSlow", "job_2": "ReasonerFailed"}
        assert all('"error"' in one.output for one in results)
        await found.finish()

    in_virtual_time(main)


TELLS_IT = "import os, sys; print(os.environ['LIBRARY_KEY'], file=sys.std{where}); sys.exit({end})"


@pytest.mark.parametrize(("where", "end"), [("out", 0), ("err", 1)])
def test_a_secret_that_comes_back_is_hidden(
    where: str, end: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBRARY_KEY", "key-123456")
    command = ["python", "-SEc", TELLS_IT.format(where=where, end=end)]

    async def main() -> None:
        long = {"command": command, "env": ["LIBRARY_KEY"]}
        found, notes, results = thoughts({"name": "research", "long": long})
        await found.tools[0].function(question="Why?")
        await asyncio.sleep(5)
        await found.finish()
        assert "•••" in results[0].output
        assert "key-123456" not in f"{notes} {results}"

    in_virtual_time(main)


@pytest.mark.parametrize("end", [0, 1])
def test_no_half_of_a_secret_is_shown_where_a_text_is_cut(
    end: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBRARY_KEY", "key-123456")
    words = "import os, sys; print('x' * {} + os.environ['LIBRARY_KEY'], file=sys.stderr);"
    script = "".join(words.format(before) for before in (495, 1995, 65_530)) + f"sys.exit({end})"

    async def main() -> None:
        long = {"command": ["python", "-SEc", script], "env": ["LIBRARY_KEY"]}
        found, notes, results = thoughts({"name": "research", "long": long})
        await found.tools[0].function(question="Why?")
        await asyncio.sleep(5)
        await found.finish()
        assert "xxx" in f"{notes}"
        assert "key" not in f"{notes} {results}".replace("LIBRARY_KEY", "")
        assert all(len(one.output) < 3000 for one in results)

    in_virtual_time(main)


@pytest.mark.parametrize(
    ("goes_on_s", "output"),
    [(200, "On Sunday it rains."), (10, '{"error": "The call had ended before it was done."}')],
)
def test_when_the_call_ends_first_it_may_go_on_for_a_while(goes_on_s: float, output: str) -> None:
    async def main() -> None:
        found, _, results = thoughts({**THINK, "long": {"goes_on_s": goes_on_s}})
        (tool,) = found.tools
        await tool.function(day="Sunday", minutes=2)
        await asyncio.sleep(1)
        await found.finish()
        assert [one.output for one in results] == [output]
        assert found.running == []

    in_virtual_time(main)


def test_so_many_at_once_and_no_more() -> None:
    async def main() -> None:
        found, _, _ = thoughts(THINK)
        (tool,) = found.tools
        for _ in range(MOST_AT_ONCE):
            await tool.function(day="Sunday", minutes=100)
        with pytest.raises(ToolRefused, match="wait for one to end"):
            await tool.function(day="Sunday", minutes=100)
        await found.finish()

    in_virtual_time(main)
