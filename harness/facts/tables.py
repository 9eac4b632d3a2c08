"""The tables of events in the documentation, made from the classes.

``python -m harness.facts.tables`` writes those of harness/docs/events.md anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import harness
from harness.facts.answers import AnswerFact
from harness.facts.browser import BrowserFact
from harness.facts.call import CallFact
from harness.facts.connection import ConnectionFact
from harness.facts.contexts import ContextFact
from harness.facts.described import field_lines, summary
from harness.facts.dialogue import DialogueFact
from harness.facts.media import MediaFact
from harness.facts.network import NetworkFact
from harness.facts.page import PageItselfFact
from harness.facts.server import ServerFact
from harness.facts.sockets import SocketFact
from harness.facts.steps import StepFact

PAGE = Path(harness.__file__).parent / "docs" / "events.md"

FACTS: dict[str, Sequence[Any]] = {
    "call": get_args(CallFact),
    "answers": get_args(AnswerFact),
    "steps": get_args(StepFact),
    "dialogue": get_args(DialogueFact),
    "connection": get_args(ConnectionFact),
    "sockets": get_args(SocketFact),
    "media": get_args(MediaFact),
    "page": get_args(PageItselfFact),
    "browser": get_args(BrowserFact),
    "network": get_args(NetworkFact),
    "server": get_args(ServerFact),
    "contexts": get_args(ContextFact),
}
"""By the module of `harness.facts` that they are in."""


def table(events: Sequence[Any]) -> str:
    """The rows of these classes; each has a ``type``, and a line under each field."""
    rows = [f"| `{one.type}`<br>`{one.__name__}` | {summary(one)} | {_fields(one)} |"
            for one in events]  # fmt: skip
    return "\n".join(["| event | what it says | fields |", "| --- | --- | --- |", *rows])


def with_tables(text: str, tables: Mapping[str, Sequence[Any]]) -> str:
    """A page with the tables between its marks, ``<!-- table: name -->`` and ``<!-- end -->``."""
    for name, events in tables.items():
        mark = f"<!-- table: {name} -->\n"
        pattern = re.escape(mark) + ".*?<!-- end -->"
        found = re.search(pattern, text, re.DOTALL)
        assert found is not None, f"the page has no place for {name}"
        made = f"{mark}{table(events)}\n<!-- end -->"
        text = text[: found.start()] + made + text[found.end() :]
    return text


def _fields(event: Any) -> str:
    lines = field_lines(event)
    return "<br>".join(f"`{field.name}`: {_escaped(lines[field.name])}" for field in fields(event))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), FACTS), encoding="utf-8")


if __name__ == "__main__":
    main()
