"""The Responses API over HTTP: written questions, answered by the server's assistant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from harness.context.pages import page_of, read_page_query
from harness.context.responses.kept import KeptResponse
from harness.context.responses.request import read_request
from harness.errors import ProtocolError
from harness.realtime.ids import Ids
from harness.server.http.auth import require_api_key
from harness.server.http.body import json_object
from harness.server.http.errors import Refusal
from harness.server.http.event_stream import ClientGone, send_events, while_there
from harness.server.http.refusing import refusing_mistakes
from harness.server.responses.registry import Responses
from harness.server.routes.state import STATE

PATH = "/v1/responses"
ONE = PATH + "/{response_id}"
RESPONSES = web.AppKey("responses", Responses)


def add_responses(app: web.Application) -> None:
    """Add `/v1/responses` to an application with a `ServerState`."""
    responses = app[RESPONSES] = Responses()
    app.router.add_post(PATH, create)
    app.router.add_get(ONE, retrieve)
    app.router.add_delete(ONE, delete)
    app.router.add_post(ONE + "/cancel", cancel)
    app.router.add_get(ONE + "/input_items", input_items)

    async def end_all(_app: web.Application) -> None:
        await responses.aclose()

    app.on_shutdown.append(end_all)


async def create(request: web.Request) -> web.StreamResponse:
    """`POST /v1/responses`: whole, as events, or in the background.

    Raises:
        Refusal: 400 for a request that cannot be answered, 429 where too many are under way.
    """
    require_api_key(request)
    state, responses = request.app[STATE], request.app[RESPONSES]
    assistant = state.assistants.current
    await state.fault_sources.meet(request, "responses", assistant)
    body = await json_object(request)
    with refusing_mistakes():
        wanted = read_request(body)
        if responses.is_full:
            message = "Too many responses are under way. Try again when one has ended."
            raise Refusal(429, message, "rate_limit_exceeded", kind="rate_limit_error")
        run = responses.start(wanted, assistant, Ids())
    if wanted.is_background and not wanted.is_streamed:
        return web.json_response(run.writer.resource)
    try:
        if wanted.is_streamed:
            return await send_events(request, run.events(), are_named=True)
        await while_there(request, run.until_over())
    except ClientGone:
        return web.Response(status=499, reason="Client Closed Request")
    finally:  # whoever goes cancels what is not in the background
        if not wanted.is_background:
            await run.cancel()
    return web.json_response(run.writer.resource)


async def retrieve(request: web.Request) -> web.StreamResponse:
    """`GET /v1/responses/{id}`: as it is now, or its events from any place on.

    Raises:
        Refusal: 404 for an unknown one, 400 where its events cannot be had.
    """
    kept = _find(request)
    if request.query.get("stream", "false") != "true":
        return web.json_response(kept.resource)
    with refusing_mistakes():
        events = _events(request, kept)
    try:
        return await send_events(request, events, are_named=True)
    except ClientGone:
        return web.Response(status=499, reason="Client Closed Request")


def _events(request: web.Request, kept: KeptResponse) -> AsyncIterator[dict[str, Any]]:
    run = request.app[RESPONSES].run_of(kept.response_id)
    if run is None or not run.is_resumable:
        message = "Only a response that was created with background=true and stream=true streams."
        raise ProtocolError(message, code="invalid_value", param="stream")
    after = request.query.get("starting_after", "-1")
    if not after.removeprefix("-").isascii() or not after.removeprefix("-").isdigit():
        message = "Invalid type for 'starting_after': expected an integer."
        raise ProtocolError(message, code="invalid_type", param="starting_after")
    events = run.events(int(after[:20]))
    return _bare(events) if request.query.get("include_obfuscation") == "false" else events


async def _bare(events: AsyncIterator[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    """Without what hides the lengths of deltas."""
    async for event in events:
        yield {name: value for name, value in event.items() if name != "obfuscation"}


async def delete(request: web.Request) -> web.Response:
    """`DELETE /v1/responses/{id}`; ends it where it is under way."""
    response_id = _find(request).response_id
    await request.app[RESPONSES].remove(response_id)
    return web.json_response({"id": response_id, "object": "response", "deleted": True})


async def cancel(request: web.Request) -> web.Response:
    """`POST /v1/responses/{id}/cancel`: of a background response; once more changes nothing.

    Raises:
        Refusal: 404 for an unknown one, 400 for one that is not in the background.
    """
    kept = _find(request)
    if not kept.resource["background"]:
        message = "Cannot cancel a synchronous response: close its connection instead."
        raise Refusal(400, message, None, "response_id")
    run = request.app[RESPONSES].run_of(kept.response_id)
    if run is not None:
        await run.cancel()
    return web.json_response(kept.resource)


async def input_items(request: web.Request) -> web.Response:
    """`GET /v1/responses/{id}/input_items`: what it was asked with, in pages."""
    kept = _find(request)
    with refusing_mistakes():
        query = {name: value for name, value in request.query.items() if name != "include[]"}
        wanted = read_page_query(query, known=("include",))
        return web.json_response(page_of([*kept.earlier, *kept.input], wanted))


def _find(request: web.Request) -> KeptResponse:
    """The response that the path names.

    Raises:
        Refusal: 401 without the key; 404, where there is none.
    """
    require_api_key(request)
    response_id = request.match_info["response_id"]
    kept = request.app[RESPONSES].find(response_id)
    if kept is None:
        raise Refusal(404, f"Response with id '{response_id[:100]}' not found.")
    return kept
