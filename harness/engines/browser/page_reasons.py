"""Reasons why a step on a page did not work: Playwright's own, and what there is instead."""

from __future__ import annotations

import asyncio
import difflib
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from harness.engines.browser.closed_roots import in_closed_roots
from harness.engines.browser.elements import Elements
from harness.engines.browser.targets import Target

MOST_NAMED = 6
LONGEST = 80
SNAPSHOT_MS = 1_000
LOOK_ROUND_S = 0.8

FIELDS = frozenset(
    {"textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton", "slider"}
)
USABLE = FIELDS | {"button", "link", "tab", "menuitem", "switch", "option"}

_LINE = re.compile(r'^\s*- (?P<role>\w+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?(?P<rest>[^\n]*)$')
_COVERED = re.compile(r"(<[^\n]+) intercepts pointer events")
_STATES = (
    ("element is not enabled", "it is disabled"),
    ("element is not visible", "it is there, and not visible"),
    ("element is not editable", "it is read-only"),
    ("element is outside of the viewport", "it is outside of the window"),
    ("element is not stable", "it does not stop moving"),
    ("did not find some options", "it has no such option"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """An element as assistive technology tells of it."""

    role: str
    name: str
    is_disabled: bool = False

    def __str__(self) -> str:
        named = f" “{_short(self.name)}”" if self.name else ""
        return f"{self.role}{named}{' (disabled)' if self.is_disabled else ''}"


def in_words(error: PlaywrightError) -> str:
    """What hindered an act: the state of the element, where Playwright's log tells it."""
    text = error.message
    if "strict mode violation" in text:
        return _several(text)
    if covering := _COVERED.findall(text):
        return f"it is covered by {_short(covering[-1])}"
    # The log tells each try; the last word is how it was at the end.
    told = [(text.rfind(sign), words) for sign, words in _STATES]
    last, words = max(told)
    return words if last >= 0 else _first_line(text)


def read_snapshot(snapshot: str) -> list[Seen]:
    """The elements of an ARIA snapshot, in their order."""
    seen = []
    for line in snapshot.splitlines():
        if (found := _LINE.match(line)) is None:
            continue
        name, rest = found["name"] or "", found["rest"]
        if not name and ": " in rest:
            name = rest.partition(": ")[2].strip()
        seen.append(Seen(found["role"], name.replace('\\"', '"'), "[disabled]" in rest))
    return seen


async def nothing_matches(elements: Elements, target: Target) -> str:
    """That nothing matches, with what there is instead, the most alike first."""
    try:
        async with asyncio.timeout(LOOK_ROUND_S):
            return await _look_round(elements, target)
    except TimeoutError:
        return "nothing matches"


async def nothing_to_act_on(elements: Elements, target: Target) -> str:
    """The same for an act; what a selector cannot reach may be reached by keys.

    It looks at the whole document, so it is for errors and not for what is looked at again.
    """
    found = await nothing_matches(elements, target)
    with suppress(TimeoutError, PlaywrightError):
        async with asyncio.timeout(LOOK_ROUND_S):
            found += await _closed_to_selectors(elements, target)
    return found


async def _closed_to_selectors(elements: Elements, target: Target) -> str:
    page = elements.window(target.window)
    there = [] if page is None else await in_closed_roots(page)
    closed = [Seen(role, name) for role, name in there if role in USABLE]
    if not closed:
        return ""
    return (
        f"; in a closed shadow root, where no selector gets: {_named(closed, target.name or '')} "
        "(keys do: `press: Tab` until it has the focus, then `press: Enter`)"
    )


async def _look_round(elements: Elements, target: Target) -> str:
    page = elements.window(target.window)
    if page is None:
        opened = len(elements.windows)
        return f"the page opened no such window ({opened} open)" if opened else "no window opened"
    if target.way == "test_id":
        ids = await _test_ids(page)
        instead = ", ".join(_alike(ids, target.what)) or "no test id at all"
        return f"nothing matches; the page has {instead}"
    return f"nothing matches; the page has {instead_of(target, await _seen(page))}"


def instead_of(target: Target, seen: Sequence[Seen]) -> str:
    """What there is in place of a target, in words."""
    if target.way == "role":
        alike = [each for each in seen if each.role == target.what]
        if alike:
            return _named(alike, target.name or "")
        return f"no {target.what}, but {_named([e for e in seen if e.role in USABLE])}"
    if target.way == "text":
        return _named([each for each in seen if each.name], target.what)
    kinds = FIELDS if target.way in ("label", "placeholder") else USABLE
    return _named([each for each in seen if each.role in kinds], target.what)


def _named(seen: Iterable[Seen], like: str = "") -> str:
    by_name = {str(each): each.name for each in seen}
    order = list(by_name)
    if like:
        order.sort(key=lambda text: -_likeness(by_name[text], like))
    more = f" and {len(order) - MOST_NAMED} more" if len(order) > MOST_NAMED else ""
    return ", ".join(order[:MOST_NAMED]) + more or "nothing of that kind"


def _alike(names: Iterable[str], like: str) -> list[str]:
    different = sorted(set(names), key=lambda name: -_likeness(name, like))
    return [f"“{_short(name)}”" for name in different[:MOST_NAMED]]


def _likeness(name: str, like: str) -> float:
    return difflib.SequenceMatcher(None, name.casefold(), like.casefold()).ratio()


async def _seen(page: Page) -> list[Seen]:
    seen = []
    for frame in page.frames:
        try:
            seen += read_snapshot(await frame.locator("body").aria_snapshot(timeout=SNAPSHOT_MS))
        except PlaywrightError:
            continue  # a frame without a body, or that has gone
    return seen


async def _test_ids(page: Page) -> list[str]:
    ids: list[str] = []
    for frame in page.frames:
        try:
            found = frame.locator("[data-testid]")
            ids += await found.evaluate_all("all => all.map((e) => e.dataset.testid)")
        except PlaywrightError:
            continue
    return ids


def _several(text: str) -> str:
    count = re.search(r"resolved to (\d+) elements", text)
    which = [
        _short(line) for line in re.findall(r"^\s*\d+\) (.+?)(?: aka .*)?$", text, re.MULTILINE)
    ]
    shown = f": {'; '.join(which[:MOST_NAMED])}" if which else ""
    return f"{count[1] if count else 'several'} elements match{shown} (`nth` chooses one)"


def _first_line(text: str) -> str:
    line = text.splitlines()[0] if text else "no reason given"
    return re.sub(r"^[A-Z]\w+\.\w+: (?:Error: )?", "", line)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"
