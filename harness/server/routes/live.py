"""GPT-Live over HTTP: sessions begun with an SDP offer or on a WebSocket, and their sidebands."""

from __future__ import annotations

import time
from typing import Any

from aiohttp import web

from harness.clock import MonotonicClock
from harness.errors import NegotiationFailed, ProtocolError
from harness.live.session import LiveSession
from harness.live.shapes import CREATE
from harness.live.state import OURS, Transport
from harness.realtime.ids import Ids
from harness.server.calls.live_call import HUNG_UP, LiveCall, LiveSocketCall
from harness.server.calls.recording import Recording
from harness.server.calls.sideband import MOST_SIDEBANDS, Sideband
from harness.server.faults.sources import answer_for, connect_within_s, offer_for
from harness.server.http.auth import require_api_key
from harness.server.http.body import json_object
from harness.server.http.errors import Refusal
from harness.server.http.event_socket import EventSocket
from harness.server.routes.calls import refuse_if_full, spoil
from harness.server.routes.state import STATE, ServerState
from harness.speech.interface import SpeechDetector

LIVE_PATH = "/v1/live/sessions"
PREFIX = "live_"
NOT_HERE = {
    "accept": "This server takes no telephone calls.",
    "reject": "This server takes no telephone calls.",
    "refer": "This server takes no telephone calls.",
    "fork": "This server stores no sessions, so there is nothing to fork.",
}


def add_live(app: web.Application) -> None:
    """Add the routes to an application with a `ServerState`."""
    app.router.add_post(LIVE_PATH, begin_session)
    app.router.add_get(LIVE_PATH, begin_on_socket)
    app.router.add_get(LIVE_PATH + "/{session_id}/attach", attach)
    app.router.add_post(LIVE_PATH + "/{session_id}/hangup", hang_up)
    app.router.add_get(LIVE_PATH + "/{session_id}/content", refuse_content)
    for action in NOT_HERE:
        app.router.add_post(LIVE_PATH + "/{session_id}/" + action, refuse_action)


async def begin_session(request: web.Request) -> web.Response:
    """`POST /v1/live/sessions`: the SDP answer to an offer, and a session that runs from then on.

    Raises:
        Refusal: 400 for what is wrong in the body, 401, 429.
    """
    state = request.app[STATE]
    require_api_key(request)
    refuse_query(request)
    faults = await state.fault_sources.meet(request, "calls", state.assistants.current)
    body = await json_object(request)
    try:
        CREATE.check(body, "")
    except ProtocolError as error:
        raise _refused(error) from error
    refuse_if_full(state)
    with state.calls.place():
        call, answer = await _answered(state, body, faults)
    if request.transport is None or request.transport.is_closing():
        call.end("the client is gone")
    made = {"session": {"id": call.call_id}, "transport": {"type": "webrtc", "sdp": answer}}
    return web.json_response(made, status=201)


async def _answered(
    state: ServerState, body: dict[str, Any], faults: tuple[Any, ...]
) -> tuple[LiveCall, str]:
    """A running call and its SDP answer."""
    detector = await state.speech.detector()
    try:
        session_id = _new_id(state)
        session = _session(state, body["session"], session_id, "webrtc", detector, faults)
        call = LiveCall(
            session_id,
            session,
            state.make_peer,
            state.speech,
            MonotonicClock(),
            Recording() if state.is_recording else None,
            connect_within_s(faults, state.limits.connect_s),
        )
        answer = await call.answer(offer_for(body["transport"]["sdp"], faults))
    except BaseException as error:
        state.speech.give_back(detector)
        if isinstance(error, ProtocolError):
            raise _refused(error) from error
        if not isinstance(error, NegotiationFailed):
            raise
        message = f"The SDP offer cannot be used: {error.found or error.message}"
        raise Refusal(400, message, "invalid_sdp", "transport.sdp") from error
    spoil(call, faults, state.fault_sources, call.most_message_bytes)
    state.calls.run(call, when_over=lambda: state.speech.give_back(detector))
    if call.injector is not None:
        answer = answer_for(answer, faults, call.injector, state.fault_sources.note_for(call))
    return call, answer


