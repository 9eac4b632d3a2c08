"""ChatKit's server, request by request, without HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

pytest.importorskip("chatkit", reason="NOT RUN: the extra “chatkit” is not installed")

from chatkit.server import StreamingResult
from chatkit.store import NotFoundError

from harness.context.context import to_row
from harness.context.definition import ContextDefinition
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.realtime.server.assistants.assistant import Assistant
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.server.assistants.script import Script
from harness.server.chatkit.attachments import NotAllowed
from harness.server.chatkit.service import ChatService
from harness.server.chatkit.visitor import Visitor
from tests.support.contexts import context
from tests.support.drawn_pictures import picture
from tests.support.thread_rows import item_row
from tests.support.written_assistants import Held

KIM = Visitor("kim", "http://127.0.0.1")
CARD = {"type": "Card", "children": [{"type": "Text", "value": "Two people"}]}
SCRIPT = Script.model_validate(
    {
        "rules": [
            {"when": {"words": ["card"]}, "say": "Here it is.", "widget": CARD},
            {"when": {"words": ["table"]}, "call": {"name": "book", "arguments": {"persons": 2}}},
            {"when": {"tool": "book", "result": "ok"}, "say": "It is booked."},
            {"when": {"action": "more", "result": "3"}, "say": "Three, then."},
            {"when": {"action": "change"}, "widget": {**CARD, "size": "lg"}},
        ]
    }
)


class Asked:
    """A service and one user's requests."""

    def __init__(
        self,
        assistant: Assistant = SCRIPT,
        visitor: Visitor = KIM,
        contexts: Mapping[str, ContextDefinition] = MappingProxyType({}),
    ) -> None:
        self.threads = KeptThreads()
        self.visitor = visitor

        async def recognise(_samples: Any, _rate_hz: int) -> str:
            return "A table."

        self.service = ChatService(
            self.threads, lambda: assistant, recognise, contexts=lambda: contexts
        )

    async def __call__(self, request: str, /, **params: Any) -> Any:
        body = json.dumps({"type": request, "params": params})
        result = await self.service.process(body, self.visitor)
        if isinstance(result, StreamingResult):
            return [json.loads(event.removeprefix(b"data: ")) async for event in result]
        return json.loads(result.json)

    async def start(self, text: str = "Hello.") -> tuple[str, list[dict[str, Any]]]:
        events = await self("threads.create", input=message(text))
        return events[0]["thread"]["id"], events


def message(text: str, **more: Any) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"content": content, "attachments": [], "inference_options": {}, **more}


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def texts(events: list[dict[str, Any]]) -> list[str]:
    done = [event["item"] for event in events if event["type"] == "thread.item.done"]
    return [item["content"][0]["text"] for item in done if item["type"] == "assistant_message"]


async def test_a_thread_begins_in_the_contracts_order() -> None:
    ask = Asked()
    thread_id, events = await ask.start("Good evening to all of you!")
    assert kinds(events) == [
        *["thread.created", "thread.item.done", "stream_options", "thread.item.added"],
        *["thread.item.updated", "thread.item.updated", "thread.item.updated"],
        *["thread.item.done", "thread.updated"],
    ]
    assert events[-1]["thread"]["title"] == "Good evening to all of you!"
    more = await ask("threads.add_user_message", thread_id=thread_id, input=message("And you?"))
    assert kinds(more)[:2] == ["thread.item.done", "stream_options"]
    assert texts(more) == ["You said: And you?"]
    whole = await ask("threads.get_by_id", thread_id=thread_id)
    assert [item["type"] for item in whole["items"]["data"]] == [
        *["user_message", "assistant_message"] * 2
    ]
    listed = await ask("threads.list", order="desc")
    assert [thread["id"] for thread in listed["data"]] == [thread_id]


async def test_a_tool_of_the_page_ends_the_turn_and_its_result_begins_the_next() -> None:
    ask = Asked()
    thread_id, events = await ask.start("A table.")
    assert events[-2]["item"]["type"] == "client_tool_call"
    done = await ask("threads.add_client_tool_output", thread_id=thread_id, result={"ok": True})
    assert texts(done) == ["It is booked."]
    with pytest.raises(ValueError, match="not a ClientToolCallItem"):
        await ask("threads.add_client_tool_output", thread_id=thread_id, result=1)


