"""State that the ChatKit routes of one server share: sessions and threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from harness.context.chatkit.sessions import ChatSessions
from harness.context.context import created
from harness.context.definition import ContextDefinition
from harness.context.load import check_files, load_context
from harness.context.settings import python_tools
from harness.context.threads.contexts import Contexts
from harness.context.threads.kept_threads import KeptThreads
from harness.errors import UsageError
from harness.paths import StrPath
from harness.server.chatkit.spoken_thread import SpokenThread
from harness.server.chatkit.visitor import LOCAL_USER


@dataclass(slots=True)
class ChatDesk:
    """Sessions and threads of one server."""

    threads: KeptThreads = field(default_factory=KeptThreads)
    sessions: ChatSessions = field(default_factory=ChatSessions)
    spoken: dict[str, SpokenThread] = field(default_factory=dict)
    """Threads that a call has now, by their ids."""

    contexts: Mapping[str, ContextDefinition] = field(default_factory=dict)
    """Those that whoever runs the server has named, by their names: their tools are at work in
    calls of the chat page and in written answers, as their files say, whatever is kept of them."""

    uploads: int = 0
    """Attachments that are coming now."""


def page_contexts(paths: Iterable[StrPath]) -> dict[str, ContextDefinition]:
    """The contexts of these files, by their names.

    Raises:
        ScenarioError: a file cannot be read, or is no context, or documents are not there.
        UsageError: a context is of no user, a tool of it cannot be had, or two have one name.
    """
    found: dict[str, ContextDefinition] = {}
    for path in paths:
        loaded = load_context(path)
        check_files(loaded)
        definition = loaded.definition
        if definition.owner != "user":
            raise UsageError(
                f"The context “{definition.name}” cannot be used on the chat page.",
                expected="`owner: user`: who is on the page sees their own threads",
                found=f"`owner: {definition.owner}`, in {path}",
            )
        if definition.name in found:
            raise UsageError(
                f"Two contexts are called “{definition.name}”.",
                expected="one context of a name",
                found=str(path),
            )
        python_tools(created(definition, LOCAL_USER, 0.0))  # what is wrong is told at the start
        found[definition.name] = definition
    return found


async def begin_contexts(desk: ChatDesk) -> None:
    """Let the local user's page find each of its contexts, also before anything was said.

    Raises:
        ContextError: the file cannot be used, or one of them is over.
    """
    contexts = Contexts(threads=desk.threads)
    for definition in desk.contexts.values():
        await contexts.open(definition, LOCAL_USER)


DESK = web.AppKey("chat_desk", ChatDesk)
