"""Pictures of a thread's messages, as a model is shown them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from harness.context.errors import PictureBroken
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.pictures import (
    MOST_PICTURES,
    REMEMBERED,
    FittedPictures,
    FoundPictures,
    as_data,
    bytes_in_message,
    content_of,
    is_shown_as_it_is,
    newest_in,
    not_shown,
)
from harness.errors import HarnessError, MissingExtra
from tests.support.drawn_pictures import picture
from tests.support.thread_rows import asked_row

PNG = b"\x89PNG\r\n\x1a\nrest"
URI = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


def photo(name: str = "atc_1", mime_type: str = "image/png") -> dict[str, Any]:
    return {"id": name, "type": "image", "name": "menu.png", "mime_type": mime_type}


def test_of_many_the_newest_are_shown() -> None:
    ids = [f"atc_{number}" for number in range(MOST_PICTURES + 2)]
    rows = [asked_row(attachments=[photo(one)]) for one in ids]
    assert [one["id"] for one in newest_in([asked_row(), *rows])] == ids[2:]
    note = {**photo("atc_text", "text/plain"), "type": "file"}
    assert newest_in([asked_row(attachments=[note])]) == []


@pytest.mark.parametrize(
    ("content", "mime_type", "most_bytes", "is_shown"),
    [
        (PNG, "image/png", 1000, True),
        (b"\xff\xd8\xff", "image/jpeg", 3, True),
        (PNG, "image/png", len(PNG) - 1, False),
        (b"\xff\xd8\xff", "image/png", 1000, False),
        (b"GIF89a", "image/gif", 1000, False),
        (b"RIFF", "image/webp", 1000, False),
    ],
    ids=["PNG", "JPEG", "too large", "no PNG", "GIF", "WebP"],
)
def test_what_models_take_is_shown_as_it_is(
    content: bytes, mime_type: str, most_bytes: int, is_shown: bool
) -> None:
    assert is_shown_as_it_is(content, mime_type, most_bytes) is is_shown


def test_a_picture_goes_into_a_message_as_base64() -> None:
    most_bytes = bytes_in_message(262_144)
    shown = as_data(b"\xff\xd8\xff" * 61_440, "image/jpeg")
    assert most_bytes == 61_440 * 3
    assert 200_000 < len(shown) < 262_144 - 16_000
    assert as_data(PNG, "image/png") == URI
    assert bytes_in_message(10) == 0


def test_a_picture_that_has_not_come_has_no_bytes() -> None:
    database = ThreadDatabase()
    database.save_attachment("kim", {**photo(), "metadata": {"size": len(PNG)}})
    assert content_of(database, "atc_1") == b""
    database.save_content("atc_1", PNG)
    assert content_of(database, "atc_1") == PNG
    assert content_of(database, "atc_2") == b""


def test_what_was_made_to_fit_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = FittedPictures()
    made = [fitted.fitted(picture("GIF", (20, n)), 4000) for n in range(1, REMEMBERED + 2)]
    assert made[0].startswith("data:image/png;base64,")
    monkeypatch.setattr("harness.context.threads.pictures.fitted", lambda *_: ("image/png", b""))
    assert fitted.fitted(picture("GIF", (20, REMEMBERED + 1)), 4000) == made[-1]
    assert fitted.fitted(picture("GIF", (20, REMEMBERED + 1)), 4001) != made[-1]
    assert fitted.fitted(picture("GIF", (20, 1)), 4000) != made[0]  # the oldest is forgotten


@pytest.mark.parametrize(
    ("attached", "error", "told"),
    [
        (photo(), PictureBroken("It is no picture."), "“menu.png”: it is no picture."),
        (photo(), MissingExtra("pictures", "This"), "pip install 'realtime-harness[pictures]'."),
        (photo(), None, "of a thread the newest 8 are shown."),
        (photo("atc_seen"), None, None),
        ({**photo(), "type": "file", "mime_type": "text/plain"}, None, None),
    ],
)
def test_a_person_is_told_why_a_picture_is_not_shown(
    attached: dict[str, Any], error: HarnessError | None, told: str | None
) -> None:
    found = FoundPictures({"atc_seen": URI}, {} if error is None else {"atc_1": error})
    hidden = not_shown([asked_row(attachments=[attached])], found)
    assert [one.name for one in hidden] == ([] if told is None else ["menu.png"])
    assert all(one.in_words.endswith(told) for one in hidden if told is not None)
    assert [one.error for one in hidden if error is not None] == (
        [] if error is None else [type(error).__name__]
    )
