"""The HTTP side of the local Realtime server: secrets, calls, the script, the page.

Source: the Realtime reference, "HTTP endpoints"; paths under `/harness` are our own.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import web

from harness.errors import ProtocolError
from harness.realtime.faults.log import QUICK_VOICE
from harness.realtime.faults.parse import as_data
from harness.realtime.faults.triggers import Applied
from harness.realtime.ids import Ids
from harness.realtime.server.validation.mcp_values import without_secrets
from harness.server.calls.websocket_call import STOPPING
from harness.server.chatkit.desk import DESK
from harness.server.faults.sources import header_faults
from harness.server.http.auth import KEYS, Keys, require_api_key
from harness.server.http.body import (
    MOST_BODY_BYTES,
    json_object,
    secret_lifetime_s,
    wanted_session,
)
from harness.server.http.client_secrets import DEFAULT_S, ClientSecret
from harness.server.http.errors import Refusal, json_errors
from harness.server.routes.assistants import add_assistants
from harness.server.routes.calls import CALLS_PATH, add_calls, no_call
from harness.server.routes.chat_page import add_chat_page
from harness.server.routes.chatkit import add_chatkit
from harness.server.routes.chatkit_rest import add_chatkit_rest
from harness.server.routes.faults import add_spoiling
from harness.server.routes.live import add_live
from harness.server.routes.page import add_page
from harness.server.routes.responses import add_responses
from harness.server.routes.state import STATE, ServerState
from harness.server.routes.websocket import add_websocket
from harness.server.status.endings import EndingModels
from harness.server.status.monitor import Monitor
from harness.server.status.status import add_status, answers_counted

MONITOR = web.AppKey("monitor", Monitor)

_log = logging.getLogger(__name__)


def create_app(state: ServerState) -> web.Application:
    """The server's application. Stopping it ends all calls and the speech engines' threads."""
    monitor = Monitor(state.calls, state.worker)
    state.calls.listeners.append(EndingModels())
    state.speech.when_done = monitor.speech
    app = web.Application(
        middlewares=[answers_counted(monitor), json_errors], client_max_size=MOST_BODY_BYTES
    )
    app[STATE], app[MONITOR] = state, monitor
    app[KEYS] = Keys(state.api_key, state.client_secrets, state.accepts_any_key)
    app.cleanup_ctx.append(_running)
    app.on_shutdown.append(_end_calls)
    app.router.add_post("/v1/realtime/client_secrets", mint_secret)
    app.router.add_get("/harness/client_secrets/{digest}", known_secret)
    add_calls(app)
    add_websocket(app)
    add_live(app)
    add_responses(app)
    app[DESK] = state.chat
    add_chatkit_rest(app)
    add_chatkit(app)
    add_chat_page(app)
    add_assistants(app)
    add_spoiling(app)
    app.router.add_get("/harness/calls", list_calls)
    app.router.add_get("/harness/calls/{call_id}/received.wav", received_audio)
    add_page(app, _mint_for_page)
    add_status(app, monitor, state.api_key)
    return app


def _noted(state: ServerState) -> Callable[[str], None]:
    """Whoever asks what was done to their call is told of another voice, too."""
    loop, fault_sources = asyncio.get_running_loop(), state.fault_sources

    def add(text: str) -> None:
        _log.warning("%s", text)
        fault_sources.log.add(Applied(QUICK_VOICE, text, fault_sources.clock.now_s()))

    def tell(text: str) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(add, text)

    return tell


async def _running(app: web.Application) -> AsyncIterator[None]:
    state, monitor = app[STATE], app[MONITOR]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(monitor)
        stack.push_async_callback(state.assistants.aclose)
        stack.push_async_callback(state.chat.threads.aclose)
        state.speech.when_slow = _noted(state)
        await stack.enter_async_context(state.speech)
        await stack.enter_async_context(state.calls)
        yield


async def _end_calls(app: web.Application) -> None:
    """A WebSocket is a request that runs: the server would wait for it."""
    await app[STATE].calls.end_all(STOPPING)


# Secrets


async def mint_secret(request: web.Request) -> web.Response:
    """`POST /v1/realtime/client_secrets`: a short-lived key and the session it starts."""
    started_s = time.perf_counter()
    require_api_key(request)
    body = await json_object(request)
    lifetime_s = secret_lifetime_s(body)
    state = request.app[STATE]
    await state.fault_sources.meet(request, "client_secrets", state.assistants.current)
    secret = _mint(request, body.get("session"), lifetime_s)
    answer = {
        "value": secret.value,
        "expires_at": secret.expires_at,
        "session": {**without_secrets(secret.session), "id": Ids().session(), "expires_at": 0},
    }
    took_ms = round((time.perf_counter() - started_s) * 1000)
    headers = {"openai-version": "2020-10-01", "openai-processing-ms": str(took_ms)}
    return web.json_response(answer, headers=headers)


async def _mint_for_page(request: web.Request) -> dict[str, Any]:
    secret = _mint(request, None, DEFAULT_S)
    return {
        "client_secret": secret.value,
        "expires_at": secret.expires_at,
        "calls_url": f"{request.scheme}://{request.host}{CALLS_PATH}",
        "session": without_secrets(secret.session),
    }


def _mint(request: web.Request, partial: Any, lifetime_s: int) -> ClientSecret:
    session = wanted_session(partial)
    faults = tuple(as_data(header_faults(request)))
    try:
        return request.app[STATE].client_secrets.mint(session, lifetime_s, time.time(), faults)
    except ProtocolError as error:
        raise Refusal(413, error.message, error.code, error.param) from error


# Our own


async def known_secret(request: web.Request) -> web.Response:
    """`GET /harness/client_secrets/{digest}`: 204 for the SHA-256 of a secret that is ours.

    Raises:
        Refusal: 401 without the server's key; 404 for any other secret.
    """
    require_api_key(request)
    digest, now_unix_s = request.match_info["digest"], time.time()
    kept = (request.app[STATE].client_secrets, request.app[STATE].chat.sessions)
    if not any(secrets.knows(digest, now_unix_s) for secrets in kept):
        raise Refusal(404, "This server made no such client secret.", "unknown_secret")
    return web.Response(status=204)


async def list_calls(request: web.Request) -> web.Response:
    """`GET /harness/calls`: the running calls and their connections' numbers."""
    require_api_key(request)
    calls = [
        {"call_id": call.call_id, "transport": call.transport, **await call.numbers()}
        for call in request.app[STATE].calls.running
    ]
    return web.json_response({"calls": calls})


async def received_audio(request: web.Request) -> web.Response:
    """`GET /harness/calls/{call_id}/received.wav`: what came out of the peer connection.

    A WAV file: PCM16, 48 kHz, mono.

    Raises:
        Refusal: 404 for an unknown call, or one whose audio was not kept.
    """
    require_api_key(request)
    calls, call_id = request.app[STATE].calls, request.match_info["call_id"]
    call = calls.find(call_id) or calls.find_ended(call_id)
    if call is None:
        raise no_call()
    if call.recording is None:
        raise Refusal(404, "The audio of this call was not recorded.", "not_recorded")
    body = await asyncio.to_thread(call.recording.wav)
    return web.Response(body=body, content_type="audio/wav")
