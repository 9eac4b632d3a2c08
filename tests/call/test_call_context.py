"""A context in a call: it begins with the thread, and what is said and done goes back into it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from harness.call.call import Call
from harness.call.call_context import refuse_other_protocols
from harness.call.opening import CallOptions
from harness.context.context import Context
from harness.context.definition import ContextDefinition, ContextTool
from harness.context.errors import ContextInUse, ContextLocked
from harness.context.thread_items import text_of_row
from harness.context.threads.choice import AnyContext, ContextChoice
from harness.context.threads.contexts import Contexts
from harness.context.threads.database import ThreadDatabase
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ContextError, ExpectationFailed, HarnessError, UsageError
from harness.protocols.by_ear import ByEar
from harness.realtime.server.assistants.script import Script
from harness.trace import read_trace
from harness.virtual_time import run_in_virtual_time
from tests.support.drawn_pictures import noisy
from tests.support.tool_servers import small_server

SCRIPT = Script.model_validate(
    {
        "rules": [
            {"when": {"tool": "opening_hours", "result": "nine"}, "say": "From nine."},
            {"when": {"words": ["open"]}, "call": {"name": "opening_hours"}},
            {"when": {"turn": 1}, "say": "The first."},
            {"when": {"turn": 2}, "say": "The second."},
        ]
    }
)

SHOP = ContextDefinition(name="shop", instructions="Sell shoes.")


def opening_hours() -> str:
    """When we are open."""
    return "nine to five"


HOURS = ContextTool(python=f"{__name__}:opening_hours")


@asynccontextmanager
async def a_call(
    context: AnyContext | None, out: Path | None = None, seed: int = 0
) -> AsyncIterator[Call]:
    """Written answers, which take no time to be spoken."""
    options = CallOptions(session={"output_modalities": ["text"], "instructions": "Be brief."})
    async with open_simulated_call(
        SCRIPT, SimulatedSpeech(), context=context, options=options, out=out, seed=seed
    ) as call:
        yield call


async def texts(call: Call, count: int) -> list[str]:
    """The thread, once it has so many items."""
    rows = await call.context.wait_items(lambda rows: len(rows) >= count, 5)
    return [text_of_row(row) or row["name"] for row in rows]


def test_the_next_call_knows_what_was_said_before(tmp_path: Path) -> None:
    contexts = Contexts()

    async def main() -> None:
        async with a_call(ContextChoice(SHOP, contexts), tmp_path / "1") as call:
            await call.type_text("Good morning.")
            assert await texts(call, 2) == ["Good morning.", "The first."]
        async with a_call(ContextChoice(SHOP, contexts), tmp_path / "2") as call:
            assert call.context.value.calls == 2
            await call.type_text("Here I am again.")
            assert (await texts(call, 4))[2:] == ["Here I am again.", "The second."]

    run_in_virtual_time(main)
    first, second = (read_trace(tmp_path / name / "trace.jsonl") for name in ("1", "2"))
    (bound,) = second.of_type("context.bound")
    assert (bound.data["call"], bound.data["items"], bound.data["left_out"]) == (2, 2, [])
    assert first.of_type("context.bound")[0].data["items"] == 0
    kept = [event.data["text"] for event in second.of_type("thread.item")]
    assert kept == ["Here I am again.", "The second."]


def test_a_call_without_one_types_too_and_has_no_thread() -> None:
    async def main() -> None:
        async with a_call(None) as call:
            await call.type_text("Good morning.")
            assert (await call.expect("response.output_text.done")).data["text"] == "The first."
            assert not call.context.is_bound
            with pytest.raises(UsageError, match="has no context"):
                await call.context.items()

    run_in_virtual_time(main)


def test_it_is_bound_changed_and_released_during_the_call() -> None:
    contexts = Contexts()

    async def instructions(call: Call) -> str:
        return str((await call.expect("session.updated")).data["session"]["instructions"])

    async def main() -> None:
        async with a_call(None) as call:
            await call.type_text("Before.")
            await call.expect("response.done")
            await call.context.bind(ContextChoice(SHOP, contexts))
            assert await instructions(call) == "Be brief.\n\nSell shoes."
            with pytest.raises(UsageError, match="a context already"):
                await call.context.bind(SHOP)
            await call.type_text("Between.")
            assert await texts(call, 2) == ["Between.", "The second."]
            await call.context.set_state({"name": "Kim"})
            assert '{"name": "Kim"}' in await instructions(call)
            other = ContextDefinition(name="shop", instructions="Sell hats.", tools=[HOURS])
            await call.context.redefine(other)
            assert "Sell hats." in await instructions(call)
            await call.context.release()
            assert await instructions(call) == "Be brief."
            await call.type_text("After.")
            await call.expect("response.done")
        kept = await contexts.load("shop")
        assert [text_of_row(row) for row in await contexts.items(kept)] == [
            "Between.",
            "The second.",
        ]
        assert (kept.state, kept.definition) == ({"name": "Kim"}, other)

    run_in_virtual_time(main)


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


FOUND = Script.model_validate(
    {
        "rules": [
            {"when": {"tool": "search_knowledge", "result": "seven"}, "say": "Seven."},
            {
                "when": {"words": ["look"]},
                "call": {"name": "search_knowledge", "arguments": {"query": "soup"}},
            },
            {"when": {"known": "soup costs seven"}, "say": "Seven euros."},
            {"say": "Nobody knows."},
        ]
    }
)


def test_what_is_found_is_put_before_each_answer(tmp_path: Path) -> None:
    menu = tmp_path / "menu.md"
    menu.write_text("The soup costs seven euros.", encoding="utf-8")
    shop = ContextDefinition.model_validate(
        {"name": "shop", "knowledge": {"files": [str(menu)], "use": "before"}}
    )

    async def main() -> None:
        options = CallOptions(session={"output_modalities": ["text"]})
        async with open_simulated_call(
            FOUND, SimulatedSpeech(), context=shop, options=options, out=tmp_path / "out"
        ) as call:
            await call.type_text("What is the price of a soup?")
            assert await texts(call, 2) == ["What is the price of a soup?", "Seven euros."]
            asked = {"files": [str(menu)], "use": "tool"}
            other = ContextDefinition.model_validate({"name": "shop", "knowledge": asked})
            await call.context.redefine(other)
            await call.type_text("Please look.")
            assert (await texts(call, 5))[3:] == ["search_knowledge", "Seven."]

    run_in_virtual_time(main)
    found, _ = read_trace(tmp_path / "out" / "trace.jsonl").of_type("knowledge.found")
    assert found.data["passages"][0]["source"] == str(menu)


def test_one_call_at_a_time_and_none_while_it_is_locked() -> None:
    contexts = Contexts()

    async def main() -> None:
        async with a_call(ContextChoice(SHOP, contexts)) as call:
            with pytest.raises(ContextInUse):
                async with a_call(ContextChoice(SHOP, contexts)):
                    pass
            await contexts.lock(call.context.value)
            with pytest.raises(ContextLocked):
                await call.type_text("Not kept, so not said.")
        with pytest.raises(ContextLocked):
            async with a_call(ContextChoice(SHOP, contexts)):
                pass

    run_in_virtual_time(main)


class Failing(Contexts):
    """A file whose disk goes away."""

    fails = False

    async def save_items(self, context: Context, rows: Any) -> None:
        if self.fails:
            raise ContextError("The disk is away.")
        await super().save_items(context, rows)


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_file_that_fails_lets_the_call_go_on(tmp_path: Path, comes_back: bool) -> None:
    contexts = Failing()

    async def talk() -> None:
        async with a_call(ContextChoice(SHOP, contexts), tmp_path) as call:
            await call.type_text("Good morning.")
            contexts.fails = True
            await call.expect("response.done")
            await call.expect("context.trouble")
            contexts.fails = not comes_back

    async def main() -> None:
        if not comes_back:
            with pytest.raises(ContextError, match="The disk is away"):
                await talk()
            return
        await talk()
        rows = await contexts.items(await contexts.load("shop"))
        assert [text_of_row(row) for row in rows] == ["Good morning.", "The first."]

    run_in_virtual_time(main)
    trace = read_trace(tmp_path / "trace.jsonl")
    assert trace.events[-1].type == ("call.closed" if comes_back else "error")


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


def test_a_page_of_another_protocol_has_none() -> None:
    with pytest.raises(UsageError, match="speaks Realtime"):
        refuse_other_protocols(ByEar())


CARD = {
    "type": "Card",
    "children": [
        {"type": "Button", "label": "Buy", "onClickAction": {"type": "buy"}},
        {"type": "Button", "label": "Sell", "disabled": True, "onClickAction": {"type": "sell"}},
        {"type": "Button", "label": "Print", "onClickAction": {"type": "p", "handler": "client"}},
    ],
}
WITH_WIDGETS = Script.model_validate(
    {
        "rules": [
            {"when": {"action": "buy"}, "say": "It is yours."},
            {"when": {"words": ["shoes"]}, "say": "These.", "widget": CARD},
            {"say": "Thank you."},
        ]
    }
)
SHOWING = ContextDefinition(name="shop", widgets=True)


@asynccontextmanager
async def a_showing_call(context: AnyContext | None) -> AsyncIterator[Call]:
    options = CallOptions(session={"output_modalities": ["text"]})
    async with open_simulated_call(
        WITH_WIDGETS, SimulatedSpeech(), context=context, options=options
    ) as call:
        yield call


def test_a_widget_is_shown_once_and_pressed() -> None:
    async def main() -> None:
        async with a_showing_call(SHOWING) as call:
            await call.type_text("Shoes, please.")
            await call.context.press("buy")
            rows = await call.context.wait_items(lambda rows: len(rows) >= 5, 5)
            kinds = ["user_message", "assistant_message", "widget", "hidden_context_item"]
            assert [row["type"] for row in rows] == [*kinds, "assistant_message"]
            assert (rows[2]["widget"], text_of_row(rows[4])) == (CARD, "It is yours.")
            assert f"of the widget {rows[2]['id']}" in rows[3]["content"]

    run_in_virtual_time(main)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Pay", "“Buy”, “Sell”, “Print”"),
        ("Sell", "disabled"),
        ("Print", "handler: client"),
    ],
)
def test_what_cannot_be_pressed_is_told(name: str, found: str) -> None:
    async def main() -> None:
        async with a_showing_call(SHOWING) as call:
            await call.type_text("Shoes, please.")
            await call.context.wait_items(lambda rows: len(rows) >= 3, 5)
            with pytest.raises(ExpectationFailed, match=f"“{name}” cannot be pressed") as caught:
                await call.context.press(name, within_s=1)
            assert found in str(caught.value)

    run_in_virtual_time(main)


def test_a_model_that_is_offered_no_widgets_shows_none() -> None:
    async def main() -> None:
        async with a_showing_call(SHOP) as call:
            await call.type_text("Shoes, please.")
            assert await texts(call, 2) == ["Shoes, please.", "These."]
            with pytest.raises(ExpectationFailed, match="the thread has no widget"):
                await call.context.press("Buy", within_s=1)

    run_in_virtual_time(main)


def test_files_go_with_the_next_message_or_by_themselves(tmp_path: Path) -> None:
    contexts, file = Contexts(), tmp_path / "voucher.txt"
    file.write_text("Ten euros.", encoding="utf-8")

    async def main() -> None:
        async with a_showing_call(ContextChoice(SHOP, contexts)) as call:
            await call.context.attach(file)
            await call.context.attach(file, mime_type="text/markdown")
            await call.type_text("Two vouchers.")
            assert await texts(call, 2) == ["Two vouchers.", "Thank you."]
            await call.context.attach(file, alone=True)
            rows = await call.context.wait_items(lambda rows: len(rows) >= 4, 5)
            two, one = rows[0]["attachments"], rows[2]["attachments"]
            assert [kept["mime_type"] for kept in [*two, *one]] == [
                "text/plain",
                "text/markdown",
                "text/plain",
            ]
            assert text_of_row(rows[3]) == "Thank you."
            content = await contexts.threads.ask(ThreadDatabase.content, one[0]["id"])
            assert content == b"Ten euros."
        async with a_showing_call(None) as call:
            with pytest.raises(UsageError, match="has no context"):
                await call.context.attach(file)

    run_in_virtual_time(main)


def pictures_in_session(call: Call) -> list[str]:
    """What the server was shown, and has in its conversation."""
    told = call.events("conversation.item.added").take_available()
    items = [event.data["item"] for event in told]
    parts = [part for item in items for part in item.get("content") or ()]
    return [part["image_url"] for part in parts if part["type"] == "input_image"]


def test_the_model_sees_a_picture_in_this_call_and_in_the_next(tmp_path: Path) -> None:
    contexts, picture = Contexts(), tmp_path / "menu.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\nrest")
    shown = ["data:image/png;base64,iVBORw0KGgpyZXN0"]

    async def main() -> None:
        async with a_showing_call(ContextChoice(SHOP, contexts)) as call:
            await call.context.attach(picture)
            await call.type_text("What is this?")
            assert await texts(call, 2) == ["What is this?", "Thank you."]
            assert pictures_in_session(call) == shown
        async with a_showing_call(ContextChoice(SHOP, contexts)) as call:
            assert pictures_in_session(call) == shown

    run_in_virtual_time(main)


def test_a_picture_that_the_model_does_not_see_is_told_with_the_reason(tmp_path: Path) -> None:
    contexts, picture = Contexts(), tmp_path / "menu.gif"
    picture.write_bytes(b"GIF89a rest")
    traces = [tmp_path / "first", tmp_path / "second"]

    async def main() -> None:
        async with a_call(ContextChoice(SHOP, contexts), traces[0]) as call:
            await call.context.attach(picture)
            await call.type_text("What is this?")
        async with a_call(ContextChoice(SHOP, contexts), traces[1]):
            pass

    run_in_virtual_time(main)
    for folder in traces:
        trace = read_trace(folder / "trace.jsonl")
        (hidden,) = trace.of_type("context.picture_not_shown")
        assert hidden.data["name"] == "menu.gif"
        assert "image/gif" in hidden.data["why"]
        assert hidden.data["error"] == "PictureBroken"


def test_a_picture_that_is_too_large_or_of_another_kind_is_made_to_fit(tmp_path: Path) -> None:
    contexts = Contexts()
    (tmp_path / "photo.webp").write_bytes(noisy("WEBP"))
    (tmp_path / "large.jpg").write_bytes(noisy("JPEG", quality=95))
    assert (tmp_path / "large.jpg").stat().st_size > 180 * 1024

    async def main() -> None:
        async with a_showing_call(ContextChoice(SHOP, contexts)) as call:
            await call.context.attach(tmp_path / "photo.webp")
            await call.context.attach(tmp_path / "large.jpg")
            await call.type_text("What is this?")
            await texts(call, 2)
            shown = pictures_in_session(call)
            assert [one[:23] for one in shown] == ["data:image/jpeg;base64,"] * 2
            assert all(len(one) < 256 * 1024 for one in shown)
        async with a_showing_call(ContextChoice(SHOP, contexts)) as call:
            assert pictures_in_session(call) == shown

    run_in_virtual_time(main)


@pytest.mark.parametrize("what", ["delete", "lock", "close"])
def test_a_context_that_is_taken_away_in_its_call_lets_the_call_go_on(
    what: str, tmp_path: Path
) -> None:
    contexts = Contexts()

    async def main() -> None:
        async with a_call(ContextChoice(SHOP, contexts), tmp_path) as call:
            await getattr(contexts, what)(call.context.value)
            with pytest.raises(ContextError):
                await call.type_text("Good morning.")
            await call.send_event({"type": "response.create"})
            assert (await call.expect("response.output_text.done")).data["text"]

    with pytest.raises(ContextError):  # what was said could not be kept
        run_in_virtual_time(main)
    (trouble,) = read_trace(tmp_path / "trace.jsonl").of_type("context.trouble")
    wanted = {"delete": "ContextNotFound", "lock": "ContextLocked", "close": "ContextEnded"}
    assert trouble.data["error"] == wanted[what]
