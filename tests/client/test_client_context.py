"""A client's context: its thread is the history of each call, what is said goes back."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from harness.context.approval import ToolRequest
from harness.context.context import Context, Row
from harness.context.definition import ContextDefinition, ContextTool
from harness.context.errors import ContextInUse, ContextLocked
from harness.context.thread_items import text_of_row
from harness.context.threads.choice import ContextChoice
from harness.context.threads.contexts import Contexts
from harness.errors import ExpectationFailed, NotConnected, UsageError
from harness.realtime.client.settings import SessionSettings
from tests.support.contexts import added, answered, spoken, written
from tests.support.drawn_pictures import noisy
from tests.support.fake_client import make_call, open_call, settle
from tests.support.tool_servers import small_server
from tests.support.waiting import until

SHOP = ContextDefinition(
    name="shop", instructions="Sell shoes.", tools=[ContextTool(name="order")], state={"n": 1}
)


async def thread(contexts: Contexts) -> list[str]:
    rows = await contexts.items(await contexts.load("shop"))
    return [text_of_row(row) for row in rows]


def created(sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event["item"] for event in sent if event["type"] == "conversation.item.create"]


async def test_each_call_begins_with_the_thread_and_adds_to_it() -> None:
    contexts = Contexts()
    choice = ContextChoice(SHOP, contexts)
    call = make_call(context=choice, settings=SessionSettings(instructions="Be brief."))
    async with call.client as client:
        update = call.peer.sent[0]["session"]
        assert update["instructions"].startswith("Be brief.\n\nSell shoes.\n\nWhat is known")
        assert [tool["name"] for tool in update["tools"]] == ["order"]
        await client.type_text("Hats?")
        (item,) = created(call.peer.sent)
        await settle()
        call.peer.far_says(**added(answered("a1", "Shoes."), item["id"]))
        await settle()
        assert await thread(contexts) == ["Hats?", "Shoes."]
        await client.disconnect()
        await client.connect()
        assert client.context is not None
        assert client.context.calls == 2
        assert [one["role"] for one in created(call.peer.sent)] == ["user", "assistant"]
        call.peer.far_says(**added(written("u1", "Thanks.")))
    assert await thread(contexts) == ["Hats?", "Shoes.", "Thanks."]
    assert client.context is None


async def test_its_tool_servers_work_for_the_client_and_a_failure_is_an_error_event() -> None:
    agreed: list[str] = []

    def approve(request: ToolRequest) -> bool:
        agreed.append(request.tool)
        return True

    servers = [small_server(needs_approval="all"), small_server("no list", name="bad")]
    shop = ContextDefinition(name="shop", mcp=servers)
    call = make_call(context=ContextChoice(shop, approve=approve))
    async with call.client as client:
        update = call.peer.sent[0]["session"]
        assert [tool["name"] for tool in update["tools"]] == ["repeat"]
        error = await client.expect("error", within_s=5)
        assert "“bad”" in error.data["message"]
        call.peer.far_says(**wants("repeat", '{"text": "Hello."}'))
        await until(lambda: any("output" in item for item in created(call.peer.sent)))
        (output,) = created(call.peer.sent)
        assert (output["output"], agreed) == ("Hello.", ["repeat"])


async def think(day: str) -> str:
    """Think about a day."""
    return f"On {day} it rains."


def wants(name: str, arguments: str) -> dict[str, Any]:
    item = {
        "id": "call_item",
        "type": "function_call",
        "status": "completed",
        "call_id": "call_1",
        "name": name,
        "arguments": arguments,
    }
    return {
        "type": "response.output_item.done",
        "response_id": "r1",
        "output_index": 0,
        "item": item,
    }


async def test_long_work_is_told_when_nobody_speaks_and_is_not_lost() -> None:
    contexts = Contexts()
    shop = ContextDefinition(
        name="shop", tools=[ContextTool(python=f"{__name__}:think", long=True)]
    )
    call = make_call(context=ContextChoice(shop, contexts))
    async with call.client:
        call.peer.far_says(**wants("think", '{"day": "Sunday"}'))
        call.peer.far_says(type="input_audio_buffer.speech_started", item_id="u1", audio_start_ms=1)
        await settle()
        done = {"id": "r1", "status": "completed", "output": []}
        call.peer.far_says(type="response.done", response=done)
        (at_once,) = created(call.peer.sent)
        assert "being worked on" in at_once["output"]
        call.peer.far_says(type="input_audio_buffer.speech_stopped", item_id="u1", audio_end_ms=9)
        await settle()
        call.peer.far_says(type="input_audio_buffer.committed", item_id="u1", previous_item_id=None)
        await until(lambda: len(created(call.peer.sent)) == 3)
        late, output = created(call.peer.sent)[1:]
        assert (late["name"], output["output"]) == ("think", "On Sunday it rains.")
        asked = [one["type"] for one in call.peer.sent].count("response.create")
        assert asked == 1  # for the first output; the second waits until that answer is over
    rows = await contexts.items(await contexts.load("shop"))
    assert [row["output"] for row in rows] == ["On Sunday it rains."]


THOUGHT = threading.Event()


def think_until_told() -> str:
    """Think."""
    THOUGHT.wait(20)
    return "It rains."


class Remembering(Contexts):
    """Tells at once what is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.saved: list[Row] = []

    async def save_items(self, context: Context, rows: Iterable[Row]) -> None:
        self.saved += (rows := list(rows))
        await super().save_items(context, rows)


