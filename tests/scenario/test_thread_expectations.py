"""What must stand in a thread."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.scenario.thread_expectations import NO_CONTEXT, ThreadExpectation, judge_thread
from tests.support.thread_rows import CALL_ROW, asked_row, item_row, said_row

ROWS = [asked_row(text="My name is Kim Novak."), CALL_ROW, said_row(text="Hello, Kim.")]
CARD = {"type": "Card", "children": [{"type": "Text", "value": "Soup of the day"}]}
SHOWN = [
    item_row("msg_3", "widget", widget=CARD),
    asked_row("msg_4", "This?", attachments=[{"id": "atc_1", "name": "menu.pdf"}]),
]


def expectation(**fields: Any) -> ThreadExpectation:
    return ThreadExpectation(**fields)


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({"words": ["novak", "kim"]}, True),
        ({"words": ["hello", "novak"]}, False),
        ({"words": ["kim"], "by": "assistant"}, True),
        ({"words": ["novak"], "by": "assistant"}, False),
        ({"pattern": "NAME is \\w+"}, True),
        ({"pattern": "name is Eve"}, False),
        ({"tool": "book"}, True),
        ({"tool": "cancel"}, False),
        ({"by": "tool", "count": 1}, True),
        ({"count": 3}, True),
        ({"count": 2}, False),
        ({"words": ["kim"], "count": 2}, True),
        ({"words": ["eve"], "count": 0}, True),
    ],
)
def test_an_item_or_a_number_of_them(fields: dict[str, Any], holds: bool) -> None:
    assert expectation(**fields).holds(ROWS) is holds


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({"widget": "SOUP of"}, True),
        ({"widget": "*", "by": "assistant", "count": 1}, True),
        ({"widget": "wine"}, False),
        ({"widget": "This"}, False),
        ({"words": ["soup"], "by": "user"}, False),
        ({"attachment": "*.pdf", "words": ["this"]}, True),
        ({"attachment": "menu.txt"}, False),
    ],
)
def test_a_widget_or_a_file(fields: dict[str, Any], holds: bool) -> None:
    assert expectation(**fields).holds(SHOWN) is holds


def test_nothing_cannot_be_expected() -> None:
    with pytest.raises(ValidationError, match="expects nothing"):
        expectation()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": ["a", "b"], "by": "user"}, "an item of the user with the words “a”, “b”"),
        ({"pattern": "x+", "tool": "t"}, "an item with a match of “x+” and a call of “t”"),
        ({"count": 2, "by": "tool"}, "2 items of a tool"),
        ({"widget": "*"}, "an item with a widget"),
        (
            {"widget": "A", "attachment": "b"},
            "an item with a widget that shows “A” and the file “b”",
        ),
    ],
)
def test_it_is_told_in_words(fields: dict[str, Any], said: str) -> None:
    assert expectation(**fields).in_words == f"the thread has {said}"


class Context:
    """A call's context, as far as it is asked here."""

    def __init__(self, rows: list[dict[str, Any]] | None) -> None:
        self.rows = rows or []
        self.is_bound = rows is not None

    async def wait_items(self, fits: object, within_s: float) -> list[dict[str, Any]]:
        return self.rows


class Call:
    def __init__(self, rows: list[dict[str, Any]] | None) -> None:
        self.context = Context(rows)


@pytest.mark.parametrize(
    ("rows", "passed", "said"),
    [
        (ROWS, True, "the thread has 3 items; its last are “My name is Kim Novak.”, “book”"),
        ([], False, "the thread has 0 items"),
        (None, False, NO_CONTEXT),
    ],
)
async def test_it_is_judged_with_what_there_is(
    rows: list[dict[str, Any]] | None, passed: bool, said: str
) -> None:
    call: Any = Call(rows)
    judged = await judge_thread(call, expectation(words=["kim"]), 0.1)
    assert (judged.passed, judged.kind) == (passed, "thread")
    assert said in judged.evidence
