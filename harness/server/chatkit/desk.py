"""State that the ChatKit routes of one server share: sessions and threads."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from harness.context.chatkit.sessions import ChatSessions
from harness.context.threads.kept_threads import KeptThreads


@dataclass(slots=True)
class ChatDesk:
    """Sessions and threads of one server."""

    threads: KeptThreads = field(default_factory=KeptThreads)
    sessions: ChatSessions = field(default_factory=ChatSessions)
    uploads: int = 0
    """Attachments that are coming now."""


DESK = web.AppKey("chat_desk", ChatDesk)