async def test_widgets_and_their_actions() -> None:
    ask = Asked()
    thread_id, events = await ask.start("The card.")
    (card,) = [e["item"] for e in events if e.get("item", {}).get("type") == "widget"]
    assert card["widget"]["children"][0]["value"] == "Two people"
    pressed = {"thread_id": thread_id, "item_id": card["id"]}
    action = {"type": "more", "payload": {"persons": 3}}
    assert texts(await ask("threads.custom_action", **pressed, action=action)) == ["Three, then."]
    changed = await ask("threads.sync_custom_action", **pressed, action={"type": "change"})
    assert changed["updated_item"]["id"] == card["id"]
    assert changed["updated_item"]["widget"]["size"] == "lg"
    items = (await ask("items.list", thread_id=thread_id, order="asc"))["data"]
    assert [i["widget"]["size"] for i in items if i["type"] == "widget"] == ["lg"]
    assert not any("hidden" in item["type"] for item in items)
    other = await ask("threads.custom_action", thread_id=thread_id, action={"type": "unknown"})
    assert texts(other) == ["Thank you, that is done."]


async def test_a_structured_answer_is_what_the_assistant_hears() -> None:
    ask = Asked(Echo())
    thread_id, _ = await ask.start()
    question = {"type": "freeform", "id": "q", "question": "When?"}
    row = {**item_row("s", "structured_input", inputs=[question]), "thread_id": thread_id}
    await ask.threads.ask(ThreadDatabase.save_item, thread_id, {**row, "status": "pending"})
    given = {"status": "answered", "answers": {"q": {"values": ["At seven"]}}}
    events = await ask(
        "threads.add_structured_input", thread_id=thread_id, item_id="s", input=given
    )
    assert kinds(events)[:2] == ["stream_options", "thread.item.replaced"]
    assert texts(events) == ["When? At seven"]


async def test_another_answer_replaces_what_came_after_the_question() -> None:
    ask = Asked()
    thread_id, events = await ask.start()
    await ask("threads.add_user_message", thread_id=thread_id, input=message("And?"))
    first = events[1]["item"]["id"]
    again = await ask("threads.retry_after_item", thread_id=thread_id, item_id=first)
    assert texts(again) == ["You said: Hello."]
    items = (await ask("items.list", thread_id=thread_id))["data"]
    assert len(items) == 2


async def test_feedback_titles_and_deletion() -> None:
    ask = Asked()
    thread_id, events = await ask.start()
    said = events[1]["item"]["id"]
    await ask("items.feedback", thread_id=thread_id, item_ids=[said], kind="negative")
    found = await ask.threads.ask(ThreadDatabase.feedback, thread_id)
    assert found == {said: "negative"}
    with pytest.raises(NotFoundError):
        await ask("items.feedback", thread_id=thread_id, item_ids=["msg_0"], kind="positive")
    renamed = await ask("threads.update", thread_id=thread_id, title="Tables")
    assert renamed["title"] == "Tables"
    assert await ask("threads.delete", thread_id=thread_id) == {}
    with pytest.raises(NotFoundError):
        await ask("threads.get_by_id", thread_id=thread_id)


async def test_an_assistant_that_fails_says_so_in_the_stream() -> None:
    class Busy:
        def answer(self, _: Any) -> Any:
            from harness.errors import AssistantError

            raise AssistantError("The model is busy.")

    _, events = await Asked(Busy()).start()
    assert (events[-1]["type"], events[-1]["message"], events[-1]["allow_retry"]) == (
        *("error", "The model is busy.", True),
    )


async def test_a_cancelled_turn_keeps_what_was_written() -> None:
    held = Held()
    ask = Asked(held)
    turn = asyncio.create_task(ask.start())
    await held.began.wait()
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    await held.ended.wait()
    (thread,) = await ask.threads.all_threads("kim")
    rows = await ask.threads.all_items(thread["id"])
    assert [row["type"] for row in rows] == [
        *["user_message", "assistant_message", "sdk_hidden_context"]
    ]
    assert rows[1]["content"][0]["text"] == "One moment. "


