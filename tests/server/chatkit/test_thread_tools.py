"""Tools of a context in a call of the chat page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from harness.clock import MonotonicClock
from harness.context.context import Context, to_row
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.server.calls.call_runner import CallRunner
from harness.server.chatkit.spoken_thread import SpokenThread
from tests.server.chatkit.test_spoken_thread import FakeCall
from tests.support.contexts import NOW, added, context, session
from tests.support.thread_rows import asked_row
from tests.support.tool_servers import small_server
from tests.support.waiting import until


def opening_hours() -> str:
    """When we are open."""
    return "nine to five"


THOUGHT = asyncio.Event()


async def think() -> str:
    """Think."""
    await THOUGHT.wait()
    return "It rains."


@dataclass
class Page:
    call: FakeCall
    spoken: SpokenThread
    threads: KeptThreads
    context: Context

    def created(self) -> list[dict[str, Any]]:
        kind = "conversation.item.create"
        return [one["item"] for one in self.call.sent if one["type"] == kind]

    async def calls(self, name: str) -> dict[str, Any]:
        """Let the model call a tool; the result that it gets."""
        item = {
            "id": "fc_1",
            "type": "function_call",
            "status": "completed",
            "call_id": "call_1",
            "name": name,
            "arguments": '{"text": "Hello."}' if name == "repeat" else "{}",
        }
        self.call.tell(added(item))
        done = {"response_id": "r1", "output_index": 0, "item": item}
        self.call.tell({"type": "response.output_item.done", **done})
        await until(lambda: any("output" in one for one in self.created()))
        return self.created()[-1]


@asynccontextmanager
async def a_page(**definition: Any) -> AsyncIterator[Page]:
    """A call of the page whose context has these tools."""
    held = context("kim", owner="user", **definition)
    call, threads = FakeCall(), KeptThreads()
    await threads.ask(ThreadDatabase.save_thread, "kim", to_row(held))
    spoken = SpokenThread(
        to_row(held),
        "kim",
        [],
        cast("CallRunner", call),
        threads,
        MonotonicClock(),
        lambda: NOW,
        context=held,
        has_tools=True,
    )
    task = asyncio.create_task(spoken.run())
    call.tell(session())
    try:
        yield Page(call, spoken, threads, held)
    finally:
        call.over.set()
        await task
    await threads.aclose()


async def outputs_told(page: Page) -> list[str]:
    """Results of tools that the page was told of, up to the call's end."""
    told = [event async for event in page.spoken.events()]
    return [one["item"]["output"] for one in told if one["type"] == "thread.item.done"]


async def test_a_python_function_and_a_tool_server_are_offered_and_called() -> None:
    tools = [{"python": f"{__name__}:opening_hours"}]
    async with a_page(tools=tools, mcp=[small_server()]) as page:
        await until(lambda: bool(page.call.sent))
        offered = page.call.sent[0]["session"]["tools"]
        assert [tool["name"] for tool in offered] == ["opening_hours", "repeat"]
        output = await page.calls("opening_hours")
        assert output["output"] == "nine to five"


async def test_a_tool_server_that_is_not_there_is_told_on_the_page_and_the_rest_works() -> None:
    tools = [{"python": f"{__name__}:opening_hours"}]
    async with a_page(tools=tools, mcp=[small_server("no list")]) as page:
        assert (await page.calls("opening_hours"))["output"] == "nine to five"
        page.call.over.set()
        told = [event async for event in page.spoken.events()]
    notices = [event["message"] for event in told if event["type"] == "notice"]
    assert any("The tool server “small”" in message for message in notices)


async def test_each_answer_waits_for_what_is_found(tmp_path: Path) -> None:
    menu = tmp_path / "menu.md"
    menu.write_text("The soup costs seven euros.", encoding="utf-8")
    async with a_page(knowledge={"files": [str(menu)], "use": "before"}) as page:
        page.spoken.write({**asked_row(text="Soup?"), "id": "msg_9"})
        await until(lambda: "response.create" in [one["type"] for one in page.call.sent])
        assert "seven euros" in page.created()[-1]["content"][0]["text"]


async def test_what_was_thought_about_is_put_in_when_nobody_speaks() -> None:
    THOUGHT.clear()
    tools = [{"python": f"{__name__}:think", "long": True}]
    async with a_page(tools=tools) as page:
        at_once = await page.calls("think")
        assert "being worked on" in at_once["output"]
        page.call.tell({"type": "response.created", "response": {"id": "r1"}})
        done = {"id": "r1", "status": "completed", "output": []}
        page.call.tell({"type": "response.done", "response": done})
        THOUGHT.set()
        await until(lambda: page.created()[-1].get("output") == "It rains.")
        page.call.over.set()
        assert await outputs_told(page) == ["It rains."]


async def test_what_is_not_done_when_the_call_ends_goes_into_the_thread() -> None:
    THOUGHT.clear()
    tools = [{"python": f"{__name__}:think", "long": {"goes_on_s": 20}}]
    async with a_page(tools=tools) as page:
        await page.calls("think")
        page.call.over.set()
        THOUGHT.set()
        assert await outputs_told(page) == ["It rains."]