async def test_what_was_said_is_kept_before_long_work_is_waited_for() -> None:
    contexts = Remembering()
    long = {"python": f"{__name__}:think_until_told", "long": {"goes_on_s": 60}}
    shop = ContextDefinition(name="shop", tools=[ContextTool.model_validate(long)])
    call = make_call(context=ContextChoice(shop, contexts))

    async def talk() -> None:
        async with call.client:
            call.peer.far_says(**wants("think_until_told", "{}"))
            await until(lambda: bool(created(call.peer.sent)))
            call.peer.far_says(**added(spoken("u1")))  # its words do not come any more
            call.peer.far_says(**added(answered("a1", "Shoes."), "u1"))

    talking = asyncio.create_task(talk())
    try:
        await until(lambda: [text_of_row(row) for row in contexts.saved] == ["Shoes."])
    finally:
        THOUGHT.set()
        await talking
    assert contexts.saved[-1]["output"] == "It rains."


async def test_one_call_at_a_time() -> None:
    choice = ContextChoice(SHOP, Contexts())
    async with open_call(context=choice):
        with pytest.raises(ContextInUse):
            async with open_call(context=choice):
                pass
    async with open_call(context=choice):
        pass


async def test_a_call_that_does_not_come_up_holds_nothing() -> None:
    contexts = Contexts()
    bad = ContextDefinition(name="shop", tools=[ContextTool(python="no.such:thing")])
    with pytest.raises(UsageError, match="cannot be had"):
        async with open_call(context=ContextChoice(bad, contexts)):
            pass
    async with open_call(context=ContextChoice(SHOP, contexts)) as call:
        await call.client.reinitialise()
        assert call.client.context is not None


async def test_each_answer_waits_for_what_is_found(tmp_path: Path) -> None:
    menu = tmp_path / "menu.md"
    menu.write_text("The soup costs seven euros.", encoding="utf-8")
    shop = ContextDefinition.model_validate(
        {"name": "shop", "knowledge": {"files": [str(menu)], "use": "before"}}
    )
    async with open_call(context=shop) as call:
        turns = call.peer.sent[0]["session"]["audio"]["input"]["turn_detection"]
        assert turns["create_response"] is False
        await call.client.type_text("Soup?")
        await until(lambda: call.peer.sent_types()[-1] == "response.create")
        system = created(call.peer.sent)[-1]
        assert system["role"] == "system"
        assert "seven euros" in system["content"][0]["text"]


async def test_the_model_may_ask_for_what_it_needs(tmp_path: Path) -> None:
    menu = tmp_path / "menu.md"
    menu.write_text("The soup costs seven euros.", encoding="utf-8")
    shop = ContextDefinition.model_validate({"name": "s", "knowledge": {"files": [str(menu)]}})
    async with open_call(context=shop) as call:
        (tool,) = call.peer.sent[0]["session"]["tools"]
        assert tool["name"] == "search_knowledge"


async def test_writing_needs_a_call_and_no_context() -> None:
    async with open_call() as call:
        await call.client.type_text("Hats?")
        assert call.peer.sent_types()[1:] == ["conversation.item.create", "response.create"]
        assert call.client.context is None
        await call.client.disconnect()
        with pytest.raises(NotConnected):
            await call.client.type_text("Hats?")