async def begin_on_socket(request: web.Request) -> web.StreamResponse:
    """`GET /v1/live/sessions` with an upgrade: the primary WebSocket; it speaks first.

    Raises:
        Refusal: 426 for a request that is no WebSocket; 401, 429.
    """
    state = request.app[STATE]
    _require_upgrade(request)
    require_api_key(request)
    refuse_query(request)
    faults = await state.fault_sources.meet(request, "websocket", state.assistants.current)
    refuse_if_full(state)
    with state.calls.place():
        detector = await state.speech.detector()
        try:
            session_id = _new_id(state)
            session = _session(state, None, session_id, "websocket", detector, faults)
            socket = await EventSocket.accept(request, state.limits.ping_s)
        except BaseException:
            state.speech.give_back(detector)
            raise
        call = LiveSocketCall(session_id, session, state.speech, MonotonicClock(), socket)
        spoil(call, faults, state.fault_sources)
        running = state.calls.run(call, when_over=lambda: state.speech.give_back(detector))
    await running
    return socket.response


async def attach(request: web.Request) -> web.StreamResponse:
    """`GET /v1/live/sessions/{id}/attach`: a second controller, with copies of the audio.

    Raises:
        Refusal: 426 for a request that is no WebSocket; 401, 404, 429.
    """
    _require_upgrade(request)
    require_api_key(request)
    call = find_live(request)
    if call.sidebands >= MOST_SIDEBANDS:
        message = f"This session has {MOST_SIDEBANDS} sidebands already, and takes no more."
        raise Refusal(429, message, "rate_limit_exceeded", kind="rate_limit_error")
    call.sidebands += 1
    try:
        socket = await EventSocket.accept(request, request.app[STATE].limits.ping_s)
        call.live.copies.is_on = True
        await Sideband(call, socket).run()
    finally:
        call.sidebands -= 1
        call.live.copies.is_on = call.sidebands > 0
    return socket.response


async def hang_up(request: web.Request) -> web.Response:
    """`POST /v1/live/sessions/{id}/hangup`: the session closes at once."""
    require_api_key(request)
    find_live(request).end(HUNG_UP)
    return web.Response(status=200)


async def refuse_action(request: web.Request) -> web.Response:
    """Refuse what belongs to telephone calls, and to stored sessions.

    Raises:
        Refusal: 400, always.
    """
    require_api_key(request)
    message = NOT_HERE[request.path.rsplit("/", 1)[1]]
    raise Refusal(400, message, f"{OURS}unsupported", "session_id")


async def refuse_content(request: web.Request) -> web.Response:
    """Refuse the recording of a session.

    Raises:
        Refusal: 404, always: none is stored.
    """
    require_api_key(request)
    raise Refusal(404, "This server stores no recordings.", f"{OURS}not_stored", "session_id")


def find_live(request: web.Request) -> LiveCall:
    """A running session over WebRTC.

    Raises:
        Refusal: 404, where there is none of this id.
    """
    call = request.app[STATE].calls.find(request.match_info["session_id"])
    if not isinstance(call, LiveCall):
        message = "There is no running session over WebRTC of this id."
        raise Refusal(404, message, f"{OURS}session_not_found", "session_id")
    return call


def refuse_query(request: web.Request) -> None:
    """Everything is in the session: the address takes no parameters.

    Raises:
        Refusal: 400, where it has some.
    """
    for name in request.query:
        raise Refusal(400, f"Unknown parameter: '{name}'.", "unknown_parameter", name)


def _require_upgrade(request: web.Request) -> None:
    if request.headers.get("Upgrade", "").strip().lower() != "websocket":
        message = "This is the address of a WebSocket; ask for the upgrade."
        raise Refusal(426, message, "upgrade_required")


def _new_id(state: ServerState) -> str:
    return f"{PREFIX}u{state.worker}_{Ids().letters(21)}"


def _session(
    state: ServerState,
    wanted: dict[str, Any] | None,
    session_id: str,
    transport: Transport,
    detector: SpeechDetector,
    faults: tuple[Any, ...],
) -> LiveSession:
    return LiveSession(
        wanted,
        session_id=session_id,
        assistant=state.assistants.current,
        detector=detector,
        ids=Ids(state.seed),
        unix_time_s=time.time(),
        made_s=MonotonicClock().now_s(),
        transport=transport,
        faults=faults,
    )


def _refused(error: ProtocolError) -> Refusal:
    return Refusal(400, error.message, error.code, error.param)
