"""Playwright's own trace of a page, kept beside its call, without what is hidden of the call."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError

from harness.audio.files import write_atomically
from harness.hidden import Hidden
from harness.redact import Masker

STOPS_WITHIN_S = 20.0
PICTURES = (".jpeg", ".jpg", ".png", ".webp")


@dataclass(frozen=True)
class PlaywrightTracing:
    """Where a trace goes, and what must not be in it."""

    path: Path
    title: str
    masker: Masker
    hidden: Callable[[], Hidden]
    """What is hidden, as far as it is known when the page is left."""

    pictures: bool = True
    """Whether the page is filmed; a picture cannot be masked."""

    @contextlib.asynccontextmanager
    async def of(self, context: BrowserContext) -> AsyncIterator[None]:
        """Trace a context for the length of the block. A browser that broke leaves no trace."""
        await context.tracing.start(title=self.title, snapshots=True, screenshots=self.pictures)
        try:
            yield
        finally:
            with tempfile.TemporaryDirectory(prefix="harness-") as folder:
                whole = Path(folder) / "trace.zip"
                with contextlib.suppress(PlaywrightError, TimeoutError):
                    async with asyncio.timeout(STOPS_WITHIN_S):
                        await context.tracing.stop(path=whole)
                if whole.is_file():
                    await asyncio.to_thread(self._keep, whole)

    def _keep(self, whole: Path) -> None:
        hidden = self.hidden()

        def shown(text: str) -> str:
            return hidden.text(self.masker.text(text))

        def write(file: BinaryIO) -> None:
            copy_without(whole, file, shown)

        write_atomically(self.path, write)


def copy_without(source: Path, target: BinaryIO, shown: Callable[[str], str]) -> None:
    """Copy a zip, each text in it as it may be shown; its pictures as they are.

    Args:
        source: the zip.
        target: gets the copy.
        shown: gives a text without what is hidden, a line of the trace at a time.
    """
    with (
        zipfile.ZipFile(source) as packed,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for name in packed.namelist():
            data = packed.read(name)
            if not name.endswith(PICTURES):
                try:
                    lines = data.decode("utf-8").split("\n")
                except UnicodeDecodeError:
                    pass  # a font, sound
                else:
                    data = "\n".join(shown(line) for line in lines).encode("utf-8")
            kept.writestr(name, data)
