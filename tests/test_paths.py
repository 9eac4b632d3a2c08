"""Paths that people give: whatever is public takes text, and whatever stands for a path."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import harness
from harness import sync_api
from harness.paths import near_names, what_is_at

DOCS = Path(harness.__file__).parent / "docs"
IMPORTS = re.compile(r"^ *from (harness\.[\w.]+) import ([\w, ]+)$", re.MULTILINE)


def documented() -> dict[str, Any]:
    """What the docs import from rooms of the package."""
    found = {}
    for page in sorted(DOCS.glob("*.md")):
        for module, names in IMPORTS.findall(page.read_text(encoding="utf-8")):
            for name in names.split(", "):
                found[f"{module}.{name}"] = getattr(import_module(module), name)
    return found


PUBLIC: dict[str, Any] = {
    **{f"harness.{name}": getattr(harness, name) for name in harness.__all__},
    **{f"harness.sync_api.{name}": getattr(sync_api, name) for name in sync_api.__all__},
    **documented(),
}
GIVEN_BY_US = {"harness.RunningServer"}
"""Made by the harness alone."""


def called(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What people call of it."""
    if inspect.isfunction(value):
        yield name, value
    elif inspect.isclass(value) and name not in GIVEN_BY_US:
        for member, function in inspect.getmembers(value, inspect.isfunction):
            if function.__module__.startswith("harness") and (
                member == "__init__" or not member.startswith("_")
            ):
                yield f"{name}.{member}", function


CALLED = dict(pair for name, value in PUBLIC.items() for pair in called(name, value))


def test_a_path_may_be_text_and_anything_that_stands_for_one() -> None:
    wrong = {
        f"{name}({argument}: {parameter.annotation})"
        for name, function in CALLED.items()
        for argument, parameter in inspect.signature(function).parameters.items()
        if re.search(r"\bPath\b", str(parameter.annotation))
    }
    assert not wrong, "say `harness.paths.StrPath`, and make a `Path` of it"


def test_what_is_at_a_path_is_told_in_short(tmp_path: Path) -> None:
    assert what_is_at(tmp_path / "a") == "nothing"
    assert what_is_at(tmp_path) == "an empty folder"
    for name in "hgfedcba":
        (tmp_path / name).touch()
    assert what_is_at(tmp_path / "a") == "an empty file named a"
    (tmp_path / "a").write_text("a", encoding="utf-8")
    assert what_is_at(tmp_path / "a") == "a file named a"
    assert what_is_at(tmp_path) == "a folder with a, b, c, d, e, f"


def test_what_takes_one_is_found_here() -> None:
    takes = {
        name
        for name, function in CALLED.items()
        for parameter in inspect.signature(function).parameters.values()
        if "StrPath" in str(parameter.annotation)
    }
    assert {"harness.run_scenarios", "harness.sync_api.listen", "harness.trace.read_trace"} <= takes


def test_an_ending_that_two_names_share_makes_none_near() -> None:
    assert near_names("nothere.yaml", ["h.yaml", "e.yaml"]) == []
    assert near_names("boking.yaml", ["h.yaml", "booking.yaml"]) == ["booking.yaml"]
    assert near_names("rovr", ["rover", "booking"], count=3) == ["rover"]
