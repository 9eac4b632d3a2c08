"""What a context shows in a call, and is shown: widgets, files, pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from harness.call.call import Call
from harness.call.opening import CallOptions
from harness.context.definition import ContextDefinition
from harness.context.thread_items import text_of_row
from harness.context.threads.choice import AnyContext, ContextChoice
from harness.context.threads.contexts import Contexts
from harness.context.threads.database import ThreadDatabase
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ExpectationFailed, UsageError
from harness.realtime.server.assistants.script import Script
from harness.trace import read_trace
from harness.virtual_time import run_in_virtual_time
from tests.support.drawn_pictures import noisy
from tests.support.shop_calls import SHOP, a_call, texts

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
