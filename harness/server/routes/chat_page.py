"""The chat page beside the voice page: its files, its key, and calls that have its thread.

All but the files is answered below `/harness/chatkit`, where everything written is.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from harness.clock import MonotonicClock
from harness.context.context import KEY, Context, from_row
from harness.context.definition import without_hands, without_tools
from harness.context.errors import ContextInUse
from harness.context.threads.choice import ContextChoice
from harness.context.threads.contexts import Contexts
from harness.context.threads.database import Row, ThreadDatabase
from harness.context.threads.held import held_context
from harness.context.threads.pictures import bytes_in_message
from harness.errors import ContextError
from harness.peer.backends import most_message_bytes
from harness.realtime.ids import Ids
from harness.resources import web_dir
from harness.server.calls.webrtc_call import Call
from harness.server.chatkit.desk import DESK, ChatDesk
from harness.server.chatkit.spoken_thread import SpokenThread
from harness.server.chatkit.visitor import LOCAL_USER, visitor_of
from harness.server.http.body import read_offer, wanted_session
from harness.server.http.errors import Refusal
from harness.server.http.event_stream import ClientGone, send_events
from harness.server.routes.calls import answered, refuse_if_full
from harness.server.routes.chatkit import visitor_in
from harness.server.routes.page import page_file, require_loopback_name, require_same_origin
from harness.server.routes.state import STATE

PATH = "/harness/chatkit"
CALLS_PATH = PATH + "/calls"
MOST_REQUESTS = 600
"""Of one page in a minute."""

PICTURES_OF_OURS = "img-src 'self' data:"
"""A widget may name pictures elsewhere: whoever has them would see who reads it."""

FOLLOWING: web.AppKey[set[asyncio.Task[None]]] = web.AppKey("spoken_threads", set)


def add_chat_page(app: web.Application) -> None:
    """Add the page to an application with a `ChatDesk` and a `ServerState`."""
    app[FOLLOWING] = set()
    app.router.add_get("/chat", page)
    app.router.add_post(PATH + "/session", session)
    app.router.add_post(CALLS_PATH, begin_call)
    app.router.add_get(CALLS_PATH + "/{call_id}/events", events)
    app.on_shutdown.append(_finish)


async def page(request: web.Request) -> web.StreamResponse:
    """`GET /chat`: the page."""
    require_loopback_name(request)
    response = page_file(web_dir() / "client", "chat.html")
    response.headers["Content-Security-Policy"] = PICTURES_OF_OURS
    return response


async def session(request: web.Request) -> web.Response:
    """`POST /harness/chatkit/session`: a ChatKit session for a page of this origin.

    Raises:
        Refusal: 403 for any other.
    """
    require_same_origin(request)
    wanted = {
        "user": LOCAL_USER,
        "workflow": {"id": "chat"},
        "rate_limits": {"max_requests_per_1_minute": MOST_REQUESTS},
        "chatkit_configuration": {"file_upload": {"enabled": True}},
    }
    made = request.app[DESK].sessions.create(wanted, Ids(), time.time())
    visitor = visitor_of(made, "")
    answer = {
        "client_secret": made.client_secret,
        "expires_at": made.expires_at,
        "uploads": {"most_bytes": visitor.most_bytes, "most_files": visitor.most_files},
    }
    return web.json_response(answer, headers={"Cache-Control": "no-store"})


async def begin_call(request: web.Request) -> web.Response:
    """`POST /harness/chatkit/calls?thread=ID`: a call that has this thread; without, a new one.

    Raises:
        Refusal: 401; 404 for a thread that is not the visitor's; 409 for one that is closed, or
            that another call has; and what `POST /v1/realtime/calls` refuses.
    """
    state, desk, user = request.app[STATE], request.app[DESK], visitor_in(request).user
    faults = await state.fault_sources.meet(request, "calls", state.assistants.current)
    offer, _ = await read_offer(request, is_multipart_allowed=False, within_s=state.limits.body_s)
    refuse_if_full(state)
    thread_id = request.query.get("thread", "")
    thread = await _known(desk, thread_id, user) if thread_id else _new_thread()
    async with AsyncExitStack() as stack:
        context = await stack.enter_async_context(_held(desk, thread))
        call, answer = await _begun(
            request, thread, user, offer, faults, context, stack, is_new=not thread_id
        )
    headers = {"Location": f"{CALLS_PATH}/{call.call_id}"}
    return web.Response(status=201, text=answer, headers=headers)


async def _begun(
    request: web.Request,
    thread: Row,
    user: str,
    offer: str,
    faults: Any,
    context: Context | None,
    stack: AsyncExitStack,
    *,
    is_new: bool,
) -> tuple[Call, str]:
    """The call, with its thread, and the SDP answer; what the stack holds is the call's then."""
    state, desk = request.app[STATE], request.app[DESK]
    rows = await desk.threads.all_items(thread["id"])
    most_bytes = bytes_in_message(most_message_bytes(state.make_peer))
    pictures = await desk.threads.pictures(rows, most_bytes)
    with state.calls.place():
        call, answer = await answered(state, wanted_session(None), offer, faults, None)
    if thread["id"] in desk.spoken:  # by another page, while this call was made
        call.end("its thread is in another call")
        raise _in_use()
    if is_new:  # not before: a call that cannot be had leaves none behind
        await _keep_new(desk, thread, user, call)
    spoken = SpokenThread(
        thread,
        user,
        rows,
        call,
        desk.threads,
        MonotonicClock(),
        pictures=pictures.shown,
        most_picture_bytes=most_bytes,  # what goes in is told to the page, on the same channel
        context=context,
        has_tools=context is not None and context.name in desk.contexts,
    )
    _follow(request.app, spoken, call, stack.pop_all(), is_new=is_new)
    if request.transport is None or request.transport.is_closing():
        call.end("the client is gone")
    return call, answer


