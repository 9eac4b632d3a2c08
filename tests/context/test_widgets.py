"""What a widget says, and what can be pressed in it."""

from __future__ import annotations

from typing import Any

import pytest

from harness.context.widgets import (
    MOST_COMPONENTS,
    WidgetAction,
    find_pressable,
    pressables,
    pressables_in_words,
    text_of_widget,
    to_press,
    why_no_widget,
)
from harness.errors import ExpectationFailed

ORDER = {"type": "order", "payload": {"dish": "soup"}}
MENU: dict[str, Any] = {
    "type": "Card",
    "status": {"text": "Today"},
    "confirm": {"label": "Confirm", "action": {"type": "confirm"}},
    "children": [
        {"type": "Title", "value": "Menu"},
        {"type": "Row", "children": [{"type": "Text", "value": "Soup of the day"}]},
        {"type": "Button", "label": "Order", "key": "buy", "onClickAction": ORDER},
        {"type": "Button", "label": "Later", "disabled": True, "onClickAction": ORDER},
        {"type": "Button", "label": "Print", "onClickAction": {"type": "p", "handler": "client"}},
        {"type": "Button", "label": "Idle"},
    ],
}
FORM: dict[str, Any] = {
    "type": "Basic",
    "children": {
        "type": "Form",
        "onSubmitAction": {"type": "book", "payload": {"table": 3}},
        "children": [
            {"type": "Input", "name": "name", "defaultValue": "Kim"},
            {"type": "Checkbox", "name": "window", "label": "Window", "defaultChecked": False},
            {"type": "Select", "name": "time"},
            {"type": "Button", "label": "Book", "submit": True},
        ],
    },
}  # fmt: skip
LIST: dict[str, Any] = {
    "type": "ListView",
    "children": [
        {
            "type": "ListViewItem",
            "onClickAction": {"type": "choose", "payload": {"wine": "red"}},
            "children": [{"type": "Text", "value": "The red one"}],
        }
    ],
}


def row(widget: dict[str, Any], item_id: str = "msg_1") -> dict[str, Any]:
    return {"id": item_id, "type": "widget", "widget": widget}


def test_its_words_are_those_that_it_shows() -> None:
    assert text_of_widget(MENU) == ("Confirm Today Menu Soup of the day Order Later Print Idle")


def test_what_has_an_action_can_be_pressed() -> None:
    found = pressables(MENU)
    assert [one.name for one in found] == ["Confirm", "Order", "Later", "Print"]
    assert [one.is_disabled for one in found] == [False, False, True, False]
    assert [one.action.is_for_page for one in found] == [False, False, False, True]
    assert found[1].action == WidgetAction("order", {"dish": "soup"})


def test_a_form_is_sent_with_what_its_fields_hold() -> None:
    (book,) = pressables(FORM)
    held = {"table": 3, "name": "Kim", "window": False}
    assert book.action == WidgetAction("book", held)
    (book,) = pressables(FORM, {"time": "19:30", "window": True})
    assert book.action.payload == {**held, "window": True, "time": "19:30"}


def test_an_item_of_a_list_is_called_by_its_words() -> None:
    (item,) = pressables(LIST)
    assert item.is_called("the RED one")
    assert not item.is_called("The red")


@pytest.mark.parametrize("name", ["Order", "order", "buy"])
def test_it_is_found_in_the_newest_widget_that_has_it(name: str) -> None:
    rows = [row(MENU, "old"), row(MENU, "new"), row(LIST, "newest"), {"id": "x", "type": "task"}]
    found = find_pressable(rows, name)
    assert found is not None
    assert (found[0], found[1].name) == ("new", "Order")
    assert find_pressable(rows, "BUY") is None


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ({"disabled": True}, "it is there, and disabled"),
        ({"onClickAction": {**ORDER, "handler": "client"}}, "for the page's own code"),
        ({"label": "Other"}, "its newest widget has “Other” to press"),
    ],
)
def test_what_nobody_can_press_says_why(button: dict[str, Any], why: str) -> None:
    one = {"type": "Button", "label": "Go", "onClickAction": ORDER}
    assert to_press([row({"type": "Card", "children": [one]})], "Go")[1].action.type == "order"
    with pytest.raises(ExpectationFailed, match="“Go” cannot be pressed") as told:
        to_press([row({"type": "Card", "children": [{**one, **button}]})], "Go")
    assert why in str(told.value.found)


def test_what_there_is_to_press_is_told() -> None:
    assert pressables_in_words([]) == "the thread has no widget"
    said = pressables_in_words([row(MENU), row(LIST)])
    assert said == "its newest widget has “The red one” to press"
    assert pressables_in_words([row({"type": "Card"})]) == "its newest widget has nothing to press"


@pytest.mark.parametrize(
    ("widget", "why"),
    [
        ("a card", "a widget is an object"),
        ({"type": "Text", "value": "a"}, "Card, ListView, Basic, and not 'Text'"),
        ({"type": "Card", "children": [{}] * MOST_COMPONENTS}, "at most 2000 components"),
        (MENU, None),
    ],
)
def test_what_is_none_is_told(widget: Any, why: str | None) -> None:
    found = why_no_widget(widget)
    assert found is why if why is None else why in str(found)


def test_a_deep_one_is_read_as_far_as_it_can_be_shown() -> None:
    deep: dict[str, Any] = {"type": "Button", "label": "Deep", "onClickAction": ORDER}
    for _ in range(900):
        deep = {"type": "Card", "children": [deep]}
    assert why_no_widget(deep) is None
    assert pressables(deep) == []
