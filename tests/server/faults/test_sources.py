"""Where faults come from, and what requests and calls get of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest

from harness.audio.pcm16 import from_base64
from harness.peer.backends import peer_factory
from harness.peer.sdp import media_kinds
from harness.realtime.faults.parse import HEADER, read_faults
from harness.realtime.server.assistants.script import Script
from harness.server.faults.sources import FaultSources
from tests.support.local_server import WITH_KEY, LocalServer, call_to, local_server
from tests.support.recording_listener import RecordingListener
from tests.support.sockets import MODEL, refused, socket_to
from tests.support.waiting import until

SECRETS, CALLS = "/v1/realtime/client_secrets", "/v1/realtime/calls"


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as started:
        yield started


async def mint(server: LocalServer, faults: str = "") -> tuple[int, dict[str, Any]]:
    headers = WITH_KEY | ({HEADER: faults} if faults else {})
    answer = await server.client.post(SECRETS, headers=headers)
    return answer.status, await answer.json()


async def an_offer() -> str:
    peer = peer_factory("wrtc")(RecordingListener())
    peer.open_channel("oai-events")
    offer = await peer.create_offer()
    await peer.aclose()
    return offer


async def begin(
    server: LocalServer, faults: str = "", key: str | None = None
) -> tuple[int, str, dict[str, str]]:
    """A call's status, body and headers."""
    headers = {**WITH_KEY, "Content-Type": "application/sdp"}
    headers |= {HEADER: faults} if faults else {}
    headers |= {"Authorization": f"Bearer {key}"} if key else {}
    answer = await server.client.post(CALLS, data=await an_offer(), headers=headers)
    return answer.status, await answer.text(), dict(answer.headers)


def applied(server: LocalServer) -> list[str]:
    return [one["name"] for one in server.state.fault_sources.log.since(-1)]


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503, 418, 599])
async def test_a_request_is_refused_in_the_contracts_shape(
    server: LocalServer, status: int
) -> None:
    code, body = await mint(server, f"http_error; status={status}; retry_after_s=3")
    assert code == status
    assert set(body["error"]) == {"message", "type", "code", "param"}
    assert applied(server) == ["http_error"]
    code, text, headers = await begin(server, f"http_error; status={status}; retry_after_s=3")
    assert code == status
    assert json.loads(text)["error"]["message"]
    assert headers["Retry-After"] == "3"


async def test_the_server_counts_and_a_header_concerns_its_request_alone(
    server: LocalServer,
) -> None:
    server.state.fault_sources.set(
        read_faults(["http_error; status=429; times=1; on=client_secrets"])
    )
    assert [(await mint(server))[0] for _ in range(2)] == [429, 200]
    assert (await mint(server, "http_error; status=403"))[0] == 403
    assert (await mint(server))[0] == 200


async def test_a_secret_carries_the_faults_it_was_minted_with(server: LocalServer) -> None:
    _, minted = await mint(server, "http_error; status=429; on=calls; times=1, sdp_malformed")
    key = minted["value"]
    assert "faults" not in minted
    assert (await begin(server, key=key))[0] == 429
    status, answer, _ = await begin(server, key=key)
    assert status == 201
    assert media_kinds(answer)[-1:] != ["application"]
    assert applied(server) == ["http_error", "sdp_malformed"]
    assert server.made_from[-1].faults[-1].name == "sdp_malformed"


async def test_an_expired_secret_is_refused(server: LocalServer) -> None:
    _, minted = await mint(server, "expired_secret")
    status, text, _ = await begin(server, key=minted["value"])
    assert (status, json.loads(text)["error"]["code"]) == (401, "invalid_api_key")
    assert (await begin(server, "expired_secret"))[0] == 201  # no secret that could expire


async def test_a_page_with_a_secret_cannot_crash_the_server(server: LocalServer) -> None:
    """Unless whoever has the API key minted its secret so."""
    _, minted = await mint(server)
    status, text, _ = await begin(server, "server_crash", key=minted["value"])
    assert (status, json.loads(text)["error"]["code"]) == (403, "invalid_faults")
    _, minted = await mint(server, "server_crash; on=never")
    assert (await begin(server, key=minted["value"]))[0] == 201


async def test_a_slow_answer_is_an_answer(server: LocalServer) -> None:
    assert (await mint(server, "http_slow; delay_s=0.05"))[0] == 200
    assert applied(server) == ["http_slow"]


async def test_a_wrong_header_says_what_was_meant(server: LocalServer) -> None:
    for post in (await mint(server, "event_lat"), (await begin(server, "event_lat"))[:2]):
        status, body = post
        error = (json.loads(body) if isinstance(body, str) else body)["error"]
        assert (status, error["code"]) == (400, "invalid_faults")
        assert "did you mean event_late?" in error["message"]


@pytest.mark.parametrize(
    ("fault", "lacks"),
    [("no_ice", "a=candidate"), ("sdp_wrong; what=no_data", "m=application")],
)
async def test_the_answer_is_changed(server: LocalServer, fault: str, lacks: str) -> None:
    status, answer, _ = await begin(server, fault)
    assert status == 201
    assert lacks not in answer
    assert lacks in (await begin(server))[1]


