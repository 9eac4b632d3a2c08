"""Pictures of a thread's messages, as a model is shown them: with the message, as data.

One that is too large, or of a kind that models do not take, is made to fit.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from harness.context.attachments import MB, PICTURES
from harness.context.picture_fit import fitted
from harness.context.threads.database import Row, ThreadDatabase
from harness.errors import HarnessError, MissingExtra

SEEN = ("image/png", "image/jpeg")
"""What models take. Source: `input_image` of the Realtime API."""

MOST_PICTURES = 8
"""Of a thread, the newest: each goes in with its message, and costs time and tokens."""

IN_WRITING_BYTES = 4 * MB
"""Of a picture, where no channel bounds it."""

SPARE_BYTES = 16 * 1024
"""Of a message, for all that is in it beside the picture."""

REMEMBERED = 16
"""Pictures that were made to fit, in memory: each answer in writing is told the thread anew."""

Pictures = Mapping[str, str]
"""As data URIs, by the ids of their attachments."""


@dataclass(frozen=True, slots=True)
class FoundPictures:
    """Of some items, what a model is shown, and what went wrong with the others."""

    shown: dict[str, str] = field(default_factory=dict)
    """As data URIs, by the ids of their attachments."""

    failed: dict[str, HarnessError] = field(default_factory=dict)
    """By the ids of their attachments."""


@dataclass(frozen=True, slots=True)
class NotShown:
    """A picture that the model is told of by its name alone."""

    attachment_id: str
    name: str
    why: str
    """In words."""

    error: str | None = None
    """Name of the error's class, where one made it so."""

    @property
    def in_words(self) -> str:
        """As a person is told."""
        return f"The model does not see “{self.name}”: {self.why}."


def bytes_in_message(most_message_bytes: int) -> int:
    """How large a picture may be that goes in a message of that size, which holds it as base64."""
    return max(0, most_message_bytes - SPARE_BYTES) * 3 // 4


def newest_in(rows: Iterable[Row]) -> list[Row]:
    """The pictures in these items that are shown, if they can be: the newest of them.

    Args:
        rows: the items, the oldest first.
    """
    attached = [one for row in rows for one in row.get("attachments") or ()]
    return [one for one in attached if one.get("mime_type") in PICTURES][-MOST_PICTURES:]


def content_of(database: ThreadDatabase, attachment_id: str) -> bytes:
    """The bytes of a picture; none of one that was announced and has not come."""
    return database.content(attachment_id) or b""


def is_shown_as_it_is(content: bytes, mime_type: str, most_bytes: int) -> bool:
    """Whether a model is shown a picture as it is; any other is made to fit."""
    is_seen = mime_type in SEEN and content.startswith(PICTURES[mime_type])
    return is_seen and len(content) <= most_bytes


def as_data(content: bytes, mime_type: str) -> str:
    """A picture as a data URI."""
    return f"data:{mime_type};base64,{base64.b64encode(content).decode('ascii')}"


_turn = Lock()
"""One picture is decoded at a time, whoever asks: each may take hundreds of megabytes."""


class FittedPictures:
    """Pictures that were made to fit, as data URIs; the last of them are remembered."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], str] = {}

    def fitted(self, content: bytes, most_bytes: int) -> str:
        """A picture, made to fit; it takes a while, see `harness.context.picture_fit.fitted`."""
        key = (hashlib.sha256(content).hexdigest(), most_bytes)
        with _turn:
            known = self._known.pop(key, None)
            if known is None:
                kind, smaller = fitted(content, most_bytes)
                known = as_data(smaller, kind)
            self._known[key] = known
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
        return known


def not_shown(rows: Iterable[Row], found: FoundPictures) -> list[NotShown]:
    """Pictures of these items that are not among those that the model is shown, and why.

    Args:
        rows: the items, with their attachments.
    """
    attached = [one for row in rows for one in row.get("attachments") or ()]
    hidden = [one for one in attached if one["type"] == "image" and one["id"] not in found.shown]
    return [_not_shown(one, found.failed.get(one["id"])) for one in hidden]


def _not_shown(attached: Row, error: HarnessError | None) -> NotShown:
    if error is None:
        why = f"of a thread the newest {MOST_PICTURES} are shown"
        return NotShown(attached["id"], attached["name"], why)
    why = error.message[0].lower() + error.message[1:].removesuffix(".")
    if isinstance(error, MissingExtra):
        why += f": {error.hint}"
    return NotShown(attached["id"], attached["name"], why, type(error).__name__)
