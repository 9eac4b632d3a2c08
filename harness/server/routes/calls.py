"""Calls over HTTP: begun with an SDP offer, hung up, and what only telephone calls have."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from harness.clock import MonotonicClock
from harness.errors import NegotiationFailed
from harness.realtime.ids import Ids
from harness.realtime.session_object import is_transcription
from harness.server.calls.call_runner import CallRunner
from harness.server.calls.recording import Recording
from harness.server.calls.webrtc_call import Call
from harness.server.faults.sources import (
    FaultSources,
    answer_for,
    channel_id_for,
    connect_within_s,
    offer_for,
)
from harness.server.http.auth import BETA_CODE, authorised, refuse_beta, require_api_key
from harness.server.http.body import (
    read_offer,
    wanted_channel_id,
    wanted_model,
    wanted_session,
    with_model,
)
from harness.server.http.errors import Refusal, preflight
from harness.server.routes.state import STATE, NewSession, ServerState
from harness.speech.interface import SpeechDetector

CALLS_PATH = "/v1/realtime/calls"
SECRETS_PATH = "/v1/realtime/client_secrets"
CALL_PREFIX = "rtc_"
REPLACED_BY = {
    "/v1/realtime": CALLS_PATH,
    "/v1/realtime/sessions": SECRETS_PATH,
    "/v1/realtime/transcription_sessions": SECRETS_PATH,
}
"""What the beta had, by POST, and where it is found now."""


def add_calls(app: web.Application) -> None:
    """Add the routes of calls to an application with a `ServerState`."""
    app.router.add_post(CALLS_PATH, begin_call)
    app.router.add_options(CALLS_PATH, preflight)
    app.router.add_post(CALLS_PATH + "/{call_id}/hangup", hang_up)
    for action in ("accept", "reject", "refer"):
        app.router.add_post(CALLS_PATH + "/{call_id}/" + action, refuse_no_telephone)
    for path in REPLACED_BY:
        app.router.add_post(path, refuse_replaced)


async def begin_call(request: web.Request) -> web.Response:
    """`POST /v1/realtime/calls`: the SDP answer to an offer, and a call that runs from then on."""
    state = request.app[STATE]
    refuse_beta(request)
    secret = authorised(request)
    faults = await state.fault_sources.meet(request, "calls", state.assistants.current, secret)
    offer, partial = await read_offer(
        request, is_multipart_allowed=secret is None, within_s=state.limits.body_s
    )
    model, channel_id = wanted_model(request), wanted_channel_id(request)
    if secret is None and partial is None and model is not None:
        partial = {"type": "realtime", "model": model}
    session = _session_of_call(partial) if secret is None else secret.session
    session = with_model(session, model)
    refuse_if_full(state)
    with state.calls.place():
        call, answer = await answered(state, session, offer, faults, channel_id)
    if request.transport is None or request.transport.is_closing():
        call.end("the client is gone")
    headers = {"Location": f"{CALLS_PATH}/{call.call_id}"}
    # The schema says application/sdp; the hosted service sends plain text, and so do we.
    return web.Response(status=201, text=answer, headers=headers)


def _session_of_call(partial: Any) -> dict[str, Any]:
    """What a call with a key starts with; for a transcription the contract wants a secret."""
    session = wanted_session(partial)
    if is_transcription(session):
        message = "Invalid value: 'transcription'. Supported values are: 'realtime'."
        raise Refusal(400, message, "invalid_value", "session.type")
    return session


def refuse_if_full(state: ServerState) -> None:
    """Refuse one call rather than starve all.

    Raises:
        Refusal: 429, where there is no room.
    """
    if state.calls.is_full:
        message = "This server is full. Try again when a call has ended."
        raise Refusal(429, message, "rate_limit_exceeded", kind="rate_limit_error")


async def answered(
    state: ServerState,
    settings: dict[str, Any],
    offer: str,
    faults: tuple[Any, ...],
    channel_id: int | None,
) -> tuple[Call, str]:
    """A running call and its SDP answer; its session begins when the client is connected.

    Raises:
        Refusal: 400 for an offer that cannot be used.
    """
    detector = await state.speech.detector()
    try:
        call = _new_call(state, settings, detector, faults)
        sources = state.fault_sources
        channel_id = channel_id_for(
            channel_id, faults, sources.note_for(call), sources.clock.now_s()
        )
        answer = await call.answer(offer_for(offer, faults), channel_id)
    except BaseException as error:
        state.speech.give_back(detector)
        if not isinstance(error, NegotiationFailed):
            raise
        message = f"The SDP offer cannot be used: {error.found or error.message}"
        raise Refusal(400, message, "invalid_sdp", "sdp") from error
    spoil(call, faults, state.fault_sources, call.most_message_bytes)
    state.calls.run(call, when_over=lambda: state.speech.give_back(detector))
    if call.injector is not None:
        answer = answer_for(answer, faults, call.injector, state.fault_sources.note_for(call))
    return call, answer


def spoil(
    call: CallRunner,
    faults: tuple[Any, ...],
    fault_sources: FaultSources,
    most_bytes: int = 16_000_000,
) -> None:
    """Give a call its faults; one without any has a rule's, should it come to one."""
    if faults:
        call.injector = fault_sources.injector(call, faults, most_bytes)
    else:
        call.make_spoiler = lambda: fault_sources.injector(call, (), most_bytes)


def _new_call(
    state: ServerState,
    settings: dict[str, Any],
    detector: SpeechDetector,
    faults: tuple[Any, ...],
) -> Call:
    tail = Ids().letters(21)
    new = NewSession(
        session_id=f"sess_u{state.worker}_{tail}",
        settings=settings,
        assistant=state.assistants.current,
        detector=detector,
        seed=state.seed,
        faults=faults,
    )
    return Call(
        f"{CALL_PREFIX}u{state.worker}_{tail}",
        state.make_session(new),
        state.make_peer,
        state.speech,
        MonotonicClock(),
        Recording() if state.is_recording else None,
        connect_within_s(faults, state.limits.connect_s),
    )


async def hang_up(request: web.Request) -> web.Response:
    """`POST /v1/realtime/calls/{call_id}/hangup`."""
    require_api_key(request)
    find_call(request, request.match_info["call_id"]).end("hung up")
    return web.Response(status=200)


async def refuse_no_telephone(request: web.Request) -> web.Response:
    """`POST .../accept`, `reject` and `refer`, which a call from a page does not have.

    Raises:
        Refusal: 400 for every call there is, 404 for any other.
    """
    require_api_key(request)
    find_call(request, request.match_info["call_id"])
    action = request.path.rsplit("/", 1)[1]
    message = f"Only a SIP call can be asked to '{action}'; this call came over WebRTC."
    raise Refusal(400, message, "unsupported_call_type", "call_id")


async def refuse_replaced(request: web.Request) -> web.Response:
    """Refuse what only the beta had.

    Raises:
        Refusal: 400, always.
    """
    message = (
        f"POST {request.path} belongs to the beta shape of this API, which is gone. "
        f"Use POST {REPLACED_BY[request.path]}."
    )
    raise Refusal(400, message, BETA_CODE)


def find_call(request: web.Request, call_id: str) -> CallRunner:
    """A running call with a peer connection.

    Raises:
        Refusal: there is none of this id.
    """
    call = request.app[STATE].calls.find(call_id)
    if call is None or not call_id.startswith(CALL_PREFIX):
        raise no_call()
    return call


def no_call() -> Refusal:
    """The answer to an unknown call id."""
    return Refusal(404, "No session found for the provided call_id", "call_id_not_found", "")
