"""A context's tools in a call: its own, those of tool servers, and work that takes long."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from harness.call.opening import CallOptions
from harness.context.context import Context
from harness.context.definition import ContextDefinition, ContextTool
from harness.context.thread_items import text_of_row
from harness.context.threads.choice import ContextChoice
from harness.context.threads.contexts import Contexts
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ContextError, HarnessError
from harness.realtime.server.assistants.script import Script
from harness.trace import read_trace
from harness.virtual_time import run_in_virtual_time
from tests.support.shop_calls import HOURS, SHOP, Failing, a_call, texts
from tests.support.tool_servers import small_server


def test_its_tools_are_called_and_their_results_kept() -> None:
    async def main() -> None:
        shop = ContextDefinition(name="shop", tools=[HOURS])
        async with a_call(shop) as call:
            await call.type_text("When are you open?")
            assert await texts(call, 3) == ["When are you open?", "opening_hours", "From nine."]
            rows = await call.context.items()
            assert (rows[1]["type"], rows[1]["output"]) == ("client_tool_call", "nine to five")

    run_in_virtual_time(main)


def promised() -> asyncio.Future[str]:
    """When we are open, as a plain function that others promise it to."""
    answer = asyncio.get_running_loop().create_future()
    answer.set_result("nine to five")
    return answer


def test_a_plain_function_may_give_what_is_to_be_awaited() -> None:
    async def main() -> None:
        tool = ContextTool(name="opening_hours", python=f"{__name__}:promised")
        async with a_call(ContextDefinition(name="shop", tools=[tool])) as call:
            await call.type_text("When are you open?")
            await texts(call, 3)
            assert (await call.context.items())[1]["output"] == "nine to five"

    run_in_virtual_time(main)


SERVED = Script.model_validate(
    {
        "rules": [
            {"when": {"tool": "repeat", "result": "Hello"}, "say": "It said hello."},
            {"when": {"tool": "repeat"}, "say": "It is broken."},
            {
                "when": {"words": ["repeat"]},
                "call": {"name": "repeat", "arguments": {"text": "Hello."}},
            },
            {"say": "All is well."},
        ]
    }
)


@pytest.mark.parametrize(
    ("how", "said", "fact"),
    [("well", "It said hello.", "mcp.called"), ("dies", "It is broken.", "mcp.failed")],
)
def test_a_tool_servers_tools_are_called_and_where_it_dies_the_call_goes_on(
    how: str, said: str, fact: str, tmp_path: Path
) -> None:
    async def main() -> None:
        options = CallOptions(session={"output_modalities": ["text"]})
        shop = ContextDefinition(name="shop", mcp=[small_server(how)])
        async with open_simulated_call(
            SERVED, SimulatedSpeech(), context=shop, options=options, out=tmp_path
        ) as call:
            await call.type_text("Please repeat.")
            assert await texts(call, 3) == ["Please repeat.", "repeat", said]
            await call.context.redefine(ContextDefinition(name="shop"))
            await call.type_text("Thanks.")
            assert (await texts(call, 5))[4] == "All is well."

    run_in_virtual_time(main)
    trace = read_trace(tmp_path / "trace.jsonl")
    assert [event.data["tools"] for event in trace.of_type("mcp.listed")] == [["repeat"]]
    assert len(trace.of_type(fact)) == 1


LONG = Script.model_validate(
    {
        "rules": [
            {"when": {"tool": "research", "result": "rains"}, "say": "It rains."},
            {"when": {"tool": "research"}, "say": "I look it up."},
            {
                "when": {"words": ["weather"]},
                "call": {"name": "research", "arguments": {"day": "Sunday"}},
            },
            {"say": "Fine."},
        ]
    }
)


async def research(day: str) -> str:
    """Find out."""
    await asyncio.sleep(60)
    return f"On {day} it rains."


RESEARCH = ContextTool(python=f"{__name__}:research", long=True)


def test_long_work_is_done_while_the_call_goes_on_and_told_later(tmp_path: Path) -> None:
    async def main() -> None:
        shop = ContextDefinition(name="shop", tools=[RESEARCH])
        options = CallOptions(session={"output_modalities": ["text"]})
        async with open_simulated_call(
            LONG, SimulatedSpeech(), context=shop, options=options, out=tmp_path
        ) as call:
            await call.type_text("How is the weather?")
            assert (await texts(call, 3))[1:] == ["research", "I look it up."]
            await call.type_text("How are you?")
            assert (await texts(call, 5))[3:] == ["How are you?", "Fine."]
            other = ContextDefinition(name="shop", tools=[RESEARCH], instructions="Sell hats.")
            await call.context.redefine(other)  # what is under way is still wanted
            rows = await call.context.wait_items(lambda rows: len(rows) >= 7, 70)
            assert [text_of_row(row) or row["output"] for row in rows[5:]] == [
                "On Sunday it rains.",
                "It rains.",
            ]

    run_in_virtual_time(main)
    delivered = read_trace(tmp_path / "trace.jsonl").of_type("thinking.delivered")
    assert [(one.data["where"], one.data["waited_s"]) for one in delivered] == [("session", 0)]


def test_when_the_call_ends_first_the_result_goes_into_the_thread(tmp_path: Path) -> None:
    contexts = Contexts()
    long = ContextTool.model_validate({"python": f"{__name__}:research", "long": {"goes_on_s": 99}})

    async def main() -> None:
        shop = ContextDefinition(name="shop", tools=[long])
        options = CallOptions(session={"output_modalities": ["text"]})
        choice = ContextChoice(shop, contexts)
        async with open_simulated_call(
            LONG, SimulatedSpeech(), context=choice, options=options, out=tmp_path
        ) as call:
            await call.type_text("How is the weather?")
            await texts(call, 3)
        rows = await contexts.items(await contexts.load("shop"))
        assert rows[-1]["output"] == "On Sunday it rains."
        assert len(rows) == 4

    run_in_virtual_time(main)
    (delivered,) = read_trace(tmp_path / "trace.jsonl").of_type("thinking.delivered")
    assert delivered.data["where"] == "thread"


def test_what_was_said_is_kept_before_long_work_is_waited_for_and_that_may_be_cut_short() -> None:
    contexts = Failing()
    long = ContextTool.model_validate({"python": f"{__name__}:research", "long": {"goes_on_s": 99}})

    async def talk(ends: asyncio.Event) -> None:
        options = CallOptions(session={"output_modalities": ["text"]})
        choice = ContextChoice(ContextDefinition(name="shop", tools=[long]), contexts)
        async with open_simulated_call(
            LONG, SimulatedSpeech(), context=choice, options=options
        ) as call:
            await call.type_text("How is the weather?")
            await texts(call, 3)
            await call.type_text("How are you?")
            contexts.fails = True
            await call.expect("context.trouble")
            contexts.fails = False
            ends.set()

    async def main() -> None:
        ends = asyncio.Event()
        talking = asyncio.create_task(talk(ends))
        await ends.wait()
        await asyncio.sleep(10)
        kept = await contexts.load("shop")
        assert [text_of_row(row) for row in await contexts.items(kept)][3:] == [
            "How are you?",
            "Fine.",
        ]
        talking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await talking
        late = (await contexts.items(kept))[5:]
        assert ["had ended" in row["output"] for row in late] == [True]

    run_in_virtual_time(main)


class NotChanging(Contexts):
    """A file that takes no other definition."""

    async def redefine(self, context: Context, definition: ContextDefinition) -> Context:
        raise ContextError("The disk is away.")


@pytest.mark.parametrize(
    ("contexts", "approved", "told"),
    [(Contexts(), ["reepeat"], "needs_approval"), (NotChanging(), [], "The disk is away")],
)
def test_a_definition_whose_tools_cannot_be_had_is_not_kept_and_nothing_stays_open(
    contexts: Contexts, approved: list[str], told: str
) -> None:
    bad = ContextDefinition(name="shop", mcp=[small_server(needs_approval=approved)])

    async def main() -> None:
        async with a_call(ContextChoice(SHOP, contexts)) as call:
            with pytest.raises(HarnessError, match=told):
                await call.context.redefine(bad)
            assert "tool servers" not in [thread.name for thread in threading.enumerate()]
            await call.type_text("Good morning.")
            assert await texts(call, 2) == ["Good morning.", "The first."]
        assert (await contexts.load("shop")).definition == SHOP

    run_in_virtual_time(main)
