"""Snapshot of a page at a moment: a picture of it, and its markup as text.

Mostly nobody asked for it at this moment, and it may be sent to others, so it has nothing of what
people type: fields are painted over in the picture, and masked in the markup. Scripts are left out
of that, and so is what an address has behind its path.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from harness.engines.browser.page_user import FIELDS, PageUser
from harness.facts.browser import SnapshotTaken
from harness.findings.catalogue import FINDINGS
from harness.redact import MASK, Masker, shown_within

WITHIN_S = 5.0
"""A page that is too busy for a snapshot has none."""

ASKED = "snapshot"
"""The name of files that somebody asked for."""

MARKUP = ".dom.txt"
"""Text, so that nobody who opens it runs anything."""

LONGEST_MARKUP = 2_000_000

_MARKUP = """([fields, mask]) => {
  const inert = document.implementation.createHTMLDocument("");
  const copy = inert.importNode(document.documentElement, true);
  for (const script of copy.querySelectorAll("script")) script.textContent = "";
  const isTyped = ({ type }) => !/^(button|submit|reset|image|checkbox|radio|range)$/.test(type);
  for (const field of [...copy.querySelectorAll(fields)].filter(isTyped)) {
    if (field.getAttribute("value")) field.setAttribute("value", mask);
    if (field.textContent) field.textContent = mask;
  }
  for (const meta of copy.querySelectorAll("meta[name][content]")) {
    if (/token|csrf|nonce|secret|key/i.test(meta.name)) meta.setAttribute("content", mask);
  }
  const typed = [...document.querySelectorAll("input")].filter(isTyped).map(({ value }) => value);
  return { markup: copy.outerHTML, typed };
}"""
"""In a document of its own, where the page's elements neither load nor run anything."""


async def take_snapshot(
    page: Page, user: PageUser, out: Path, known: set[str], finding: str
) -> SnapshotTaken | None:
    """Keep picture and markup of a page.

    Args:
        page: the page.
        user: takes its picture, into the same folder.
        out: the folder.
        known: secrets of the call; they are hidden, too.
        finding: whose name the files have; "": somebody asked for it.

    Returns:
        What they are called; None where the page is gone, or too busy.
    """
    try:
        async with asyncio.timeout(WITHIN_S):
            picture = await user.picture(finding or ASKED, hides_fields=True)
            found: dict[str, Any] = await page.evaluate(_MARKUP, [FIELDS, MASK])
    except (PlaywrightError, TimeoutError):
        return None
    file = Path(picture).with_suffix(MARKUP)
    (out / file).write_text(_masked(found, known)[:LONGEST_MARKUP], encoding="utf-8")
    return SnapshotTaken(finding, picture, file.name)


def forget_snapshots(out: Path) -> None:
    """Take away what an earlier run has left in its folder."""
    for name in (*FINDINGS, ASKED):
        for pattern in (f"{name}{{}}", f"{name}-[0-9]*{{}}"):
            for ending in (".png", MARKUP):
                for path in out.glob(pattern.format(ending)):
                    path.unlink(missing_ok=True)


def _masked(found: dict[str, Any], known: set[str]) -> str:
    """The markup; what was typed is masked where a page repeats it, too."""
    typed = {str(value) for value in found["typed"]}
    return shown_within(Masker(typed | known).text(str(found["markup"])))
