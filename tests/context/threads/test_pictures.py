"""Pictures of a thread's messages, as a model is shown them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from harness.context.attachments import AttachedFile
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.pictures import (
    MOST_PICTURES,
    bytes_in_message,
    not_shown,
    picture_of,
    pictures_in,
)
from tests.support.thread_rows import asked_row

PNG = b"\x89PNG\r\n\x1a\nrest"
URI = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


def photo(name: str = "atc_1", mime_type: str = "image/png") -> dict[str, Any]:
    return {"id": name, "type": "image", "name": "menu.png", "mime_type": mime_type}


def kept(*ids: str, content: bytes | None = PNG, size: int | None = len(PNG)) -> ThreadDatabase:
    """A database in which these were uploaded, or announced."""
    database = ThreadDatabase()
    metadata = {} if size is None else {"size": size}
    for one in ids:
        database.save_attachment("kim", {**photo(one), "metadata": metadata})
        if content is not None:
            database.save_content(one, content)
    return database


def test_a_picture_of_a_message_is_found_as_data() -> None:
    database = kept("atc_1")
    assert pictures_in(database, [asked_row(attachments=[photo()])], 1000) == {"atc_1": URI}
    assert pictures_in(database, [asked_row(), asked_row(attachments=[])], 1000) == {}


@pytest.mark.parametrize(
    ("database", "row"),
    [
        (kept("atc_1", content=None), photo()),
        (kept("atc_1", size=1001), photo()),
        (kept("atc_1", size=None), photo()),
        (kept("atc_1", content=bytes(2000)), photo()),
        (kept("atc_1"), photo("atc_2")),
        (kept("atc_1"), photo(mime_type="image/gif")),
    ],
    ids=["announced", "too large", "no size", "a lie", "unknown", "no model takes it"],
)
def test_what_no_model_could_see_is_left_out(database: ThreadDatabase, row: dict[str, Any]) -> None:
    assert pictures_in(database, [asked_row(attachments=[row])], 1000) == {}


def test_of_many_the_newest_are_shown() -> None:
    ids = [f"atc_{number}" for number in range(MOST_PICTURES + 2)]
    rows = [asked_row(attachments=[photo(one)]) for one in ids]
    assert list(pictures_in(kept(*ids), rows, 1000)) == ids[2:]


def test_a_picture_goes_into_a_message_as_base64() -> None:
    most_bytes = bytes_in_message(262_144)
    picture = picture_of(AttachedFile("a.jpg", "image/jpeg", b"\xff\xd8\xff" * 61_440), most_bytes)
    assert picture is not None
    assert 200_000 < len(picture) < 262_144 - 16_000
    assert picture_of(AttachedFile("a.pdf", "application/pdf", b"%PDF"), 1000) is None
    assert bytes_in_message(10) == 0


@pytest.mark.parametrize(
    ("attached", "told"),
    [
        (photo(mime_type="image/gif"), "it is image/gif, and models take image/png and image/jpeg"),
        (photo(), "a picture may have 180 KiB here"),
        (photo("atc_seen"), None),
        ({**photo(), "type": "file", "mime_type": "text/plain"}, None),
    ],
)
def test_a_person_is_told_why_a_picture_is_not_shown(
    attached: dict[str, Any], told: str | None
) -> None:
    hidden = not_shown([asked_row(attachments=[attached])], {"atc_seen": URI}, 180 * 1024)
    assert [one.name for one in hidden] == ([] if told is None else ["menu.png"])
    assert all(told in one.in_words for one in hidden if told is not None)
