"""The HTTP side of the local Realtime server: secrets, calls, the script, the page.

Source: the Realtime reference, "HTTP endpoints"; paths under `/harness` are our own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from harness.clock import MonotonicClock
from harness.errors import NegotiationFailed, ProtocolError
from harness.peer.interface import PeerFactory
from harness.realtime.ids import Ids
from harness.server.call import Call
from harness.server.call_session import CallSession
from harness.server.calls import Calls
from harness.server.client_secrets import (
    DEFAULT_S,
    PREFIX,
    ClientSecret,
    ClientSecrets,
    same_key,
)
from harness.server.http_errors import Refusal, json_errors, preflight
from harness.server.monitor import Monitor
from harness.server.pages import add_page
from harness.server.recording import Recording
from harness.server.requests import (
    MOST_BODY_BYTES,
    bearer,
    json_object,
    read_offer,
    secret_lifetime_s,
)
from harness.server.script import Script
from harness.server.session import ServerSession
from harness.server.settings import effective_session
from harness.server.speech_workers import SpeechWorkers
from harness.server.status import add_status, answers_counted
from harness.speech.interface import SpeechDetector

CALLS_PATH = "/v1/realtime/calls"
BETA_HEADER = "OpenAI-Beta"


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a session of one call is made of."""

    session_id: str
    settings: dict[str, Any]
    script: Script
    detector: SpeechDetector
    seed: int | None
    """For its ids; None for random ones."""


MakeSession = Callable[[NewSession], CallSession]


def server_session(new: NewSession) -> CallSession:
    """The real session, which starts now."""
    return ServerSession(
        settings=new.settings,
        assistant=new.script,
        detector=new.detector,
        ids=Ids(new.seed),
        unix_time_s=time.time(),
        session_id=new.session_id,
    )


@dataclass(slots=True)
class ServerState:
    """What the routes share."""

    api_key: str = field(repr=False)
    make_peer: PeerFactory
    speech: SpeechWorkers
    script: Script
    make_session: MakeSession = server_session
    is_recording: bool = False
    seed: int | None = None
    """Makes the sessions' ids repeat; None for random ones."""
    worker: int = 0
    """Which of several processes this is; part of the ids of its calls."""
    calls: Calls = field(default_factory=Calls)
    client_secrets: ClientSecrets = field(default_factory=ClientSecrets)


STATE = web.AppKey("state", ServerState)
MONITOR = web.AppKey("monitor", Monitor)


def create_app(state: ServerState) -> web.Application:
    """The server's application. Stopping it ends all calls and the speech engines' threads."""
    monitor = Monitor(state.calls, state.worker)
    state.speech.when_done = monitor.speech
    app = web.Application(
        middlewares=[answers_counted(monitor), json_errors], client_max_size=MOST_BODY_BYTES
    )
    app[STATE], app[MONITOR] = state, monitor
    app.cleanup_ctx.append(_running)
    app.router.add_post("/v1/realtime/client_secrets", mint_secret)
    app.router.add_post(CALLS_PATH, begin_call)
    app.router.add_options(CALLS_PATH, preflight)
    app.router.add_post(CALLS_PATH + "/{call_id}/hangup", hang_up)
    app.router.add_put("/harness/script", set_script)
    app.router.add_get("/harness/calls", list_calls)
    app.router.add_get("/harness/calls/{call_id}/received.wav", received_audio)
    add_page(app, _mint_for_page)
    add_status(app, monitor, state.api_key)
    return app


async def _running(app: web.Application) -> AsyncIterator[None]:
    state, monitor = app[STATE], app[MONITOR]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(monitor)
        await stack.enter_async_context(state.speech)
        await stack.enter_async_context(state.calls)
        yield


# Secrets


async def mint_secret(request: web.Request) -> web.Response:
    """`POST /v1/realtime/client_secrets`: a short-lived key and the session it starts."""
    started_s = time.perf_counter()
    _require_api_key(request)
    body = await json_object(request)
    lifetime_s = secret_lifetime_s(body)
    secret = _mint(request, body.get("session"), lifetime_s)
    answer = {
        "value": secret.value,
        "expires_at": secret.expires_at,
        "session": {**secret.session, "id": Ids().session(), "expires_at": 0},
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
        "session": secret.session,
    }


def _mint(request: web.Request, partial: Any, lifetime_s: int) -> ClientSecret:
    session = _effective_session(partial)
    return request.app[STATE].client_secrets.mint(session, lifetime_s, time.time())


def _effective_session(partial: Any) -> dict[str, Any]:
    if partial == {}:
        message = "Missing required parameter: 'session.type'."
        raise Refusal(400, message, "missing_required_parameter", "session.type")
    try:
        return effective_session(partial)
    except ProtocolError as error:
        raise Refusal(400, error.message, error.code, error.param) from error


