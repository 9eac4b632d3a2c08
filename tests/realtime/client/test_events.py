from __future__ import annotations

import ast
from pathlib import Path

import harness.realtime
from harness.realtime.client.events import EVENTS


def told_in_the_code() -> set[str]:
    """Every event type that some part of the session tells."""
    found: set[str] = set()
    for path in (Path(harness.realtime.__path__[0]) / "client").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                first = 1 if node.func.attr == "_tell" else 0
                is_telling = node.func.attr in ("notify", "_tell", "_speech")
                if is_telling and len(node.args) > first:
                    argument = node.args[first]
                    if isinstance(argument, ast.Constant):
                        found.add(str(argument.value))
    return found


def test_the_list_of_events_is_what_the_session_tells() -> None:
    assert told_in_the_code() == set(EVENTS)
