"""Items of a thread as the assistants see them."""

from __future__ import annotations

from harness.context.own_shapes import conversation_items
from harness.realtime.items import text_of
from tests.support.thread_rows import CALL_ROW, asked_row, item_row, said_row


def test_messages_keep_their_order_and_roles() -> None:
    items = conversation_items([asked_row(), said_row()])
    assert [(item["role"], text_of(item)) for item in items] == [
        *[("user", "Hi."), ("assistant", "Hello.")],
    ]


def test_a_question_comes_after_what_it_is_about() -> None:
    file = {"id": "a", "type": "image", "name": "menu.png", "mime_type": "image/png"}
    (item,) = conversation_items([asked_row(quoted_text="Soup", attachments=[file])])
    assert text_of(item) == "> Soup\n[image menu.png]\nHi."


def test_a_picture_that_is_shown_goes_with_its_message_and_another_is_told_of() -> None:
    shown, hidden = (
        {"id": name, "type": "image", "name": f"{name}.png", "mime_type": "image/png"}
        for name in ("a", "b")
    )
    row = asked_row(attachments=[shown, hidden])
    (item,) = conversation_items([row], {"a": "data:image/png;base64,AA=="})
    assert item["content"] == [
        {"type": "input_text", "text": "[image a.png]\n[image b.png, not shown]\nHi."},
        {"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "auto"},
    ]


def test_a_call_has_a_result_once_it_is_there() -> None:
    call, result = conversation_items([CALL_ROW])
    assert (call["name"], call["arguments"]) == ("book", '{"persons": 2}')
    assert (result["call_id"], result["output"]) == ("call_1", '{"ok": true}')
    assert len(conversation_items([{**CALL_ROW, "status": "pending"}])) == 1


def test_answers_widgets_and_hidden_notes_are_told() -> None:
    inputs = [
        {"id": "a", "question": "Where?", "answer": {"values": ["Inside"]}},
        {"id": "b", "question": "When?", "answer": {"skipped": True, "values": []}},
    ]
    items = conversation_items(
        [
            item_row("s", "structured_input", status="answered", inputs=inputs),
            item_row("p", "structured_input", status="pending", inputs=inputs),
            item_row("w", "widget", widget={"type": "Card"}),
            item_row("v", "widget", widget={}, copy_text="A card."),
            item_row("h", "hidden_context_item", content={"a": 1}),
            item_row("e", "end_of_turn"),
        ]
    )
    assert [(item["role"], text_of(item)) for item in items] == [
        ("user", "Where? Inside\nWhen? (skipped)"),
        ("assistant", '(shown: {"type": "Card"})'),
        ("assistant", "A card."),
        ("system", '{"a": 1}'),
    ]
