"""Pictures of a thread's messages, as a model is shown them: with the message, as data."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.context.attachments import MB, AttachedFile
from harness.context.threads.database import Row, ThreadDatabase

SEEN = ("image/png", "image/jpeg")
"""What models take. Source: `input_image` of the Realtime API."""

MOST_PICTURES = 8
"""Of a thread, the newest: each goes in with its message, and costs time and tokens."""

IN_WRITING_BYTES = 4 * MB
"""Of a picture, where no channel bounds it."""

SPARE_BYTES = 16 * 1024
"""Of a message, for all that is in it beside the picture."""

Pictures = Mapping[str, str]
"""As data URIs, by the ids of their attachments."""


@dataclass(frozen=True, slots=True)
class NotShown:
    """A picture that the model is told of by its name alone."""

    attachment_id: str
    name: str
    why: str
    """In words."""

    @property
    def in_words(self) -> str:
        """As a person is told."""
        return f"The model does not see “{self.name}”: {self.why}."


def bytes_in_message(most_message_bytes: int) -> int:
    """How large a picture may be that goes in a message of that size, which holds it as base64."""
    return max(0, most_message_bytes - SPARE_BYTES) * 3 // 4


def picture_of(file: AttachedFile, most_bytes: int) -> str | None:
    """A file as a model is shown it; None: it is no picture for one, or too large."""
    if file.mime_type not in SEEN or not 0 < len(file.content) <= most_bytes:
        return None
    return f"data:{file.mime_type};base64,{base64.b64encode(file.content).decode('ascii')}"


def pictures_in(database: ThreadDatabase, rows: Iterable[Row], most_bytes: int) -> dict[str, str]:
    """The newest pictures in items of a thread; what is too large, or not there, is left out.

    Args:
        rows: the items, the oldest first.
        most_bytes: of one.
    """
    attached = [one for row in rows for one in row.get("attachments") or ()]
    wanted = [one for one in attached if one.get("mime_type") in SEEN][-MOST_PICTURES:]
    found: dict[str, str] = {}
    for one in wanted:
        known = database.attachment(one["id"])
        size = None if known is None else (known.get("metadata") or {}).get("size")
        if size is None or size > most_bytes:  # not read for nothing
            continue
        file = AttachedFile(str(one["name"]), one["mime_type"], database.content(one["id"]) or b"")
        picture = picture_of(file, most_bytes)
        if picture is not None:
            found[one["id"]] = picture
    return found


def not_shown(rows: Iterable[Row], pictures: Pictures, most_bytes: int) -> list[NotShown]:
    """Pictures of these items that are not among those that the model is shown, and why.

    Args:
        rows: the items, with their attachments.
        most_bytes: what `pictures` was found with.
    """
    attached = [one for row in rows for one in row.get("attachments") or ()]
    hidden = [one for one in attached if one["type"] == "image" and one["id"] not in pictures]
    return [NotShown(one["id"], one["name"], _why(one["mime_type"], most_bytes)) for one in hidden]


def _why(mime_type: str, most_bytes: int) -> str:
    if mime_type not in SEEN:
        return f"it is {mime_type}, and models take {' and '.join(SEEN)}"
    return (
        f"a picture may have {most_bytes // 1024} KiB here, and of a thread the newest "
        f"{MOST_PICTURES} are shown"
    )
