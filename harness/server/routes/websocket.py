"""`GET /v1/realtime`: a session over a WebSocket, or a second controller of a running call.

What is wrong with who asks is said before the handshake is answered, by an HTTP error. What is
wrong with the session asked for is said after it, by an ``error`` event and a close code, for no
browser shows a page why a handshake was refused.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from harness.clock import MonotonicClock
from harness.realtime.ids import Ids
from harness.server.calls.call_runner import as_text, error_event
from harness.server.calls.sideband import MOST_SIDEBANDS, Sideband
from harness.server.calls.websocket_call import WebSocketCall
from harness.server.http.auth import BETA_CODE, authorised, is_beta, require_api_key
from harness.server.http.body import wanted_model, wanted_session, with_model
from harness.server.http.client_secrets import ClientSecret
from harness.server.http.errors import Refusal
from harness.server.http.event_socket import EventSocket
from harness.server.routes.calls import find_call, refuse_if_full, spoil
from harness.server.routes.state import STATE, NewSession, ServerState
from harness.speech.interface import SpeechDetector

WEBSOCKET_PATH = "/v1/realtime"
REFUSED = 4000
"""The close code of a session that cannot be."""


def add_websocket(app: web.Application) -> None:
    """Add the route to an application with a `ServerState`."""
    app.router.add_get(WEBSOCKET_PATH, connect)


async def connect(request: web.Request) -> web.StreamResponse:
    """Open a socket, carry it, and return when it is closed.

    Raises:
        Refusal: 426 for a request that is no WebSocket.
    """
    if request.headers.get("Upgrade", "").strip().lower() != "websocket":
        message = "This is the address of a WebSocket; ask for the upgrade."
        raise Refusal(426, message, "upgrade_required")
    if is_beta(request):
        return await _closed(request, BETA_CODE)
    if "call_id" in request.query:
        return await _join(request)
    return await _begin(request)


async def _begin(request: web.Request) -> web.StreamResponse:
    state = request.app[STATE]
    secret = authorised(request)
    faults = await state.fault_sources.meet(request, "websocket", state.assistants.current, secret)
    refuse_if_full(state)
    try:
        settings = _settings(request, secret)
    except Refusal as refusal:
        notice = error_event(refusal.code or "invalid_value", refusal.message)
        notice["error"]["param"] = refusal.param
        return await _closed(request, refusal.code or "invalid_value", notice)
    with state.calls.place():
        detector = await state.speech.detector()
        try:
            new = _new_session(state, settings, detector, faults)
            session = state.make_session(new)
            socket = await EventSocket.accept(request, state.limits.ping_s)
        except BaseException:
            state.speech.give_back(detector)
            raise
        call = WebSocketCall(new.session_id, session, state.speech, MonotonicClock(), socket)
        spoil(call, faults, state.fault_sources)
        running = state.calls.run(call, when_over=lambda: state.speech.give_back(detector))
    await running
    return socket.response


def _settings(request: web.Request, secret: ClientSecret | None) -> dict[str, Any]:
    """The session that the secret or the URL asks for."""
    if secret is not None:
        is_spoken = secret.session["type"] == "realtime"
        return with_model(secret.session, wanted_model(request)) if is_spoken else secret.session
    if request.query.get("intent") == "transcription":
        return wanted_session(_transcription(request.query.get("model")))
    model = wanted_model(request)
    if model is None:
        message = "You must provide a model parameter: /v1/realtime?model=..."
        raise Refusal(400, message, "missing_model", "model")
    return wanted_session({"type": "realtime", "model": model})


def _transcription(model: str | None) -> dict[str, Any]:
    session: dict[str, Any] = {"type": "transcription"}
    if model:
        session["audio"] = {"input": {"transcription": {"model": model}}}
    return session


def _new_session(
    state: ServerState,
    settings: dict[str, Any],
    detector: SpeechDetector,
    faults: tuple[Any, ...],
) -> NewSession:
    return NewSession(
        session_id=Ids().session(),
        settings=settings,
        assistant=state.assistants.current,
        detector=detector,
        seed=state.seed,
        transport="websocket",
        faults=faults,
    )


async def _join(request: web.Request) -> web.StreamResponse:
    """A sideband: the same session, seen and controlled from a second place."""
    require_api_key(request)
    call = find_call(request, request.query["call_id"])
    if call.sidebands >= MOST_SIDEBANDS:
        message = f"This call has {MOST_SIDEBANDS} sidebands already, and takes no more."
        raise Refusal(429, message, "rate_limit_exceeded", kind="rate_limit_error")
    call.sidebands += 1
    try:
        socket = await EventSocket.accept(request, request.app[STATE].limits.ping_s)
        await Sideband(call, socket).run()
    finally:
        call.sidebands -= 1
    return socket.response


async def _closed(
    request: web.Request, code: str, notice: dict[str, Any] | None = None
) -> web.StreamResponse:
    """Open a socket only to say why there is no session."""
    socket = await EventSocket.accept(request, request.app[STATE].limits.ping_s)
    if notice is not None:
        socket.send(as_text(notice))
    await socket.aclose(REFUSED, f"invalid_request_error.{code}")
    return socket.response