@asynccontextmanager
async def _held(desk: ChatDesk, thread: Row) -> AsyncIterator[Context | None]:
    """The context that a thread is, kept from other calls; None: it is none.

    It has the tools that its file has, where whoever runs the server has named it; else none.

    Raises:
        Refusal: 409 where it cannot be had.
    """
    if KEY not in (thread.get("metadata") or {}):
        yield None
        return
    async with AsyncExitStack() as stack:
        try:
            kept = from_row(thread)
            choice = ContextChoice(kept, Contexts(threads=desk.threads))
            held = await stack.enter_async_context(held_context(choice, 0.0))
        except ContextInUse as error:
            raise _in_use() from error
        except ContextError as error:
            raise Refusal(409, str(error), "context_not_usable") from error
        named = desk.contexts.get(kept.name)
        definition = without_tools(kept.definition) if named is None else without_hands(named)
        yield replace(held.context, definition=definition)


async def events(request: web.Request) -> web.StreamResponse:
    """`GET /harness/chatkit/calls/{call_id}/events`: the call's thread, and what comes into it.

    Events of ChatKit, from the call's beginning to its end.

    Raises:
        Refusal: 401; 404 for a call without a thread of the visitor's.
    """
    user, call_id = visitor_in(request).user, request.match_info["call_id"]
    for spoken in request.app[DESK].spoken.values():
        if (spoken.call_id, spoken.user) == (call_id, user):
            return await _sent(request, spoken.events())
    raise Refusal(404, "There is no call of this id that has a thread.", "call_id_not_found")


async def _sent(request: web.Request, told: AsyncIterator[Row]) -> web.StreamResponse:
    try:
        return await send_events(request, told, are_named=False)
    except ClientGone:
        return web.Response(status=499, reason="Client Closed Request")


def _new_thread() -> Row:
    return {
        "id": f"thr_{Ids().letters(24, '0123456789abcdef')}",
        "created_at": datetime.now(UTC).isoformat(),
        "status": {"type": "active"},
        "metadata": {},
    }


async def _keep_new(desk: ChatDesk, thread: Row, user: str, call: Call) -> None:
    """Keep the thread of a call; one that cannot be kept ends the call."""
    try:
        await desk.threads.ask(ThreadDatabase.save_thread, user, thread)
    except BaseException:
        call.end("its thread cannot be kept")
        raise


async def _known(desk: ChatDesk, thread_id: str, user: str) -> Row:
    """The thread of that id.

    Raises:
        Refusal: 404, 409.
    """
    found = await desk.threads.ask(ThreadDatabase.thread, thread_id, user)
    if found is None:
        raise Refusal(404, f"No thread found with id '{thread_id[:100]}'.", "not_found")
    status = found.get("status") or {"type": "active"}
    if status["type"] != "active":
        reason = status.get("reason") or "no reason was given"
        raise Refusal(409, f"This thread is {status['type']}: {reason}.", "thread_not_active")
    holder = await desk.threads.ask(ThreadDatabase.lease_of, thread_id, time.time())
    if thread_id in desk.spoken or holder is not None:
        raise _in_use()
    return found


def _in_use() -> Refusal:
    message = "Another call has this thread. End it first, or begin a new conversation."
    return Refusal(409, message, "thread_in_use")


def _follow(
    app: web.Application, spoken: SpokenThread, call: Call, held: AsyncExitStack, *, is_new: bool
) -> None:
    desk = app[DESK]
    desk.spoken[spoken.thread_id] = spoken

    async def run() -> None:
        try:
            await spoken.run()
        finally:
            await held.aclose()
            if is_new and not call.is_open:  # it never came up: nobody has seen its thread
                with contextlib.suppress(ContextError):
                    await desk.threads.ask(ThreadDatabase.delete_thread, spoken.thread_id)
            del desk.spoken[spoken.thread_id]

    task = asyncio.create_task(run(), name="spoken thread")
    app[FOLLOWING].add(task)
    task.add_done_callback(app[FOLLOWING].discard)


async def _finish(app: web.Application) -> None:
    """The calls have ended: what they said is kept before the threads are closed."""
    await asyncio.gather(*app[FOLLOWING], return_exceptions=True)
