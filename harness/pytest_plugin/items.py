"""Tests as pytest has them: their fixtures, and what markers and plugins of others say of them."""

from __future__ import annotations

import inspect
from collections.abc import Collection
from typing import Any

import pytest

PLUGIN = "harness.pytest_plugin.plugin"

RUNNERS = ("asyncio", "anyio", "trio")
"""Markers of the plugins that run coroutines."""

ANYIO = "anyio_backend"
"""The fixture of AnyIO's that makes a test and its fixtures run in a loop of its own."""


def arguments(item: pytest.Function) -> set[str]:
    """The test's own arguments; what only a fixture of the user's asks for is not the test's."""
    return set(inspect.signature(item.function).parameters)


def ours(item: pytest.Item) -> set[str]:
    """The fixtures of an item that are this plugin's: a suite may have others of the same names.

    A parameter of a test may be called `voice`, too.
    """
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    return {name for name, found in known.items() if found and found[-1].func.__module__ == PLUGIN}


def fixtures(item: pytest.Item) -> list[str]:
    """The names of all fixtures of an item."""
    return list(getattr(item, "fixturenames", []))


def as_others_say(item: pytest.Item, for_coroutines: Collection[str]) -> None:
    """Let markers and plugins of others hold for a test of ours.

    Args:
        for_coroutines: our fixtures of tests that may be coroutines.
    """
    asked_for = ours(item)
    if asked_for.intersection(for_coroutines):
        keep_to_asyncio(item)
    if "voice_call" in asked_for:
        skip_other_browsers(item)
    if "voice" in asked_for:
        refuse_unrun_coroutine(item)


def keep_to_asyncio(item: pytest.Item) -> None:
    """Run a test that is AnyIO's in the loop of our fixtures, and only once: on asyncio."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    backend: Any = parameters.get(ANYIO, "asyncio")
    name = backend if isinstance(backend, str) else backend[0]
    if name != "asyncio":
        pytest.skip(f"the harness runs on asyncio, and this is the run on {name}")
    if ANYIO in fixtures(item):
        item.fixturenames.remove(ANYIO)  # type: ignore[attr-defined]


def skip_other_browsers(item: pytest.Item) -> None:
    """Let the markers `only_browser` and `skip_browser` hold for calls, which are in chromium."""
    if "browser_name" in fixtures(item):
        return  # pytest-playwright does so itself
    only, left_out = (item.get_closest_marker(f"{kind}_browser") for kind in ("only", "skip"))
    if (only and only.args[:1] != ("chromium",)) or (left_out and "chromium" in left_out.args):
        pytest.skip("voice_call is in chromium, and the test is not for it")


def refuse_unrun_coroutine(item: pytest.Item) -> None:
    """Fail a coroutine with the fixture for plain tests, where nobody would run it.

    pytest would say that no plugin for coroutines is installed.
    """
    is_coroutine = inspect.iscoroutinefunction(getattr(item, "function", None))
    if is_coroutine and not any(item.get_closest_marker(name) for name in RUNNERS):
        pytest.fail(
            f"`voice` is for plain tests, and {item.name} is a coroutine.\n"
            f"Write: def {item.name}(…), or, for Playwright's asynchronous pages:\n"
            "           async with async_voice.listen(page) as call: …",
            pytrace=False,
        )


def leaves_us_the_loop(item: pytest.Item) -> bool:
    """Whether its marker names no loop of its own.

    A bare one means a loop for the test alone. A call of `voice_call` is held by the session's, and
    what it has begun in the test's would be waited for without end when that one is closed.
    """
    marker = item.get_closest_marker("asyncio")
    return marker is None or ("voice_call" in fixtures(item) and not (marker.args or marker.kwargs))
