"""Written answers that need the tools of their thread's context."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("chatkit", reason="NOT RUN: the extra “chatkit” is not installed")

from harness.context.context import Context, to_row
from harness.context.threads.database import ThreadDatabase
from harness.realtime.server.assistants.assistant import Piece, Prompt, Say, UseTool
from harness.server.chatkit.written_turn import MOST_ANSWERS, with_found
from tests.server.chatkit.test_service import Asked, kinds, message, texts
from tests.support.contexts import context
from tests.support.tool_servers import small_server
from tests.support.waiting import until

THOUGHT = asyncio.Event()


def opening_hours(day: str = "Monday") -> str:
    """When we are open."""
    if day == "Sunday":
        raise LookupError("nobody is there")
    return "nine to five"


async def think() -> str:
    """Think."""
    await THOUGHT.wait()
    return "It rains."


@dataclass
class Uses:
    """Calls these tools at once, and says what came of each that it is told of."""

    calls: list[UseTool]
    prompts: list[Prompt] = field(default_factory=list)

    def answer(self, prompt: Prompt) -> Iterator[Piece]:
        self.prompts.append(prompt)
        if prompt.tool is None:
            yield Say("One moment.")
            yield from self.calls
        else:
            yield Say(f"{prompt.tool}: {prompt.tool_result}")


HOURS = {"python": f"{__name__}:opening_hours"}


def thinks(**how: Any) -> dict[str, Any]:
    return {"python": f"{__name__}:think", "long": how or True}


@asynccontextmanager
async def a_shop(
    *calls: UseTool, is_named: bool = True, **definition: Any
) -> AsyncIterator[tuple[Asked, Uses, Context]]:
    """A service whose context has these tools, and an assistant that calls them."""
    kept = context("kim", owner="user", **definition)
    assistant = Uses(list(calls))
    ask = Asked(assistant, contexts={kept.name: kept.definition} if is_named else {})
    await ask.threads.ask(ThreadDatabase.save_thread, "kim", to_row(kept))
    yield ask, assistant, kept
    await ask.service.aclose()


async def write(ask: Asked, kept: Context, text: str = "Please.") -> list[dict[str, Any]]:
    params = {"thread_id": kept.id, "input": message(text)}
    events: list[dict[str, Any]] = await ask("threads.add_user_message", **params)
    return events


def results(events: list[dict[str, Any]]) -> list[Any]:
    done = [event["item"] for event in events if event["type"] == "thread.item.done"]
    return [item.get("output") for item in done if item["type"] == "client_tool_call"]


async def test_functions_and_tools_of_servers_are_called_and_their_results_answered() -> None:
    calls = [UseTool("opening_hours"), UseTool("repeat", '{"text": "Hello."}')]
    async with a_shop(*calls, tools=[HOURS], mcp=[small_server()]) as (ask, assistant, kept):
        events = await write(ask, kept)
        assert results(events) == ["nine to five", "Hello."]
        assert texts(events) == ["One moment.", "repeat: Hello."]
        first, second = assistant.prompts
        assert [tool["name"] for tool in first.tools] == ["opening_hours", "repeat"]
        outputs = [item["output"] for item in second.items if "output" in item]
        assert outputs == ["nine to five", "Hello."]
        rows = await ask.threads.all_items(kept.id)
        assert [row["type"] for row in rows] == [
            *["user_message", "assistant_message"],
            *["client_tool_call", "client_tool_call", "assistant_message"],
        ]
        assert {row["status"] for row in rows if "status" in row} == {"completed"}


async def test_a_context_that_nobody_named_has_no_tools_and_the_page_its_own() -> None:
    async with a_shop(UseTool("opening_hours"), is_named=False, tools=[HOURS]) as (ask, one, kept):
        events = await write(ask, kept)
        assert results(events) == [None]
        assert one.prompts[0].tools == ()
    async with a_shop(UseTool("order"), tools=[HOURS, {"name": "order"}]) as (ask, one, kept):
        events = await write(ask, kept)
        done = [event["item"] for event in events if event["type"] == "thread.item.done"]
        assert done[-1]["status"] == "pending"
        assert [tool["name"] for tool in one.prompts[0].tools] == ["opening_hours"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (UseTool("opening_hours", '{"day": "Sunday"}'), "nobody is there"),
        (UseTool("opening_hours", '{"today": true}'), "not valid"),
        (UseTool("opening_hours", "[]"), "must be a JSON object"),
    ],
)
async def test_a_tool_that_fails_is_told_to_the_assistant_which_goes_on(
    call: UseTool, told: str
) -> None:
    async with a_shop(call, tools=[HOURS]) as (ask, _, kept):
        events = await write(ask, kept)
        (result,) = results(events)
        assert told in json.loads(result)["error"]
        assert "error" not in kinds(events)
        assert told in texts(events)[-1]


async def test_a_tool_server_that_fails_is_told_on_the_page_and_the_rest_works() -> None:
    call = UseTool("opening_hours")
    async with a_shop(call, tools=[HOURS], mcp=[small_server("no list")]) as (ask, _, kept):
        events = await write(ask, kept)
        (notice,) = [event for event in events if event["type"] == "notice"]
        assert "The tool server “small”" in notice["message"]
        assert results(events) == ["nine to five"]


async def test_an_answer_knows_what_was_found_for_the_words_before_it(tmp_path: Path) -> None:
    menu = tmp_path / "menu.md"
    menu.write_text("The soup costs seven euros.", encoding="utf-8")
    known = {"files": [str(menu)], "use": "before"}
    async with a_shop(knowledge=known) as (ask, assistant, kept):
        await write(ask, kept, "Soup?")
        assert "seven euros" in assistant.prompts[0].items[-1]["content"][0]["text"]
    call = UseTool("search_knowledge", '{"query": "soup"}')
    async with a_shop(call, knowledge={"files": [str(menu)]}) as (ask, assistant, kept):
        events = await write(ask, kept, "What is the soup?")
        assert "seven euros" in results(events)[0]


async def test_long_work_is_answered_at_once_and_again_when_it_is_done() -> None:
    THOUGHT.clear()
    async with a_shop(UseTool("think"), tools=[thinks()]) as (ask, assistant, kept):
        turn = asyncio.create_task(write(ask, kept))
        await until(lambda: len(assistant.prompts) == 2)
        assert "being worked on" in assistant.prompts[1].tool_result
        THOUGHT.set()
        events = await turn
        assert results(events)[1:] == ["It rains."]
        assert texts(events)[-1] == "think: It rains."


@pytest.mark.parametrize("who_ends", ["the page", "the server"])
async def test_what_nobody_waits_for_any_more_goes_into_the_thread(who_ends: str) -> None:
    THOUGHT.clear()
    tools = [thinks(goes_on_s=20)]
    async with a_shop(UseTool("think"), tools=tools) as (ask, assistant, kept):
        turn = asyncio.create_task(write(ask, kept))
        await until(lambda: len(assistant.prompts) == 2)
        if who_ends == "the page":
            turn.cancel()
            await asyncio.gather(turn, return_exceptions=True)
            THOUGHT.set()
        else:
            asyncio.get_running_loop().call_soon(THOUGHT.set)
            await ask.service.aclose()
            await turn
        await until(lambda: not ask.service.is_busy)
        rows = await ask.threads.all_items(kept.id)
        assert [row["output"] for row in rows if row["type"] == "client_tool_call"][1:] == [
            "It rains."
        ]


async def test_tools_without_an_end_are_ended_by_name() -> None:
    class Endless:
        def answer(self, _: Prompt) -> Iterator[Piece]:
            yield UseTool("opening_hours")

    async with a_shop(tools=[HOURS]) as (_, _, kept):
        ask = Asked(Endless(), contexts={kept.name: kept.definition})
        await ask.threads.ask(ThreadDatabase.save_thread, "kim", to_row(kept))
        events = await write(ask, kept)
    assert len(results(events)) == MOST_ANSWERS
    assert f"{MOST_ANSWERS} answers" in events[-1]["message"]


async def test_a_widget_is_shown_and_nobody_goes_on_behind_words() -> None:
    card = {"type": "Card", "children": [{"type": "Text", "value": "Soup"}]}
    call = UseTool("show_widget", json.dumps({"widget": card}))
    async with a_shop(call, widgets=True) as (ask, assistant, kept):
        events = await write(ask, kept)
        shown = [one["item"] for one in events if one.get("item", {}).get("type") == "widget"]
        assert shown[0]["widget"]["children"][0]["value"] == "Soup"
        assert len(assistant.prompts) == 1


def test_what_was_found_stands_behind_the_last_question() -> None:
    asked = {"type": "message", "role": "user", "content": []}
    said = {"type": "message", "role": "assistant", "content": []}
    found = {"type": "message", "role": "system", "content": []}
    assert with_found([asked, said], found) == [asked, found, said]
    assert with_found([asked], None) == [asked]