@pytest.mark.parametrize("engine", ["wrtc", "aiortc"])
async def test_audio_flows_and_the_channel_never_opens(engine: str) -> None:
    async with local_server(engine) as server:
        listener = RecordingListener()
        peer = peer_factory("wrtc")(listener)
        peer.open_channel("oai-events")
        headers = {**WITH_KEY, "Content-Type": "application/sdp", HEADER: "channel_never_opens"}
        offer = await peer.create_offer()
        answer = await server.client.post(CALLS, data=offer, headers=headers)
        await peer.accept_answer(await answer.text())
        await listener.until(lambda: len(listener.audio) > 50)
        assert not listener.opened
        call = server.state.calls.running[0]
        assert not call.is_open
        assert call.injector is not None
        assert call.injector.relay is not None
        call.injector.relay.blocks_data = False  # it was the relay that kept it from opening
        await listener.until(lambda: "oai-events" in listener.opened, 30)
        await peer.aclose()
        await until(lambda: not server.state.calls.running)
    assert applied(server) == ["channel_never_opens"]


async def test_ice_fails_in_mid_call(server: LocalServer) -> None:
    server.state.fault_sources.set(read_faults(["ice_fails; on=echo"]))
    async with call_to(server) as caller:
        caller.send(hello="there")
        await until(lambda: applied(server) == ["ice_fails"])
        await until(lambda: caller.peer.connection_state == "disconnected", 20)
        assert not caller.listener.closed  # no goodbye came through
    await until(lambda: not server.state.calls.running, 20)


async def test_the_channel_closes_and_the_call_goes_on(server: LocalServer) -> None:
    server.state.fault_sources.set(read_faults(["channel_closes; on=echo; after_s=0"]))
    async with call_to(server) as caller:
        caller.send(hello="there")
        await caller.listener.until(lambda: "oai-events" in caller.listener.closed)
        heard = len(caller.listener.audio)
        await caller.listener.until(lambda: len(caller.listener.audio) > heard + 10)
        assert [call.call_id for call in server.state.calls.running] == [caller.call_id]
    assert applied(server) == ["channel_closes"]


async def test_over_a_websocket_audio_and_events_are_spoilt_too() -> None:
    async with local_server(has_real_sessions=True) as server:
        server.state.assistants.follow(
            Script.model_validate(
                {"rules": [{"say": "one two three", "faults": ["audio_silence", "no_rate_limits"]}]}
            )
        )
        headers = {**WITH_KEY, HEADER: "event_doubled; events=response.done"}
        async with socket_to(server, headers=headers) as client:
            await client.send(type="response.create")
            await client.event("response.done")
            await client.event("response.done")
            await client.send(type="session.update", session={"type": "realtime"})
            await client.event("session.updated")
        deltas = [one for one in client.events if one["type"] == "response.output_audio.delta"]
        assert deltas
        assert not any(np.any(from_base64(one["delta"])) for one in deltas)
        assert "rate_limits.updated" not in client.kinds()
    assert set(applied(server)) == {"audio_silence", "no_rate_limits", "event_doubled"}


async def test_a_websocket_is_refused_slow_or_closed_on_demand() -> None:
    async with local_server(has_real_sessions=True) as server:
        status, body = await refused(
            server, MODEL, headers={**WITH_KEY, HEADER: "http_error; status=429; on=websocket"}
        )
        assert (status, body["error"]["code"]) == (429, "rate_limit_exceeded")
        headers = {**WITH_KEY, HEADER: "channel_closes; on=session.created; after_s=0"}
        async with socket_to(server, headers=headers) as client:
            assert await client.closed() == (1011, "The server closed the channel.")
            assert client.kinds() == ["session.created"]
        headers = {**WITH_KEY, HEADER: "session_limit; after_s=0.1"}
        async with socket_to(server, headers=headers) as client:
            short = "Your session hit the maximum duration of 0.1 seconds."
            assert await client.closed() == (1001, short)
            assert client.events[-1]["error"]["message"] == short


async def test_the_assistants_faults_are_counted_until_it_changes() -> None:
    class Assistant:
        faults = read_faults(["http_error; times=1"])

    fault_sources, first = FaultSources(), Assistant()
    request: Any = type("Request", (), {"headers": {}})()
    sources = [fault_sources._sources(request, first, None)[-1] for _ in range(2)]
    assert sources[0] is sources[1]
    assert fault_sources._sources(request, Assistant(), None)[-1] is not sources[0]


async def test_the_agreed_channel_has_another_number(server: LocalServer) -> None:
    headers = {HEADER: "channel_wrong_id"}
    async with call_to(server, headers=headers, channel_id=4):
        (did,) = server.state.fault_sources.log.since(-1)
        assert (did["name"], did["detail"]) == (
            "channel_wrong_id",
            "channel 6 is opened instead of 4",
        )
    async with call_to(server, headers=headers) as caller:  # one that is announced
        caller.send(hello="there")
        await caller.listener.until(lambda: bool(caller.listener.messages))
    assert applied(server) == ["channel_wrong_id"]
