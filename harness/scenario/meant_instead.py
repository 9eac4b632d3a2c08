"""Habits from elsewhere and traps of YAML, answered with how it is written here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from harness.engines.browser.targets import WAYS
from harness.scenario.page_expectations import PageExpectation
from harness.scenario.page_steps import PAGE_KINDS
from harness.scenario.variables import Location


def meant_instead(problem: Any, location: Location) -> str | None:
    """How what was meant is written, as a hint; None where nothing is known of it.

    Args:
        problem: one of pydantic's.
        location: of it in the file, as people write it.
    """
    key, value = str(location[-1]) if location else "", problem.get("input")
    if problem["type"] == "extra_forbidden":
        if location[-2:-1] == ("expect",) and key in PageExpectation.model_fields:
            return f"it is about the page: expect: {{page: {{{key}: …}}}}"
        if location[-2:-1] in _COMPARED and key in WAYS:
            return f"the element goes into `of`: {location[-2]}: {{of: {{{key}: …}}, …}}"
        return _UNKNOWN_KEYS.get(key.replace("_", "").replace("-", "").casefold())
    if problem["type"] == "string_pattern_mismatch" and location == ("name",):
        return _as_a_folder(str(value))
    is_step = len(location) == 2 and location[0] in ("steps", "start", "login")
    if is_step or (location[:1] == ("page",) and len(location) == 3):
        return _of_step(value)
    if location == ("page",) and isinstance(value, str):
        return f"page: {{url: {value}}}"
    if key == "wait" and isinstance(value, int | float):
        return f"to say nothing for a time: `silence: {value}`; `wait` is for an event or an answer"
    if key == "wait_for" and isinstance(value, int | float):
        return f"to say nothing for a time: `silence: {value}`; `wait_for` is for an element"
    if key == "screenshot" and value is True:
        return "`screenshot: booked` keeps it as booked.png"
    if key == "hang_up" and isinstance(value, str):
        return f"the page's own button: hang_up: {{click: {value!r}}}"
    return None


def _as_a_folder(name: str) -> str:
    told = "the name is that of a folder, too: letters from a to z, digits, “_”, “.” and “-”"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    fitting = re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-._")
    return f"{told}, as {fitting}" if fitting else told


def _of_step(value: Any) -> str | None:
    if not isinstance(value, Mapping) or not value:
        return None
    kind, *others = value
    beside = [str(name) for name in others if str(name) in _TIMES]
    if beside and isinstance(value[kind], str | Mapping):
        return f"how long it may take goes into it: {kind}: {{{_inside(value[kind])}, within_s: 5}}"
    if not others and value[kind] is None and kind in PAGE_KINDS:
        return 'YAML takes “ #” and what follows for a comment: quote a selector, as "#start"'
    return None


def _inside(content: str | Mapping[str, Any]) -> str:
    return f"css: {content!r}" if isinstance(content, str) else "…"


_COMPARED = (("text",), ("value",), ("attribute",), ("count",))

_TIMES = frozenset({"within_s", "within", "within_ms", "timeout", "timeout_s", "timeout_ms"})

_UNKNOWN_KEYS = {
    "timeout": "how long something may take: `within_s`, in seconds",
    "withinms": "in seconds: `within_s`",
    "xpath": 'css: "xpath=//…"; `css` takes any selector of Playwright\'s',
    "selector": "css: …; it takes any selector of Playwright's",
    "locator": "css: …; it takes any selector of Playwright's",
    "sleep": "`silence: 2` says nothing for 2 s",
    "pause": "`silence: 2` says nothing for 2 s",
    "waitfortimeout": "`silence: 2` says nothing for 2 s",
    "hover": "no step moves the mouse alone: `evaluate` can tell the page what it would",
    "dblclick": "two steps `click`",
    "equals": "`is`",
    "option": "`value`: an option's value, or its text",
    "script": "`js`",
    "expression": "`js`",
}
"""By the key, as it is without regard to case, “_” and “-”."""
