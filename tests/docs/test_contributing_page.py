"""The page for contributors: its ladder is the tested one, and its walks lead through real code."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

from tests.test_layers import LADDERS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "harness" / "docs" / "contributing.md").read_text(encoding="utf-8")
WALKS: dict[str, str] = dict(
    re.findall(r"^### (Where .+?)\n(.*?)(?=^#)", PAGE, re.MULTILINE | re.DOTALL)
)
STEP = re.compile(
    r"^\d+\. (?:[^`\n]*: )?`(?P<path>[^`]+)` · (?P<names>`[\w.]+`(?:,\s+`[\w.]+`)*)", re.MULTILINE
)
METHOD_OR_FUNCTION = r"^\s*(?:export )?(?:async )?(?:function |class )?{}\b[^;\n]*\{{$"


def steps(body: str) -> list[tuple[str, str]]:
    """Path and name of everything that a walk comes by."""
    return [
        (step["path"], name)
        for step in STEP.finditer(body)
        for name in re.findall(r"`([\w.]+)`", step["names"])
    ]


@lru_cache
def names_in(path: Path) -> frozenset[str]:
    """Functions and classes of a Python module, methods with and without their class."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{part.name}" for part in node.body if hasattr(part, "name")}
    return frozenset(found)


def is_in(name: str, path: Path) -> bool:
    if path.suffix == ".py":
        return name in names_in(path)
    text = path.read_text(encoding="utf-8")
    return re.search(METHOD_OR_FUNCTION.format(name), text, re.MULTILINE) is not None


def test_there_are_six_walks_and_each_has_its_steps() -> None:
    assert len(WALKS) == 6
    for title, body in WALKS.items():
        assert len(re.findall(r"^\d+\. ", body, re.MULTILINE)) == len(STEP.findall(body)), title
        assert "**here**" in body or title == "Where a `say` becomes samples", title


@pytest.mark.parametrize("title", WALKS)
def test_a_walk_leads_through_what_is_there(title: str) -> None:
    missing = [
        f"{path}: {name}"
        for path, name in steps(WALKS[title])
        if not (ROOT / path).is_file() or not is_in(name, ROOT / path)
    ]
    assert not missing, f"“{title}” in harness/docs/contributing.md is out of date"


def test_a_name_that_is_not_there_is_found_out() -> None:
    call, probe = ROOT / "harness/call/call.py", ROOT / "web/probe/control.js"
    assert is_in("Call.say", call)
    assert is_in("play", probe)
    assert not is_in("Call.shout", call)
    assert not is_in("shout", probe)
    assert not is_in("microphones", probe)


def test_the_ladder_is_the_tested_one() -> None:
    shown = re.search(r"<!-- ladder -->\n```\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert [line.split(", ") for line in shown[1].splitlines()] == LADDERS[""]
