"""Locators that Playwright chose for elements, as scenarios name them. Pure.

Playwright's selectors for what a user sees begin with ``internal:``; a scenario has a word for
each. What has none stays a selector, which is one of the ways, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from harness.scenario.locators import ROLES

_STRING = r'"(?P<text>(?:[^"\\]|\\.)*)"(?P<case>[is]?)'
_NTH = re.compile(r" >> nth=(?P<nth>-?\d+)$")
_ROLE = re.compile(rf"internal:role=(?P<role>[a-z]+)(?:\[name={_STRING}\])?")
_TEST_ID = re.compile(rf"internal:testid=\[data-testid={_STRING}\]")
_LABEL = re.compile(rf"internal:label={_STRING}")
_TEXT = re.compile(rf"internal:text={_STRING}")
_PLACEHOLDER = re.compile(rf"internal:attr=\[placeholder={_STRING}\]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

Locator = dict[str, Any]
"""One way to an element, as `harness.scenario.locators` reads it."""


def locator_of(selector: str) -> Locator:
    """The mapping that names the same element.

    Args:
        selector: Playwright's, as ``internal:role=button[name="Call us"i]``, or any other.
    """
    base, nth = selector, _NTH.search(selector)
    if nth is not None:
        base = selector[: nth.start()]
    for pattern, read in _READERS:
        if (found := pattern.fullmatch(base)) is not None and (locator := read(found)) is not None:
            return locator if nth is None else locator | {"nth": int(nth["nth"])}
    return {"css": selector}


def _role(found: re.Match[str]) -> Locator | None:
    if found["role"] not in ROLES:
        return None
    if found["text"] is None:
        return {"role": found["role"]}
    return {"role": found["role"], "name": _plain(found["text"]), **_exact(found)}


def _by(way: str) -> Callable[[re.Match[str]], Locator | None]:
    def read(found: re.Match[str]) -> Locator | None:
        text = _plain(found["text"])
        return {way: text, **_exact(found)} if text else None

    return read


def _test_id(found: re.Match[str]) -> Locator | None:
    return {"test_id": _plain(found["text"])} if found["text"] else None


def _exact(found: re.Match[str]) -> Locator:
    return {"exact": True} if found["case"] == "s" else {}


def _plain(text: str) -> str:
    """The text that was escaped for a selector, as JSON does it."""
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:  # by hand, or by another version: the next letter is meant
        return _ESCAPED.sub(r"\1", text)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Locator | None]], ...] = (
    (_ROLE, _role),
    (_TEST_ID, _test_id),
    (_LABEL, _by("label")),
    (_PLACEHOLDER, _by("placeholder")),
    (_TEXT, _by("text")),
)
