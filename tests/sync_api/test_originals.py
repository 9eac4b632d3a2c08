"""What the synchronous API is written from exists, and what is hidden of it is there to hide."""

from __future__ import annotations

import importlib

import pytest

from harness import sync_api
from harness.sync_api.originals import MODULES, Source

SOURCES = [
    source
    for module in MODULES.values()
    for source in (*module.classes, *module.blocks, *module.functions)
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_original_exists_with_what_is_hidden_of_it(source: Source) -> None:
    original = getattr(importlib.import_module(source.module), source.name)
    assert not {name for name in source.hidden if not hasattr(original, name)}


def test_everything_public_is_given_out() -> None:
    written = {source.name for source in SOURCES} - {"Commands"}
    assert written | {"Reader"} == set(sync_api.__all__)