async def test_a_closed_thread_answers_nothing_more() -> None:
    ask = Asked()
    thread_id, _ = await ask.start()
    (row,) = await ask.threads.all_threads("kim")
    locked = {**row, "status": {"type": "locked", "reason": "It is late"}}
    await ask.threads.ask(ThreadDatabase.save_thread, "kim", locked)
    events = await ask("threads.add_user_message", thread_id=thread_id, input=message("And?"))
    (error,) = events
    assert (error["type"], error["code"]) == ("error", "custom")
    assert "It is late" in error["message"]


@pytest.mark.parametrize("kind", ["add_user_message", "retry_after_item", "custom_action"])
async def test_a_closed_thread_stays_as_it_is(kind: str) -> None:
    """Nothing is added to it, and nothing is taken out for an answer that nobody gives."""
    ask = Asked()
    thread_id, (_, question, *_) = await ask.start()
    before = await ask.threads.all_items(thread_id)
    (row,) = await ask.threads.all_threads("kim")
    await ask.threads.ask(ThreadDatabase.save_thread, "kim", {**row, "status": {"type": "closed"}})
    params = {
        "add_user_message": {"input": message("And?")},
        "retry_after_item": {"item_id": question["item"]["id"]},
        "custom_action": {"action": {"type": "more"}},
    }
    (error,) = await ask(f"threads.{kind}", thread_id=thread_id, **params[kind])
    assert "closed" in error["message"]
    assert await ask.threads.all_items(thread_id) == before


async def test_as_many_attachments_as_the_session_allows() -> None:
    ask = Asked(visitor=Visitor("kim", "http://127.0.0.1", most_files=1))
    made = [
        (await ask("attachments.create", name="a.txt", size=1, mime_type="text/plain"))["id"]
        for _ in range(2)
    ]
    one = await ask("threads.create", input=message("See.", attachments=made[:1]))
    assert one[1]["item"]["attachments"][0]["name"] == "a.txt"
    with pytest.raises(NotAllowed) as caught:
        await ask("threads.create", input=message("See.", attachments=made))
    assert "1 attachments" in caught.value.message
    assert len(await ask.threads.all_threads("kim")) == 1, "the one that was refused is not begun"
    assert await ask("attachments.delete", attachment_id=made[1]) == {}


async def test_an_assistant_knows_the_contexts_instructions_and_sees_a_picture() -> None:
    assistant = Held()
    assistant.go.set()
    ask = Asked(assistant)
    kept = context("kim", owner="user", instructions="Sell shoes.")
    await ask.threads.ask(ThreadDatabase.save_thread, "kim", to_row(kept))
    shoe = b"\x89PNG\r\n\x1a\nrest"
    wanted = {"name": "shoe.png", "size": len(shoe), "mime_type": "image/png"}
    made = await ask("attachments.create", **wanted)
    await ask.threads.ask(ThreadDatabase.save_content, made["id"], shoe)
    sent = message("Have you got these?", attachments=[made["id"]])
    await ask("threads.add_user_message", thread_id=kept.id, input=sent)
    (prompt,) = assistant.prompts
    assert prompt.instructions == "Sell shoes."
    words, shown = prompt.items[-1]["content"]
    assert words["text"] == "[image shoe.png]\nHave you got these?"
    assert shown["image_url"] == "data:image/png;base64,iVBORw0KGgpyZXN0"


async def test_a_picture_that_no_model_takes_is_made_into_one_that_it_does() -> None:
    assistant = Held()
    assistant.go.set()
    ask = Asked(assistant)
    made = await ask("attachments.create", name="a.gif", size=4, mime_type="image/gif")
    await ask.threads.ask(ThreadDatabase.save_content, made["id"], picture("GIF"))
    events = await ask("threads.create", input=message("See?", attachments=[made["id"]]))
    assert [event for event in events if event["type"] == "notice"] == []
    (prompt,) = assistant.prompts
    assert prompt.items[-1]["content"][1]["image_url"].startswith("data:image/png;base64,")


async def test_a_picture_that_is_broken_is_told() -> None:
    ask = Asked()
    made = await ask("attachments.create", name="a.gif", size=4, mime_type="image/gif")
    await ask.threads.ask(ThreadDatabase.save_content, made["id"], b"GIF8")
    events = await ask("threads.create", input=message("See?", attachments=[made["id"]]))
    (notice,) = [event for event in events if event["type"] == "notice"]
    assert notice["message"].startswith("The model does not see “a.gif”: it cannot be read as")
