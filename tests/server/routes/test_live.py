"""Live over HTTP: real WebRTC, real WebSockets, the session as it is; speech alone is a fake."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from harness.audio import pcm16
from harness.peer.backends import peer_factory
from harness.realtime.faults.parse import HEADER
from harness.server.calls.sideband import MOST_SIDEBANDS
from harness.server.routes.live import LIVE_PATH
from tests.support.live_driver import MODEL
from tests.support.local_server import EVENTS, WITH_KEY, Caller, LocalServer, local_server
from tests.support.recording_listener import RecordingListener
from tests.support.session_driver import silence, spoken
from tests.support.sockets import SocketClient
from tests.support.waiting import until

Refused = tuple[int, str, str | None]


async def posted(server: LocalServer, body: Any, path: str = LIVE_PATH, **headers: str) -> Refused:
    """The refusal of a request."""
    async with server.client.post(path, json=body, headers={**WITH_KEY, **headers}) as answer:
        error = (await answer.json())["error"]
        return answer.status, error["code"], error["param"]


@asynccontextmanager
async def live_call(
    server: LocalServer, session: dict[str, Any] | None = None
) -> AsyncIterator[Caller]:
    """A connected session over WebRTC, as a page's backend and its page make it."""
    listener = RecordingListener()
    peer = peer_factory("wrtc")(listener)
    try:
        peer.open_channel(EVENTS)
        offer = await peer.create_offer()
        body = {"session": session or MODEL, "transport": {"type": "webrtc", "sdp": offer}}
        async with server.client.post(LIVE_PATH, json=body, headers=WITH_KEY) as answer:
            assert answer.status == 201, await answer.text()
            made = await answer.json()
        assert set(made) == {"session", "transport"}
        sdp = made["transport"]["sdp"]
        await peer.accept_answer(sdp)
        await listener.until(lambda: EVENTS in listener.opened)
        yield Caller(peer, listener, made["session"]["id"], EVENTS, sdp)
    finally:
        await peer.aclose()


@asynccontextmanager
async def socket_at(server: LocalServer, path: str) -> AsyncIterator[SocketClient]:
    async with server.client.ws_connect(path, headers=WITH_KEY, max_msg_size=0) as socket:
        yield SocketClient(socket)


async def test_a_session_over_webrtc_from_its_offer_to_its_last_event() -> None:
    """A sideband sees all of it, with copies of the sound, and its own goodbye ends nothing."""
    async with local_server() as server, live_call(server) as page:
        started = await page.event("session.started")
        assert started["session"]["id"] == page.call_id
        assert page.call_id.startswith("live_")
        attach = f"{LIVE_PATH}/{page.call_id}/attach"
        async with socket_at(server, attach + "?graceful_close=true") as sideband:
            await sideband.send(type="session.input_audio.mute", event_id="m")
            assert (await sideband.event("session.input_audio.muted"))["client_event_id"] == "m"
            await page.event("session.input_audio.muted")
            copy = await sideband.event("session.output_audio.delta")
            assert copy["end_ms"] > copy["start_ms"]
        call = server.state.calls.find(page.call_id)
        assert call is not None
        await until(lambda: call.sidebands == 0)
        async with socket_at(server, attach) as sideband:
            page.send(type="session.close", event_id="c")
            closed = await page.event("session.closed")
            assert (closed["reason"], closed["client_event_id"]) == ("close_requested", "c")
            assert (await sideband.event("session.closed"))["event_id"] == closed["event_id"]
            assert (await sideband.closed())[0] == 1000
        kinds = {event["type"] for event in page.events()}
        assert not kinds & {"session.output_audio.delta", "session.input_audio.append"}


async def test_a_sideband_learns_who_left_and_a_hang_up_is_told_to_all() -> None:
    async with local_server() as server:
        async with live_call(server) as page:
            await page.event("session.started")
            attach = f"{LIVE_PATH}/{page.call_id}/attach"
            async with socket_at(server, attach) as sideband:
                await page.peer.aclose()
                closed = await sideband.event("session.closed", 20.0)
                assert closed["reason"] in ("remote_hangup", "connection_lost")
        async with live_call(server) as page:
            await page.event("session.started")
            hangup = f"{LIVE_PATH}/{page.call_id}/hangup"
            async with server.client.post(hangup, headers=WITH_KEY) as answer:
                assert (answer.status, await answer.read()) == (200, b"")
            assert (await page.event("session.closed"))["reason"] == "close_requested"


