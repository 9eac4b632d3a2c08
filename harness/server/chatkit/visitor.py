"""Visitors of the ChatKit endpoint, and what each may do there."""

from __future__ import annotations

from dataclasses import dataclass

from harness.context.attachments import MB, MOST_BYTES
from harness.context.chatkit.sessions import ChatSession

LOCAL_USER = "local"
"""Whoever comes with the server's own key."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The user of a request; threads and attachments are theirs alone."""

    user: str
    base_url: str
    """Where attachments are uploaded to, without a path."""

    has_titles: bool = True
    """Threads are named after their first message."""

    may_upload: bool = True
    most_bytes: int = MOST_BYTES
    """Of one attachment, whatever a session allows."""

    most_files: int = 10
    """In one message."""


def visitor_of(session: ChatSession | None, base_url: str) -> Visitor:
    """The visitor behind a session's secret; None: behind the server's key."""
    if session is None:
        return Visitor(LOCAL_USER, base_url)
    wanted = session.settings["chatkit_configuration"]
    upload = wanted["file_upload"]
    return Visitor(
        session.user,
        base_url,
        has_titles=wanted["automatic_thread_titling"]["enabled"],
        may_upload=upload["enabled"],
        most_bytes=min(upload["max_file_size"] * MB, MOST_BYTES),
        most_files=upload["max_files"],
    )
