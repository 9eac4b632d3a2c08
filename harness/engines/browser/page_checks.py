"""Looks at a page, repeated until what is expected of it holds."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator

from harness.engines.browser.elements import LOOK_EVERY_S, Elements
from harness.engines.browser.page_reasons import in_words, nothing_matches
from harness.engines.browser.targets import Target, read_target
from harness.machine import ProcessorUse
from harness.redact import shown

LOOK_MS = 1_000
"""One look: an element may go while it is looked at."""

MOST_TOLD = 3
LONGEST_TEXT = 300

BUSY = "the page does not answer: its scripts keep it busy"
NO_TIME_FOR_IT = "or this machine, whose processors were all in use, has no time for it"

ALL_IN_USE = 0.9
"""A page alone keeps one processor busy, and its browser a part of another."""


def busy_words(use: ProcessorUse) -> str:
    """Why a page does not answer, as far as can be told; never only the page of a busy machine.

    Args:
        use: of the processors, since the page was asked.
    """
    return f"{BUSY}, {NO_TIME_FOR_IT}" if (use.share() or 0.0) >= ALL_IN_USE else BUSY


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen."""

    holds: bool
    found: str
    """In words."""

    is_missing: bool = False
    """Nothing matches."""


MISSING = Look(False, "nothing matches", is_missing=True)


async def check_page(
    elements: Elements, kind: str, wanted: Mapping[str, Any], within_s: float
) -> Look:
    """Look until it holds, at most so long; the last look.

    Args:
        kind: visible, hidden, attached, detached, text, value, count, attribute or url.
        wanted: the element as ``of``; what it is compared with as ``is``, ``contains``, ``matches``
            or, for an address, ``glob``; of an attribute its ``name``.

    Raises:
        UsageError: a selector that cannot be read.
    """
    loop = asyncio.get_running_loop()
    until_s = loop.time() + within_s
    target = read_target(wanted["of"]) if "of" in wanted else None
    use = ProcessorUse()
    while True:
        try:
            async with asyncio.timeout_at(until_s + LOOK_MS / 1000):
                look = await _look(elements, kind, target, wanted)
        except TimeoutError:
            return Look(False, busy_words(use))
        if look.holds:
            return look
        if loop.time() >= until_s:
            break
        await asyncio.sleep(LOOK_EVERY_S)
    if look.is_missing and target is not None and kind != "count":
        return Look(False, await nothing_matches(elements, target))
    return look


async def _look(
    elements: Elements, kind: str, target: Target | None, wanted: Mapping[str, Any]
) -> Look:
    try:
        if target is None:
            return _look_at_url(elements.page.url, wanted)
        located = await elements.find(target)
        count = 0 if located is None else await located.count()
        if kind == "count":
            return Look(count == wanted["is"], f"there are {count}" if count != 1 else "there is 1")
        if kind in ("attached", "detached"):
            return Look((count > 0) == (kind == "attached"), f"there are {count}", count == 0)
        if located is None or count == 0:
            return Look(True, "nothing matches") if kind == "hidden" else MISSING
        if kind == "hidden":
            return await _look_hidden(located, count)
        if count > 1:
            return Look(False, await _several(located, count))
        return await _look_at(located, kind, wanted)
    except PlaywrightError as error:
        return Look(False, in_words(error))


async def _look_hidden(located: Locator, count: int) -> Look:
    visible = [await located.nth(number).is_visible() for number in range(count)]
    if any(visible):
        return Look(False, f"visible: {await _text_of(located.nth(visible.index(True)))}")
    return Look(True, "there, and not visible")


async def _several(located: Locator, count: int) -> str:
    texts = [await _text_of(located.nth(number)) for number in range(min(count, MOST_TOLD))]
    more = ", …" if count > MOST_TOLD else ""
    shown = f": {', '.join(texts)}{more}" if any(text != "“”" for text in texts) else ""
    return f"{count} elements match{shown} (`nth` chooses one)"


async def _look_at(located: Locator, kind: str, wanted: Mapping[str, Any]) -> Look:
    if kind == "visible":
        is_visible = await located.is_visible()
        return Look(is_visible, "visible" if is_visible else "it is there, and not visible")
    if kind == "attribute":
        value = await located.get_attribute(str(wanted["name"]), timeout=LOOK_MS)
        if value is None:
            return Look(False, f"no attribute “{wanted['name']}”")
        return _compared(value, wanted)
    if kind == "value":
        return _compared(await located.input_value(timeout=LOOK_MS), wanted)
    return _compared(await located.inner_text(timeout=LOOK_MS), wanted)


async def _text_of(located: Locator) -> str:
    return f"“{_flat(await located.inner_text(timeout=LOOK_MS))[:LONGEST_TEXT]}”"


def _look_at_url(url: str, wanted: Mapping[str, Any]) -> Look:
    holds = fits_glob(url, wanted["glob"]) if "glob" in wanted else _fits(url, wanted)
    return Look(holds, shown_fully(url))


def shown_fully(url: str) -> str:
    """An address without what may be secret in it; what was left out is told."""
    hidden = ("?…" if "?" in url else "") + ("#…" if "#" in url else "")
    return shown(url) + hidden


def fits_glob(url: str, glob: str) -> bool:
    """Whether an address fits a glob: ``**`` is anything, ``*`` anything but a slash.

    One that begins with a slash is about what follows the host.
    """
    parts = (".*" if part == "**" else "[^/]*" if part == "*" else re.escape(part)
             for part in re.split(r"(\*\*|\*)", glob))  # fmt: skip
    host = r"[a-z]+://[^/]*" if glob.startswith("/") else ""
    return re.fullmatch(host + "".join(parts), url, re.DOTALL) is not None


def _compared(text: str, wanted: Mapping[str, Any]) -> Look:
    return Look(_fits(text, wanted), f"“{_flat(text)[:LONGEST_TEXT]}”")


def _fits(text: str, wanted: Mapping[str, Any]) -> bool:
    """Spaces and line ends in a row count as one space."""
    if "is" in wanted:
        return _flat(text) == _flat(str(wanted["is"]))
    if "contains" in wanted:
        return _flat(str(wanted["contains"])) in _flat(text)
    return "matches" not in wanted or re.search(str(wanted["matches"]), _flat(text)) is not None


def _flat(text: str) -> str:
    return " ".join(text.split())