CARD = {
    "type": "Card",
    "children": [
        {"type": "Input", "name": "size"},
        {"type": "Button", "label": "Buy", "onClickAction": {"type": "buy"}},
    ],
}


def shows(widget: dict[str, Any]) -> dict[str, Any]:
    return wants("show_widget", json.dumps({"widget": widget}))


async def test_something_in_a_widget_is_pressed_once_it_is_there() -> None:
    contexts = Contexts()
    shop = ContextDefinition(name="shop", widgets=True)
    async with open_call(context=ContextChoice(shop, contexts)) as call:
        pressing = asyncio.create_task(call.client.press("buy", within_s=10))
        call.peer.far_says(**added(shows(CARD)["item"]))
        call.peer.far_says(**shows(CARD))
        await pressing
        rows = await call.client.thread_items()
        assert [row["type"] for row in rows] == ["widget", "hidden_context_item"]
        note = created(call.peer.sent)[-1]
        assert (note["role"], note["id"]) == ("system", rows[1]["id"])
        assert f"'buy' of the widget {rows[0]['id']}" in note["content"][0]["text"]
        with pytest.raises(ExpectationFailed, match="“Sell” cannot be pressed"):
            await call.client.press("Sell", within_s=0.01)


async def test_files_go_with_the_next_message_and_the_model_sees_a_picture(tmp_path: Path) -> None:
    contexts = Contexts()
    (tmp_path / "menu.png").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    (tmp_path / "broken.gif").write_bytes(b"GIF89a rest")
    (tmp_path / "large.png").write_bytes(noisy("PNG"))
    image = {
        "type": "input_image",
        "image_url": "data:image/png;base64,iVBORw0KGgpyZXN0",
        "detail": "auto",
    }
    async with open_call(context=ContextChoice(SHOP, contexts)) as call:
        await call.client.attach(tmp_path / "menu.png")
        await call.client.attach(tmp_path / "broken.gif")
        await call.client.attach(tmp_path / "large.png")
        await call.client.type_text("What is this?")
        error = await call.client.expect("error", within_s=5)
        assert error.data["kind"] == "PictureBroken"
        assert "“broken.gif”: it cannot be read as image/gif" in error.data["message"]
        (item,) = created(call.peer.sent)
        assert item["content"][0]["text"].splitlines() == [
            *["[image menu.png]", "[image broken.gif, not shown]", "[image large.png]"],
            "What is this?",
        ]
        assert item["content"][1] == image
        smaller = item["content"][2]
        assert smaller["image_url"].startswith("data:image/jpeg;base64,")
        assert len(smaller["image_url"]) < 64 * 1024  # with aiortc, of one message
        await call.client.attach(tmp_path / "menu.png", alone=True)
        assert created(call.peer.sent)[-1]["content"][1:] == [image]
    async with open_call(context=ContextChoice(SHOP, contexts)) as call:
        assert [one["content"][1:] for one in created(call.peer.sent)] == [
            [image, smaller],
            [image],
        ]
        rows = await call.client.thread_items()
        assert [len(row["attachments"]) for row in rows] == [3, 1]


async def test_what_could_not_be_kept_stays_attached(tmp_path: Path) -> None:
    contexts, file = Contexts(), tmp_path / "a.txt"
    file.write_text("a", encoding="utf-8")
    async with open_call(context=ContextChoice(SHOP, contexts)) as call:
        await call.client.attach(file)
        context = await contexts.load("shop")
        await contexts.lock(context)
        with pytest.raises(ContextLocked):
            await call.client.type_text("Here.")
        assert created(call.peer.sent) == []
        await contexts.unlock(context)
        await call.client.type_text("Here.")
        (row,) = await call.client.thread_items()
        assert [one["name"] for one in row["attachments"]] == ["a.txt"]


async def test_a_thread_needs_a_call_with_a_context() -> None:
    async with open_call() as call:
        for ask in (call.client.thread_items(), call.client.press("x"), call.client.attach("x")):
            with pytest.raises(UsageError, match="has no context"):
                await ask
        await call.client.disconnect()
        with pytest.raises(NotConnected):
            await call.client.thread_items()
