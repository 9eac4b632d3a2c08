"""The contract of a ChatKit store, for any implementation of the official interface.

Derive a class from `ChatkitStoreContract` in a test module, and give it a fixture ``make_store``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chatkit.store import Store
    from chatkit.types import ThreadItem, ThreadMetadata

MakeStore = Callable[[], "Store[Any]"]
"""Gives an empty store."""

AT = datetime(2026, 11, 28, 20, tzinfo=UTC)


class ChatkitStoreContract:
    """What every store does.

    Attributes:
        visitor: the context of one user.
        stranger: that of another, who must see nothing of the first one's.
    """

    visitor: Any
    stranger: Any

    @pytest.fixture
    def make_store(self) -> MakeStore:
        """Give an empty store."""
        raise NotImplementedError

    async def test_a_thread_is_kept_as_it_is(self, make_store: MakeStore) -> None:
        """Title, status and the metadata that no client sees."""
        store = make_store()
        thread = a_thread("thr_1", title="Tables", metadata={"previous": 1})
        await store.save_thread(thread, self.visitor)
        assert await store.load_thread("thr_1", self.visitor) == thread
        thread.title = "Chairs"
        await store.save_thread(thread, self.visitor)
        assert (await store.load_thread("thr_1", self.visitor)).title == "Chairs"

    async def test_every_kind_of_item_is_kept_as_it_is(self, make_store: MakeStore) -> None:
        """Also the hidden ones."""
        store = make_store()
        await store.save_thread(a_thread("thr_1"), self.visitor)
        items = every_item()
        for item in items:
            await store.add_thread_item("thr_1", item, self.visitor)
        page = await store.load_thread_items("thr_1", None, 50, "asc", self.visitor)
        assert page.data == items
        assert (page.has_more, page.after) == (False, None)
        for item in items:
            assert await store.load_item("thr_1", item.id, self.visitor) == item

    async def test_items_come_in_pages_in_both_orders(self, make_store: MakeStore) -> None:
        """Each item once, and `after` of one page begins the next."""
        store = make_store()
        await store.save_thread(a_thread("thr_1"), self.visitor)
        names = [f"msg_{number}" for number in range(7)]
        for name in names:
            await store.add_thread_item("thr_1", said(name), self.visitor)
        for order in ("asc", "desc"):
            found: list[str] = []
            after: str | None = None
            while True:
                page = await store.load_thread_items("thr_1", after, 3, order, self.visitor)
                found += [item.id for item in page.data]
                after = page.after
                if not page.has_more:
                    break
            assert found == (names if order == "asc" else names[::-1])

    async def test_a_saved_item_keeps_its_place(self, make_store: MakeStore) -> None:
        """Saving again replaces; an item that was not there is added."""
        store = make_store()
        await store.save_thread(a_thread("thr_1"), self.visitor)
        for name in ("msg_1", "msg_2"):
            await store.add_thread_item("thr_1", said(name), self.visitor)
        await store.save_item("thr_1", said("msg_1", "Changed."), self.visitor)
        await store.save_item("thr_1", said("msg_3"), self.visitor)
        page = await store.load_thread_items("thr_1", None, 9, "asc", self.visitor)
        assert [item.id for item in page.data] == ["msg_1", "msg_2", "msg_3"]
        assert page.data[0] == said("msg_1", "Changed.")

    async def test_threads_come_newest_first_or_oldest_first(self, make_store: MakeStore) -> None:
        """In pages, too."""
        store = make_store()
        for number in range(3):
            await store.save_thread(a_thread(f"thr_{number}"), self.visitor)
        page = await store.load_threads(2, None, "desc", self.visitor)
        assert [thread.id for thread in page.data] == ["thr_2", "thr_1"]
        page = await store.load_threads(2, page.after, "desc", self.visitor)
        assert [thread.id for thread in page.data] == ["thr_0"]
        page = await store.load_threads(9, None, "asc", self.visitor)
        assert [thread.id for thread in page.data] == ["thr_0", "thr_1", "thr_2"]

    async def test_what_is_deleted_is_not_found(self, make_store: MakeStore) -> None:
        """Items go with their thread."""
        from chatkit.store import NotFoundError

        store = make_store()
        await store.save_thread(a_thread("thr_1"), self.visitor)
        for name in ("msg_1", "msg_2"):
            await store.add_thread_item("thr_1", said(name), self.visitor)
        await store.delete_thread_item("thr_1", "msg_1", self.visitor)
        with pytest.raises(NotFoundError):
            await store.load_item("thr_1", "msg_1", self.visitor)
        await store.delete_thread("thr_1", self.visitor)
        with pytest.raises(NotFoundError):
            await store.load_thread("thr_1", self.visitor)
        await store.save_thread(a_thread("thr_1"), self.visitor)
        page = await store.load_thread_items("thr_1", None, 9, "asc", self.visitor)
        assert page.data == []

    async def test_attachments_are_kept_and_deleted(self, make_store: MakeStore) -> None:
        """With their upload and their metadata."""
        from chatkit.store import NotFoundError
        from chatkit.types import FileAttachment

        store = make_store()
        file = FileAttachment(id="atc_1", name="a.txt", mime_type="text/plain", metadata={"a": 1})
        await store.save_attachment(file, self.visitor)
        assert await store.load_attachment("atc_1", self.visitor) == file
        await store.delete_attachment("atc_1", self.visitor)
        with pytest.raises(NotFoundError):
            await store.load_attachment("atc_1", self.visitor)

    async def test_a_stranger_finds_nothing(self, make_store: MakeStore) -> None:
        """And changes nothing."""
        from chatkit.store import NotFoundError

        store = make_store()
        await store.save_thread(a_thread("thr_1"), self.visitor)
        await store.add_thread_item("thr_1", said("msg_1"), self.visitor)
        for attempt in (
            lambda: store.load_thread("thr_1", self.stranger),
            lambda: store.save_thread(a_thread("thr_1", title="Mine"), self.stranger),
            lambda: store.load_thread_items("thr_1", None, 9, "asc", self.stranger),
            lambda: store.add_thread_item("thr_1", said("msg_2"), self.stranger),
            lambda: store.load_item("thr_1", "msg_1", self.stranger),
            lambda: store.delete_thread_item("thr_1", "msg_1", self.stranger),
            lambda: store.delete_thread("thr_1", self.stranger),
        ):
            with pytest.raises(NotFoundError):
                await attempt()
        assert (await store.load_threads(9, None, "asc", self.stranger)).data == []
        assert (await store.load_thread("thr_1", self.visitor)).title is None
        page = await store.load_thread_items("thr_1", None, 9, "asc", self.visitor)
        assert [item.id for item in page.data] == ["msg_1"]

    async def test_ids_do_not_repeat(self, make_store: MakeStore) -> None:
        """Each begins with what it is of."""
        store = make_store()
        thread = a_thread("thr_1")
        names = {store.generate_item_id("message", thread, self.visitor) for _ in range(1000)}
        assert len(names) == 1000
        assert all(name.startswith("msg_") for name in names)
        assert store.generate_thread_id(self.visitor).startswith("thr_")


def a_thread(name: str, **more: Any) -> ThreadMetadata:
    """A thread."""
    from chatkit.types import ThreadMetadata

    return ThreadMetadata(id=name, created_at=AT, **more)


def said(name: str, text: str = "Hello.") -> ThreadItem:
    """A message of the assistant."""
    return _item(name, "assistant_message", content=[{"text": text}])


def every_item() -> list[ThreadItem]:
    """One item of each kind."""
    widget = {"type": "Card", "children": [{"type": "Text", "value": "Two people"}]}
    task = {"type": "custom", "title": "Look"}
    question = {"type": "freeform", "id": "q", "question": "When?"}
    text = {"type": "input_text", "text": "Hi."}
    call = {"call_id": "c", "name": "book", "arguments": {"persons": 2}}
    return [
        _item("i1", "user_message", content=[text], inference_options={"model": "m"}),
        said("i2"),
        _item("i3", "client_tool_call", status="completed", output={"ok": True}, **call),
        _item("i4", "widget", widget=widget, copy_text="Two people"),
        _item("i5", "generated_image", image={"id": "a", "url": "https://a.example/a.png"}),
        _item("i6", "structured_input", inputs=[question]),
        _item("i7", "workflow", workflow={"type": "reasoning", "tasks": [task]}),
        _item("i8", "task", task=task),
        _item("i9", "hidden_context_item", content={"a": 1}),
        _item("i10", "sdk_hidden_context", content="x"),
        _item("i11", "end_of_turn"),
    ]


def _item(item_id: str, kind: str, /, **fields: Any) -> ThreadItem:
    from chatkit.types import ThreadItem
    from pydantic import TypeAdapter

    adapter: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)
    data = {"id": item_id, "thread_id": "thr_1", "created_at": AT, "type": kind, **fields}
    return adapter.validate_python(data)
