"""Texts that are nested too deeply are tried without the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_is_collected() -> Iterator[None]:
    """Parsers are driven to the limit of recursion, and no finaliser runs there.

    Where the collector came by just then, the finaliser of something that an earlier test had left
    failed for want of a stack, and this test with it.
    """
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
