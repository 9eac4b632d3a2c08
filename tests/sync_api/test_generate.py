"""The synchronous API is written from the asynchronous one, and nothing of it is missing."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pytest

from harness.sync_api.generate import HERE, generated
from harness.sync_api.originals import MODULES, Source

CLASSES = [source for module in MODULES.values() for source in module.classes]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_module_is_what_is_generated_now(name: str) -> None:
    """After a change of the asynchronous API: `python -m harness.sync_api.generate`."""
    assert (HERE / f"{name}.py").read_text(encoding="utf-8") == generated(name)


def members(source: Source) -> dict[str, Any]:
    """Of the class, and of those whose methods are written with its own."""
    kinds = [getattr(importlib.import_module(s.module), s.name) for s in (source, *source.inherits)]
    found = {name: value for kind in kinds[::-1] for name, value in vars(kind).items()}
    return {name: value for name, value in found.items() if not name.startswith("_")}


@pytest.mark.parametrize("source", CLASSES, ids=lambda source: source.name)
def test_every_public_member_has_its_other_colour(source: Source) -> None:
    module = next(name for name, module in MODULES.items() if source in module.classes)
    ours = getattr(importlib.import_module(f"harness.sync_api.{module}"), source.name)
    for name, value in members(source).items():
        if name in source.hidden or not (callable(value) or isinstance(value, property)):
            continue
        twin = inspect.getattr_static(ours, name)
        assert isinstance(twin, property) is isinstance(value, property), name
        if not isinstance(value, property):
            assert not inspect.iscoroutinefunction(twin), name
            assert list(inspect.signature(twin).parameters) == list(
                inspect.signature(value).parameters
            ), name
        assert twin.__doc__, name


def test_nothing_waits_in_a_docstring() -> None:
    for name in MODULES:
        text = (HERE / f"{name}.py").read_text(encoding="utf-8")
        assert "await " not in text
        assert "async " not in text
