"""Threads behind an event loop."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from harness.context.errors import StoreClosed
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.context.threads.place import Place, place_of
from harness.errors import ContextError
from tests.support.drawn_pictures import bomb, noisy, picture
from tests.support.postgres_server import a_place
from tests.support.thread_rows import asked_row, thread_row


@pytest.fixture(params=["file", "postgres", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place | None:
    return None if request.param == "memory" else place_of(a_place(request, tmp_path))


async def test_many_ask_at_once_and_each_is_answered(place: Place | None) -> None:
    threads = KeptThreads(place)
    await threads.ask(ThreadDatabase.save_thread, "kim", thread_row())
    names = [f"msg_{number}" for number in range(20)]
    rows = [asked_row(name) for name in names]
    await asyncio.gather(*(threads.ask(ThreadDatabase.save_item, "thr_1", row) for row in rows))
    assert sorted(row["id"] for row in await threads.all_items("thr_1")) == sorted(names)
    assert [row["id"] for row in await threads.all_threads("kim")] == ["thr_1"]
    await threads.aclose()
    with pytest.raises(StoreClosed):
        await threads.all_threads(None)
    await threads.aclose()  # a second time does nothing
    again = KeptThreads(place)
    assert len(await again.all_threads(None)) == (0 if place is None else 1)
    await again.aclose()


async def test_a_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    threads = KeptThreads(tmp_path)
    with pytest.raises(ContextError):
        await threads.all_threads(None)
    await threads.aclose()


@pytest.mark.parametrize("in_thread", [True, False])
async def test_pictures_are_found_as_a_model_is_shown_them(in_thread: bool) -> None:
    """One that fails is told, and holds no other up; those that fit are not decoded."""
    contents = {
        "atc_small": ("image/png", b"\x89PNG\r\n\x1a\nrest"),
        "atc_large": ("image/jpeg", noisy("JPEG")),
        "atc_gif": ("image/gif", picture("GIF")),
        "atc_broken": ("image/webp", b"RIFFxxxxWEBP"),
        "atc_bomb": ("image/gif", bomb()),
        "atc_announced": ("image/png", None),
    }
    threads = KeptThreads()
    for name, (kind, content) in contents.items():
        row = {"id": name, "type": "image", "name": name, "mime_type": kind}
        await threads.ask(ThreadDatabase.save_attachment, "kim", row)
        if content is not None:
            await threads.ask(ThreadDatabase.save_content, name, content)
    rows = [
        asked_row(attachments=[{"id": name, "mime_type": kind}])
        for name, (kind, _) in contents.items()
    ]
    found = await threads.pictures(rows, 36 * 1024, in_thread=in_thread)
    assert {name: uri[:22] for name, uri in found.shown.items()} == {
        "atc_small": "data:image/png;base64,",
        "atc_large": "data:image/jpeg;base64",
        "atc_gif": "data:image/png;base64,",
    }
    assert {name: type(error).__name__ for name, error in found.failed.items()} == {
        "atc_broken": "PictureBroken",
        "atc_bomb": "PictureTooLarge",
        "atc_announced": "AttachmentError",
    }


async def test_without_pillow_what_fits_is_shown_and_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    threads = KeptThreads()
    for name, content in (("atc_1", picture("PNG")), ("atc_2", noisy("PNG"))):
        row = {"id": name, "type": "image", "name": name, "mime_type": "image/png"}
        await threads.ask(ThreadDatabase.save_attachment, "kim", row)
        await threads.ask(ThreadDatabase.save_content, name, content)
    attached = [{"id": name, "mime_type": "image/png"} for name in ("atc_1", "atc_2")]
    found = await threads.pictures([asked_row(attachments=attached)], 36 * 1024)
    assert list(found.shown) == ["atc_1"]
    assert "realtime-harness[pictures]" in str(found.failed["atc_2"])
