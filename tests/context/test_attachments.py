"""Files that are attached to messages of a thread."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.context.attachments import (
    MOST_BYTES,
    PATH,
    AttachedFile,
    attachment_row,
    read_attachment,
    served_by,
)
from harness.context.errors import AttachmentError
from tests.support.contexts import NOW, context

PNG = b"\x89PNG\r\n\x1a\nrest"


def test_a_file_is_what_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "menu.pdf").write_bytes(b"%PDF")
    (tmp_path / "photo.png").write_bytes(PNG)
    menu, photo = (read_attachment(tmp_path / name) for name in ("menu.pdf", "photo.png"))
    assert (menu.name, menu.mime_type, menu.is_picture) == ("menu.pdf", "application/pdf", False)
    assert (photo.mime_type, photo.is_picture, photo.content) == ("image/png", True, PNG)
    assert read_attachment(tmp_path / "menu.pdf", "text/plain").mime_type == "text/plain"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.pdf", None, "no such file"),
        ("empty.pdf", b"", "an empty file"),
        ("menu.qqq", b"a", "`mime_type`, as application/pdf"),
        ("photo.png", b"GIF89a", "image/png, as its name says"),
    ],
)
def test_what_cannot_be_attached_is_told(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(AttachmentError) as caught:
        read_attachment(tmp_path / name)
    assert said in str(caught.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "film.mp4").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(AttachmentError, match="1 byte to 32 MiB"):
        read_attachment(tmp_path / "film.mp4")


def test_it_is_kept_as_the_protocol_has_it() -> None:
    file = attachment_row(context(), 1, AttachedFile("menu.pdf", "application/pdf", b"%PDF"), NOW)
    photo = attachment_row(context(), 2, AttachedFile("a.png", "image/png", PNG), NOW)
    assert (file["type"], file["name"], file["metadata"]["size"]) == ("file", "menu.pdf", 4)
    assert "preview_url" not in file
    assert photo["type"] == "image"
    assert photo["id"] != file["id"]
    assert file["id"] == attachment_row(context(), 1, AttachedFile("b", "a/b", b"b"), NOW)["id"]


def test_a_server_shows_it_at_its_own_address() -> None:
    photo = attachment_row(context(), 1, AttachedFile("a.png", "image/png", PNG), NOW)
    token = photo["metadata"]["token"]
    wanted = f"http://127.0.0.1:9000{PATH}/{photo['id']}?token={token}"
    message = {"type": "user_message", "attachments": [photo]}
    (served,) = served_by(message, "http://127.0.0.1:9000")["attachments"]
    assert served["preview_url"] == wanted
    other = {"id": "x", "preview_url": "https://example.com/a.png"}
    assert served_by(other, "http://127.0.0.1:9000") == other
