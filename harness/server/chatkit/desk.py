"""State that the ChatKit routes of one server share: sessions and threads."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from harness.context.chatkit.sessions import ChatSessions
from harness.context.threads.kept_threads import KeptThreads
from harness.server.chatkit.spoken_thread import SpokenThread


@dataclass(slots=True)
class ChatDesk:
    """Sessions and threads of one server."""

    threads: KeptThreads = field(default_factory=KeptThreads)
    sessions: ChatSessions = field(default_factory=ChatSessions)
    spoken: dict[str, SpokenThread] = field(default_factory=dict)
    """Threads that a call has now, by their ids."""

    uploads: int = 0
    """Attachments that are coming now."""


DESK = web.AppKey("chat_desk", ChatDesk)
