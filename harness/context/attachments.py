"""Attachments of a thread's messages: read from a file, and as the ChatKit protocol has them."""

from __future__ import annotations

import mimetypes
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from harness.context.context import Context, Row
from harness.context.errors import AttachmentError
from harness.context.thread_items import kept_id
from harness.paths import StrPath

PATH = "/chatkit/attachments"
"""Where a server of ours has them, each below it."""

MB = 1024 * 1024
MOST_BYTES = 32 * MB
PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
"""What pages show, with what it begins with; everything else is a file."""

TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+_-]+")


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file, read and looked at."""

    name: str

    mime_type: str
    """As "image/png"."""

    content: bytes = field(repr=False)

    @property
    def is_picture(self) -> bool:
        """Whether pages show it."""
        return self.mime_type in PICTURES


def read_attachment(path: StrPath, mime_type: str | None = None) -> AttachedFile:
    """A file to attach.

    Args:
        mime_type: what it is; absent: as its name says.

    Raises:
        AttachmentError: it is not there, empty or too large, or not what it is said to be.
    """
    file = Path(path)
    kind = mime_type or mimetypes.guess_type(file.name)[0]
    if kind is None or not TYPE.fullmatch(kind):
        raise AttachmentError(
            f"What kind of file {file.name} is cannot be told.",
            expected="a name that says it, as menu.pdf, or `mime_type`, as application/pdf",
            found=mime_type or f"a name that ends in “{file.suffix}”",
        )
    content = _content(file)
    begin = PICTURES.get(kind)
    if begin is not None and not content.startswith(begin):
        raise AttachmentError(
            f"{file.name} is no picture.",
            expected=f"{kind}, as its {'type' if mime_type else 'name'} says",
            found=f"a file that begins with {content[:8]!r}",
            hint="write the picture anew, or say what it is by `mime_type`",
        )
    return AttachedFile(file.name, kind, content)


def attachment_row(context: Context, number: int, file: AttachedFile, unix_s: float) -> Row:
    """What is known of an attachment, as a thread keeps it.

    Args:
        number: which of this call it is.
    """
    attachment_id = kept_id(context, f"attachment {number}", "atc")
    token = secrets.token_urlsafe(24)
    row: Row = {
        "id": attachment_id,
        "type": "image" if file.is_picture else "file",
        "name": file.name,
        "mime_type": file.mime_type,
        "metadata": {"token": token, "size": len(file.content), "announced_at": unix_s},
    }
    if file.is_picture:  # a server of ours puts its own address in front, see `served_by`
        row["preview_url"] = f"http://127.0.0.1{PATH}/{attachment_id}?token={token}"
    return row


def served_by(row: Row, base_url: str) -> Row:
    """An attachment, or an item with such, with the addresses of the server that is asked now.

    A file of threads is read by another server than that which wrote it, or at another port.
    """
    if row.get("attachments"):
        return {**row, "attachments": [served_by(one, base_url) for one in row["attachments"]]}
    url = row.get("preview_url")
    if not isinstance(url, str) or PATH not in url:
        return row
    return {**row, "preview_url": f"{base_url}{url[url.index(PATH) :]}"}


def _content(file: Path) -> bytes:
    expected = f"a file of 1 byte to {MOST_BYTES // MB} MiB"
    try:
        if not file.is_file():
            raise AttachmentError(
                "There is no such file to attach.", expected=expected, found=str(file)
            )
        size = file.stat().st_size
        if not 0 < size <= MOST_BYTES:
            raise AttachmentError(
                f"{file.name} cannot be attached.",
                expected=expected,
                found="an empty file" if size == 0 else f"{size} bytes",
            )
        return file.read_bytes()
    except OSError as error:
        raise AttachmentError(
            f"{file.name} cannot be read.", expected=expected, found=str(error)
        ) from error
