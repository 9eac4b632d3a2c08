"""The ChatKit endpoint: one address, JSON in, JSON or events out; and addresses of attachments."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from aiohttp import web
from pydantic import ValidationError

from harness.context.threads.database import ThreadDatabase
from harness.errors import MissingExtra
from harness.server.chatkit.desk import DESK
from harness.server.chatkit.visitor import Visitor, visitor_of
from harness.server.http.auth import key_of, require_api_key
from harness.server.http.body import MOST_BODY_BYTES, body_of_at_most
from harness.server.http.errors import Refusal, preflight
from harness.server.http.event_stream import ClientGone, while_there
from harness.server.routes.state import STATE

if TYPE_CHECKING:
    from harness.server.chatkit.service import ChatService

PATH = "/chatkit"
HOSTED_PATH = "/v1/chatkit/conversation"
"""The same, for pages whose element is of the hosted service: a redirected one asks there."""

UPLOAD = PATH + "/attachments/{attachment_id}"
MOST_SOUND_BYTES = 16 * 1024 * 1024
"""Of a request with dictated sound: five minutes of it as WAV at 16 kHz fit, in base64."""

MOST_UPLOADS = 8
"""Attachments that come at the same time."""

UPLOAD_WITHIN_S = 120.0
SERVICE: web.AppKey[list[ChatService]] = web.AppKey("chat_service", list)
"""Made when it is asked first: the package takes a second to import."""


def add_chatkit(app: web.Application) -> None:
    """Add the endpoint to an application with a `ChatDesk`."""
    app[SERVICE] = []
    for path in (PATH, HOSTED_PATH):
        app.router.add_post(path, ask)
        app.router.add_options(path, any_method)
    app.router.add_put(UPLOAD, upload)
    app.router.add_get(UPLOAD, download)
    app.router.add_options(UPLOAD, any_method)
    app.router.add_get("/harness/chatkit/threads/{thread_id}/feedback", feedback)
    app.on_shutdown.append(_end_waiting)


async def _end_waiting(app: web.Application) -> None:
    """An answer that waits for long work is a request that runs: the server would wait for it."""
    for service in app[SERVICE]:
        await service.aclose()


async def any_method(request: web.Request) -> web.Response:
    """What a browser asks before it comes from another origin."""
    answer = await preflight(request)
    answer.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, OPTIONS"
    return answer


async def ask(request: web.Request) -> web.StreamResponse:
    """`POST /chatkit`, or `HOSTED_PATH`: any request of the protocol.

    Raises:
        Refusal: 400 for a request that is none, 401, 404, 429; 501 without the extra.
    """
    visitor = visitor_in(request)
    state = request.app[STATE]
    await state.fault_sources.meet(request, "chatkit", state.assistants.current)
    service = await _service(request)
    from chatkit.server import NonStreamingResult

    body = await _body(request)
    try:
        result = await while_there(request, service.process(body, visitor))
        if isinstance(result, NonStreamingResult):
            return web.Response(body=result.json, content_type="application/json")
        return await _stream(request, aiter(result))
    except ClientGone:
        return web.Response(status=499, reason="Client Closed Request")
    except ValidationError as error:
        raise _invalid(error) from error
    except _refused() as error:
        raise _as_refusal(error) from error


async def _body(request: web.Request) -> bytes:
    """The body; dictated sound alone may be long.

    Raises:
        Refusal: 413.
    """
    too_large = f"A request may have {MOST_BODY_BYTES} bytes, dictated sound {MOST_SOUND_BYTES}."
    body = await body_of_at_most(request, MOST_SOUND_BYTES, too_large)
    if len(body) > MOST_BODY_BYTES and not _is_dictation(body):
        raise Refusal(413, too_large, "request_too_large")
    return body


def _is_dictation(body: bytes) -> bool:
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(request, dict) and request.get("type") == "input.transcribe"


async def _stream(request: web.Request, events: AsyncIterator[bytes]) -> web.StreamResponse:
    """The events of one turn; what fails before the first is answered with a status.

    They are taken by a task of their own, so that a client that goes cancels it where it stands.
    """
    queue: asyncio.Queue[bytes | BaseException | None] = asyncio.Queue()

    async def take() -> None:
        try:
            async for event in events:
                queue.put_nowait(event)
            queue.put_nowait(None)
        except Exception as error:
            queue.put_nowait(error)

    task = asyncio.create_task(take(), name="chat turn")
    try:
        first = await while_there(request, queue.get())
        if isinstance(first, BaseException):
            raise first
        return await _send(request, first, queue)
    except ConnectionError as error:
        raise ClientGone from error
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _send(
    request: web.Request, first: bytes | None, queue: asyncio.Queue[bytes | BaseException | None]
) -> web.StreamResponse:
    headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
    response = web.StreamResponse(headers=headers)
    response.headers.update(_CORS)
    await response.prepare(request)
    event: bytes | BaseException | None = first
    while event is not None:
        if isinstance(event, BaseException):
            if request.transport is not None:
                request.transport.abort()  # the contract: the body breaks off
            return response
        await while_there(request, response.write(event))
        event = await while_there(request, queue.get())
    await response.write_eof()
    return response


_CORS = {"Access-Control-Allow-Origin": "*"}


async def upload(request: web.Request) -> web.Response:
    """`PUT /chatkit/attachments/{id}?token=…`: the content that was announced.

    Raises:
        Refusal: 404 for an unknown one or another token, 408 where it takes too long, 413 for more
            than was announced, 429 where as many come as may.
    """
    row, desk = await _attachment(request), request.app[DESK]
    if desk.uploads >= MOST_UPLOADS:
        message = f"{MOST_UPLOADS} attachments are being uploaded already; try again."
        raise Refusal(429, message, "rate_limit_exceeded", kind="rate_limit_error")
    size = row["metadata"]["size"]
    too_large = f"The file was announced with {size} bytes."
    desk.uploads += 1
    try:
        content = await body_of_at_most(request, size, too_large, UPLOAD_WITHIN_S)
        # What it may take was counted when it was announced.
        await desk.threads.ask(ThreadDatabase.save_content, row["id"], content)
    finally:
        desk.uploads -= 1
    return web.Response(status=200, headers=_CORS)


async def download(request: web.Request) -> web.Response:
    """`GET /chatkit/attachments/{id}?token=…`: a picture to look at, anything else to save.

    Raises:
        Refusal: 404 for an unknown one, another token, or one that did not come yet.
    """
    row = await _attachment(request)
    content = await request.app[DESK].threads.ask(ThreadDatabase.content, row["id"])
    if content is None:
        raise Refusal(404, "This attachment was not uploaded yet.")
    is_picture = row["type"] == "image"
    headers = {
        "Content-Type": row["mime_type"] if is_picture else "application/octet-stream",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Disposition": "inline" if is_picture else "attachment",
        **_CORS,
    }
    return web.Response(body=content, headers=headers)


async def feedback(request: web.Request) -> web.Response:
    """`GET /harness/chatkit/threads/{id}/feedback`: what the user thinks, by item.

    Raises:
        Refusal: 401 without the key; 404 for an unknown thread.
    """
    require_api_key(request)
    threads, thread_id = request.app[DESK].threads, request.match_info["thread_id"]
    if await threads.ask(ThreadDatabase.user_of, thread_id) is None:
        raise Refusal(404, f"No thread found with id '{thread_id[:100]}'.")
    return web.json_response(await threads.ask(ThreadDatabase.feedback, thread_id))


async def _attachment(request: web.Request) -> dict[str, Any]:
    threads = request.app[DESK].threads
    row = await threads.ask(ThreadDatabase.attachment, request.match_info["attachment_id"])
    token = "" if row is None else row["metadata"]["token"]
    given = request.query.get("token", "").encode("utf-8", "surrogatepass")
    if row is None or not secrets.compare_digest(token.encode(), given):
        raise Refusal(404, "There is no such attachment.")
    return row


def visitor_in(request: web.Request) -> Visitor:
    """Who asks: a session's secret names its user, the server's key is the local user's.

    Raises:
        Refusal: 401 without either; 429 where a session asks too often.
    """
    base_url = f"{request.scheme}://{request.host}"
    session = request.app[DESK].sessions.opened_by(key_of(request), time.time())
    if session is None:
        require_api_key(request)
        return visitor_of(None, base_url)
    if not session.may_ask(time.time()):
        message = f"This session may ask {session.most_requests} times in a minute."
        raise Refusal(429, message, "rate_limit_exceeded", kind="rate_limit_error")
    return visitor_of(session, base_url)


async def _service(request: web.Request) -> ChatService:
    """The service, made once.

    Raises:
        Refusal: 501, where the package is not installed.
    """
    made = request.app[SERVICE]
    if not made:
        state, desk = request.app[STATE], request.app[DESK]
        try:
            kind = await asyncio.to_thread(_service_class)
        except MissingExtra as error:
            raise Refusal(
                501, f"{error.message} Install {error.expected}.", "missing_extra"
            ) from error
        if not made:
            made.append(
                kind(
                    desk.threads,
                    lambda: state.assistants.current,
                    state.speech.recognise,
                    desk.spoken,
                    lambda: desk.contexts,
                )
            )
    return made[0]


def _service_class() -> type[ChatService]:
    try:
        from harness.server.chatkit.service import ChatService
    except ImportError as error:
        raise MissingExtra("chatkit", "The ChatKit endpoint") from error
    return ChatService


def _refused() -> tuple[type[Exception], ...]:
    from harness.server.chatkit.service import REFUSED

    return REFUSED


def _as_refusal(error: Exception) -> Refusal:
    from chatkit.store import NotFoundError

    message = str(getattr(error, "message", "") or error)
    if isinstance(error, NotFoundError):
        return Refusal(404, message, "not_found")
    return Refusal(400, message, "invalid_request")


def _invalid(error: ValidationError) -> Refusal:
    first = error.errors(include_url=False, include_input=False)[0]
    param = ".".join(str(part) for part in first["loc"])
    message = ": ".join(filter(None, ("Invalid request", param, first["msg"])))
    return Refusal(400, message, "invalid_value", param or None)