# Calls


async def begin_call(request: web.Request) -> web.Response:
    """`POST /v1/realtime/calls`: the SDP answer to an offer, and a call that runs from then on."""
    state = request.app[STATE]
    _refuse_beta(request)
    secret = _authorised(request)
    offer, partial = await read_offer(request, is_multipart_allowed=secret is None)
    session = _effective_session(partial) if secret is None else secret.session
    if state.calls.is_full:
        message = "This server is full. Try again when a call has ended."
        raise Refusal(429, message, "rate_limit_exceeded", kind="rate_limit_error")
    with state.calls.place():
        call, answer = await _answered(state, session, offer)
    headers = {"Location": f"{CALLS_PATH}/{call.call_id}"}
    return web.Response(
        status=201, body=answer.encode(), content_type="application/sdp", headers=headers
    )


async def _answered(state: ServerState, settings: dict[str, Any], offer: str) -> tuple[Call, str]:
    """A running call and its SDP answer."""
    detector = await state.speech.detector()
    try:
        call = _new_call(state, settings, detector)
        answer = await call.answer(offer)
    except BaseException as error:
        state.speech.give_back(detector)
        if not isinstance(error, NegotiationFailed):
            raise
        message = f"The SDP offer cannot be used: {error.found or error.message}"
        raise Refusal(400, message, "invalid_sdp", "sdp") from error
    state.calls.run(call, when_over=lambda: state.speech.give_back(detector))
    return call, answer


def _new_call(state: ServerState, settings: dict[str, Any], detector: SpeechDetector) -> Call:
    tail = Ids().letters(21)
    new = NewSession(
        session_id=f"sess_u{state.worker}_{tail}",
        settings=settings,
        script=state.script,
        detector=detector,
        seed=state.seed,
    )
    return Call(
        f"rtc_u{state.worker}_{tail}",
        state.make_session(new),
        state.make_peer,
        state.speech,
        MonotonicClock(),
        Recording() if state.is_recording else None,
    )


async def hang_up(request: web.Request) -> web.Response:
    """`POST /v1/realtime/calls/{call_id}/hangup`."""
    _require_api_key(request)
    call = request.app[STATE].calls.find(request.match_info["call_id"])
    if call is None:
        raise _no_call()
    call.end("hung up")
    return web.Response(status=200)


# Our own


async def set_script(request: web.Request) -> web.Response:
    """`PUT /harness/script`: what the assistant of later calls says and does."""
    _require_api_key(request)
    try:
        request.app[STATE].script = Script.model_validate(await json_object(request))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        param = ".".join(str(part) for part in first["loc"])
        raise Refusal(
            400, f"Invalid script: {param}: {first['msg']}", "invalid_value", param
        ) from error
    return web.json_response({"rules": len(request.app[STATE].script.rules)})


async def list_calls(request: web.Request) -> web.Response:
    """`GET /harness/calls`: the running calls and their connections' numbers."""
    _require_api_key(request)
    calls = [
        {"call_id": call.call_id, **await call.numbers()}
        for call in request.app[STATE].calls.running
    ]
    return web.json_response({"calls": calls})


async def received_audio(request: web.Request) -> web.Response:
    """`GET /harness/calls/{call_id}/received.wav`: what came out of the peer connection."""
    _require_api_key(request)
    calls, call_id = request.app[STATE].calls, request.match_info["call_id"]
    call = calls.find(call_id) or calls.find_ended(call_id)
    if call is None:
        raise _no_call()
    if call.recording is None:
        raise Refusal(404, "This server was started without recording.", "not_recorded")
    body = await asyncio.to_thread(call.recording.wav)
    return web.Response(body=body, content_type="audio/wav")


# Requests


def _require_api_key(request: web.Request) -> None:
    _refuse_beta(request)
    if not same_key(request.app[STATE].api_key, bearer(request)):
        raise Refusal(401, "Incorrect API key provided.", "invalid_api_key")


def _authorised(request: web.Request) -> ClientSecret | None:
    """The client secret of a request; None when it carries the API key instead."""
    token = bearer(request)
    if not token.startswith(PREFIX):
        _require_api_key(request)
        return None
    secret = request.app[STATE].client_secrets.find(token, time.time())
    if secret is None:
        message = "The client secret is unknown or has expired."
        raise Refusal(401, message, "invalid_api_key")
    return secret


def _refuse_beta(request: web.Request) -> None:
    if "realtime=v1" in request.headers.get(BETA_HEADER, ""):
        message = f"The beta shape of this API is gone; do not send '{BETA_HEADER}: realtime=v1'."
        raise Refusal(400, message, "beta_api_shape_disabled")


def _no_call() -> Refusal:
    return Refusal(404, "No session found for the provided call_id", "call_id_not_found", "")