async def test_a_restricted_channel_gets_and_sends_what_it_may() -> None:
    channel = {"allowed_client_events": ["session.close"], "allowed_server_events": [
        {"type": "session.started"}, {"type": "session.closed"}]}  # fmt: skip
    session = {**MODEL, "client": {"data_channel": channel}}
    async with local_server() as server, live_call(server, session) as page:
        await page.event("info")
        async with socket_at(server, f"{LIVE_PATH}/{page.call_id}/attach") as sideband:
            page.send(type="session.input_audio.mute")
            error = (await sideband.event("error"))["error"]
            assert error["code"] == "harness_event_not_allowed"
            page.send(type="session.close")
            await page.event("session.closed")
        kinds = [event["type"] for event in page.events()]
        assert kinds == ["session.started", "info", "session.closed"]


async def test_a_session_on_its_own_websocket() -> None:
    """What is said into it comes back in words, and its sound at the pace of the clock."""
    async with local_server(has_real_sessions=True) as server, socket_at(server, LIVE_PATH) as ear:
        await ear.send(type="session.start", session=MODEL, event_id="s")
        assert (await ear.event("session.started"))["client_event_id"] == "s"
        for samples in (spoken(0.8), silence(1.0)):
            await ear.send(type="session.input_audio.append", audio=pcm16.to_base64(samples))
        words = await ear.event("session.output_transcript.delta")
        assert words["end_ms"] - words["start_ms"] == 200
        await ear.send(type="session.close")
        closed = await ear.event("session.closed", 20.0)
        sent = [e for e in ear.events if e["type"] == "session.output_audio.delta"]
        assert len(sent) * 100 <= closed["usage"]["seconds"] * 1000 + 1
        assert (await ear.closed())[0] == 1000


async def test_a_websocket_that_does_not_start_a_session_is_told_why() -> None:
    async with local_server() as server, socket_at(server, LIVE_PATH) as ear:
        await ear.send(type="session.update", session={})
        assert (await ear.next())["type"] == "error"
        await ear.closed()


async def test_a_websocket_that_says_nothing_is_closed_with_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("harness.live.beginning.START_WITHIN_S", 0.0)
    async with local_server() as server:
        async with socket_at(server, LIVE_PATH) as ear:
            assert (await ear.event("error"))["error"]["code"] == "harness_not_started"
            code, reason = await ear.closed()
            assert (code, "session.start" in reason) == (1008, True)
        await until(lambda: not server.state.calls.running)


async def test_what_is_wrong_is_refused_in_json() -> None:
    """By its path; and nothing began."""
    webrtc = {"type": "webrtc", "sdp": "v=0"}
    async with local_server() as server:
        assert await posted(server, {"session": MODEL}) == (
            400,
            "missing_required_parameter",
            "transport",
        )
        body = {"session": {**MODEL, "tools": []}, "transport": webrtc}
        assert await posted(server, body) == (400, "unknown_parameter", "session.tools")
        body = {"session": MODEL, "transport": webrtc}
        assert await posted(server, body) == (400, "invalid_sdp", "transport.sdp")
        assert (await posted(server, body, f"{LIVE_PATH}?model=m"))[1] == "unknown_parameter"
        assert (await posted(server, body, Authorization="Bearer ek_1"))[0] == 401
        for action, status in (("hangup", 404), ("fork", 400), ("accept", 400)):
            refused = await posted(server, {}, f"{LIVE_PATH}/live_u0_x/{action}")
            assert refused[0] == status
        for path in (LIVE_PATH, f"{LIVE_PATH}/live_u0_x/attach"):
            async with server.client.get(path, headers=WITH_KEY) as answer:
                assert answer.status == 426
        async with server.client.get(f"{LIVE_PATH}/live_1/content", headers=WITH_KEY) as answer:
            assert answer.status == 404
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused_socket:
            await server.client.ws_connect(f"{LIVE_PATH}/live_u0_x/attach", headers=WITH_KEY)
        assert refused_socket.value.status == 404
        assert not server.state.calls.running


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
async def test_a_fault_refuses_the_request(status: int) -> None:
    faults = {HEADER: f"http_error; status={status}"}
    async with local_server() as server:
        body = {"session": MODEL, "transport": {"type": "webrtc", "sdp": "v=0"}}
        assert (await posted(server, body, **faults))[0] == status


async def test_a_full_server_and_a_full_session_say_so() -> None:
    async with local_server() as server, live_call(server) as page:
        await page.event("session.started")
        call = server.state.calls.find(page.call_id)
        assert call is not None
        call.sidebands = MOST_SIDEBANDS
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await server.client.ws_connect(f"{LIVE_PATH}/{page.call_id}/attach", headers=WITH_KEY)
        assert refused.value.status == 429
        call.sidebands = 0
        server.state.calls.most = 1
        body = {"session": MODEL, "transport": {"type": "webrtc", "sdp": "v=0"}}
        assert await posted(server, body) == (429, "rate_limit_exceeded", None)
