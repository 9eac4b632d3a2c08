"""Playwright's trace beside a call: kept without what is hidden, or not at all."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError

from harness.engines.browser.playwright_tracing import PlaywrightTracing, copy_without
from harness.hidden import Hidden, hidden_values
from harness.redact import Masker

PICTURE = b"\xff\xd8 window-seat"
FONT = b"\x00\xff window-seat"


def made(path: Path) -> Path:
    """A trace with a secret in all of its files."""
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("trace.trace", '{"value": "window-seat"}\n{"value": "key-of-server"}\n')
        packed.writestr("resources/a.html", "<input value='window-seat'>")
        packed.writestr("resources/b.jpeg", PICTURE)
        packed.writestr("resources/c.woff", FONT)
    return path


class Context:
    """A context of a browser; one that broke gives no trace."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.began: dict[str, Any] = {}
        self.breaks = breaks
        self.tracing = SimpleNamespace(start=self.start, stop=self.stop)

    async def start(self, **options: Any) -> None:
        self.began = options

    async def stop(self, path: Path) -> None:
        if self.breaks:
            raise PlaywrightError("Target page, context or browser has been closed")
        made(path)


def tracing(path: Path, *, pictures: bool = True) -> PlaywrightTracing:
    def hidden() -> Hidden:
        return hidden_values([("PASS", "window-seat")])

    return PlaywrightTracing(path, "booking", Masker({"key-of-server"}), hidden, pictures)


def texts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as kept:
        return {name: kept.read(name) for name in kept.namelist()}


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_what_is_hidden_is_in_none_of_its_texts(tmp_path: Path) -> None:
    context = Context()
    async with tracing(tmp_path / "kept.zip", pictures=False).of(cast("BrowserContext", context)):
        assert context.began == {"title": "booking", "snapshots": True, "screenshots": False}
    kept = texts(tmp_path / "kept.zip")
    assert kept["trace.trace"].decode() == '{"value": "•••"}\n{"value": "•••"}\n'
    assert b"window-seat" not in kept["resources/a.html"]
    assert kept["resources/b.jpeg"] == PICTURE
    assert kept["resources/c.woff"] == FONT
    assert names(tmp_path) == ["kept.zip"]


async def test_a_browser_that_broke_leaves_none(tmp_path: Path) -> None:
    context = cast("BrowserContext", Context(breaks=True))
    async with tracing(tmp_path / "kept.zip").of(context):
        pass
    assert names(tmp_path) == []


def test_a_copy_has_the_same_files(tmp_path: Path) -> None:
    target = io.BytesIO()
    copy_without(made(tmp_path / "a.zip"), target, lambda text: text)
    (tmp_path / "b.zip").write_bytes(target.getvalue())
    assert texts(tmp_path / "b.zip") == texts(tmp_path / "a.zip")
