"""Expectations of a context's thread: an item that must stand in it, or how many there are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatch
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from harness.call.call import Call
from harness.context.thread_items import text_of_row, told_of_row
from harness.plain_data import Data, RegularExpression
from harness.score.judgement import Judgement
from harness.speech.words import missing_words

NO_CONTEXT = "the call has no context: give the scenario one (context: restaurant.yaml)"
SHOWN = 3
"""How many of the last items are told where none fits."""

ANY = "*"
"""Of a widget: whatever it shows."""

KINDS = {
    "user": ("user_message",),
    "assistant": ("assistant_message", "widget"),
    "tool": ("client_tool_call",),
}

By = Literal["user", "assistant", "tool"]


class ThreadExpectation(Data):
    """An item of the context's thread, of this call or of an earlier one. Everything must hold."""

    words: Annotated[list[str], Field(min_length=1)] | None = Field(
        default=None, description="words that one item must have, in any order"
    )
    pattern: Annotated[RegularExpression, Field(min_length=1)] | None = Field(
        default=None, description="a regular expression that the item must match (case ignored)"
    )
    by: By | None = Field(default=None, description="whose item it is: user, assistant or tool")
    tool: str | None = Field(default=None, description="an item that is a call of this tool")
    widget: Annotated[str, Field(min_length=1)] | None = Field(
        default=None,
        description="an item that is a widget which shows this text (case ignored); `*`: any",
    )
    attachment: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="a message that has a file of this name (a glob): `*.pdf`"
    )
    count: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="so many such items there must be; all of the thread's where "
        "nothing else is said"
    )  # fmt: skip

    @model_validator(mode="after")
    def _says_something(self) -> ThreadExpectation:
        if not self.model_dump(exclude_none=True):
            raise ValueError(
                "expects nothing: give words, pattern, by, tool, widget, attachment or count"
            )
        return self

    @property
    def in_words(self) -> str:
        """What is expected, as a sentence."""
        whose = {"user": " of the user", "assistant": " of the assistant", "tool": " of a tool"}
        parts = [
            f"the words {', '.join(f'“{word}”' for word in self.words)}" if self.words else "",
            f"a match of “{self.pattern}”" if self.pattern else "",
            f"a call of “{self.tool}”" if self.tool else "",
            self._widget_in_words,
            f"the file “{self.attachment}”" if self.attachment else "",
        ]
        having = " and ".join(part for part in parts if part)
        number = "an item" if self.count is None else f"{self.count} items"
        return f"the thread has {number}{whose[self.by] if self.by else ''}" + (
            f" with {having}" if having else ""
        )

    @property
    def _widget_in_words(self) -> str:
        if self.widget is None:
            return ""
        return "a widget" if self.widget == ANY else f"a widget that shows “{self.widget}”"

    def holds(self, rows: Sequence[dict[str, Any]]) -> bool:
        """Whether a thread is as it should be."""
        count = sum(map(self._fits, rows))
        return count > 0 if self.count is None else count == self.count

    def _fits(self, row: dict[str, Any]) -> bool:
        text = text_of_row(row)
        return (
            (self.by is None or row.get("type") in KINDS[self.by])
            and (self.tool is None or (row.get("name") == self.tool))
            and (self.widget is None or _shows(row, self.widget))
            and (self.attachment is None or _has_file(row, self.attachment))
            and (not self.words or not missing_words(text, self.words))
            and (self.pattern is None or bool(re.search(self.pattern, text, re.IGNORECASE)))
        )


def _shows(row: dict[str, Any], text: str) -> bool:
    is_widget = row.get("type") == "widget"
    return is_widget and (text == ANY or text.casefold() in text_of_row(row).casefold())


def _has_file(row: dict[str, Any], name: str) -> bool:
    files = row.get("attachments") or ()
    return any(fnmatch(str(file.get("name")), name) for file in files)


async def judge_thread(call: Call, wanted: ThreadExpectation, within_s: float) -> Judgement:
    """Wait until the thread is as it should be, for so long."""
    if not call.context.is_bound:
        return Judgement("thread", wanted.in_words, False, NO_CONTEXT)
    rows = await call.context.wait_items(wanted.holds, within_s)
    told = [told_of_row(row) for row in rows[-SHOWN:]]
    last = "; its last are " + ", ".join(f"“{text}”" for text in told) if told else ""
    found = f"the thread has {len(rows)} items{last}"
    return Judgement("thread", wanted.in_words, wanted.holds(rows), found)
