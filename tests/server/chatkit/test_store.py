"""The store of threads keeps the official interface's contract: in memory and in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("chatkit", reason="NOT RUN: the extra “chatkit” is not installed")

from chatkit.store import NotFoundError

from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.server.chatkit.store import KeptStore
from harness.server.chatkit.visitor import Visitor
from harness.testing.chatkit_store_contract import ChatkitStoreContract, MakeStore, a_thread
from tests.support.thread_rows import asked_row, item_row

KIM = Visitor("kim", "http://127.0.0.1")


class TestKeptInMemory(ChatkitStoreContract):
    visitor = KIM
    stranger = Visitor("eve", "http://127.0.0.1")

    @pytest.fixture
    def make_store(self) -> MakeStore:
        return lambda: KeptStore(KeptThreads())


class TestKeptInAFile(ChatkitStoreContract):
    visitor = KIM
    stranger = Visitor("eve", "http://127.0.0.1")

    @pytest.fixture
    def make_store(self, tmp_path: Path) -> MakeStore:
        return lambda: KeptStore(KeptThreads(tmp_path / "threads.db"))


async def test_an_item_of_a_later_version_is_kept_and_not_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = KeptStore(KeptThreads())
    await store.save_thread(a_thread("thr_1"), KIM)
    row = item_row("n", "hologram", depth=3)
    await store.threads.ask(ThreadDatabase.save_item, "thr_1", row)
    page = await store.load_thread_items("thr_1", None, 9, "asc", KIM)
    assert page.data == []
    assert "hologram" in caplog.text
    assert await store.threads.all_items("thr_1") == [row]


async def test_a_cursor_of_nothing_is_not_found() -> None:
    store = KeptStore(KeptThreads())
    await store.save_thread(a_thread("thr_1"), KIM)
    with pytest.raises(NotFoundError):
        await store.load_thread_items("thr_1", "msg_9", 9, "asc", KIM)
    with pytest.raises(NotFoundError):
        await store.load_threads(9, "thr_9", "asc", KIM)


async def test_a_picture_is_shown_at_the_server_that_is_asked() -> None:
    """Another one, or another port, may have taken it."""
    store = KeptStore(KeptThreads())
    await store.save_thread(a_thread("thr_1"), KIM)
    photo = {"id": "atc_1", "type": "image", "name": "a.png", "mime_type": "image/png"}
    photo["preview_url"] = "http://127.0.0.1:1/chatkit/attachments/atc_1?token=t"
    row = asked_row("m", attachments=[photo])
    await store.threads.ask(ThreadDatabase.save_item, "thr_1", row)
    await store.threads.ask(ThreadDatabase.save_attachment, "kim", photo)
    here = Visitor("kim", "http://127.0.0.1:8080")
    item: Any = await store.load_item("thr_1", "m", here)
    attachment: Any = await store.load_attachment("atc_1", here)
    wanted = "http://127.0.0.1:8080/chatkit/attachments/atc_1?token=t"
    assert str(item.attachments[0].preview_url) == str(attachment.preview_url) == wanted
