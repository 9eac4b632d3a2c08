"""ChatKit's hosted REST API: sessions for pages, and the threads that are kept."""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

from harness.context.chatkit.hosted_shapes import hosted_items, hosted_thread
from harness.context.chatkit.sessions import ChatSession
from harness.context.pages import page_of, read_page_query
from harness.context.threads.database import Row, ThreadDatabase
from harness.realtime import vocabulary as v
from harness.realtime.ids import Ids
from harness.server.chatkit.desk import DESK
from harness.server.http.auth import BETA_HEADER, require_api_key
from harness.server.http.body import json_object
from harness.server.http.errors import Refusal
from harness.server.http.refusing import refusing_mistakes
from harness.server.routes.state import STATE

PATH = "/v1/chatkit"
BETA = "chatkit_beta=v1"
MOST_USER_CHARS = 512


def add_chatkit_rest(app: web.Application) -> None:
    """Add `/v1/chatkit/...` to an application with a `ChatDesk`."""
    app.router.add_post(f"{PATH}/sessions", create_session)
    app.router.add_post(f"{PATH}/sessions/{{session_id}}/cancel", cancel_session)
    app.router.add_get(f"{PATH}/threads", list_threads)
    app.router.add_get(f"{PATH}/threads/{{thread_id}}", retrieve_thread)
    app.router.add_delete(f"{PATH}/threads/{{thread_id}}", delete_thread)
    app.router.add_get(f"{PATH}/threads/{{thread_id}}/items", list_items)


def _require_access(request: web.Request) -> None:
    """Refuse whoever has no key, or does not ask for the beta.

    Raises:
        Refusal: 401, or 400.
    """
    require_api_key(request)
    if BETA not in request.headers.get(BETA_HEADER, ""):
        message = (
            f"You must provide the '{BETA_HEADER}' header to access the ChatKit API. Please try "
            f"again by setting the header '{BETA_HEADER}: {BETA}'."
        )
        raise Refusal(400, message, "invalid_beta")


async def create_session(request: web.Request) -> web.Response:
    """`POST /v1/chatkit/sessions`: a short-lived secret for a page of one user."""
    _require_access(request)
    state = request.app[STATE]
    await state.fault_sources.meet(request, "chatkit", state.assistants.current)
    body = await json_object(request)
    with refusing_mistakes():
        session = request.app[DESK].sessions.create(body, Ids(), time.time())
    return web.json_response(session.resource(time.time()))


async def cancel_session(request: web.Request) -> web.Response:
    """`POST /v1/chatkit/sessions/{id}/cancel`: its secret opens nothing from now on."""
    _require_access(request)
    session = _session(request)
    session.is_cancelled = True
    return web.json_response(session.resource(time.time()))


def _session(request: web.Request) -> ChatSession:
    session_id = request.match_info["session_id"]
    session = request.app[DESK].sessions.find(session_id)
    if session is None:
        raise Refusal(404, f"No ChatKit session found with id '{session_id[:100]}'.")
    return session


async def list_threads(request: web.Request) -> web.Response:
    """`GET /v1/chatkit/threads`: everybody's, or those of one user."""
    _require_access(request)
    threads = request.app[DESK].threads
    with refusing_mistakes():
        query = read_page_query(request.query, least=0, known=("user",))
        user = request.query.get("user")
        if user is not None:
            v.Text(MOST_USER_CHARS, may_be_empty=False).check(user, "user")
        page = page_of(await threads.all_threads(user), query)
    page["data"] = [await _shown(request, thread) for thread in page["data"]]
    return web.json_response(page)


async def retrieve_thread(request: web.Request) -> web.Response:
    """`GET /v1/chatkit/threads/{id}`: without its items."""
    _require_access(request)
    return web.json_response(await _shown(request, await _thread(request)))


async def delete_thread(request: web.Request) -> web.Response:
    """`DELETE /v1/chatkit/threads/{id}`: with its items."""
    _require_access(request)
    thread_id = (await _thread(request))["id"]
    await request.app[DESK].threads.ask(ThreadDatabase.delete_thread, thread_id)
    return web.json_response({"id": thread_id, "object": "chatkit.thread.deleted", "deleted": True})


async def list_items(request: web.Request) -> web.Response:
    """`GET /v1/chatkit/threads/{id}/items`."""
    _require_access(request)
    thread_id = (await _thread(request))["id"]
    items = await request.app[DESK].threads.all_items(thread_id)
    with refusing_mistakes():
        query = read_page_query(request.query, least=0)
        return web.json_response(page_of(hosted_items(items), query))


async def _thread(request: web.Request) -> Row:
    thread_id = request.match_info["thread_id"]
    thread = await request.app[DESK].threads.ask(ThreadDatabase.thread, thread_id)
    if thread is None:
        raise Refusal(404, f"No thread found with id '{thread_id[:100]}'.")
    return thread


async def _shown(request: web.Request, thread: Row) -> dict[str, Any]:
    user = await request.app[DESK].threads.ask(ThreadDatabase.user_of, thread["id"])
    return hosted_thread(thread, user or "")
