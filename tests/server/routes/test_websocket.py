"""Who gets a WebSocket, for which session, and what is said to the others."""

from __future__ import annotations

import json
import logging

import pytest

from harness.server.calls.registry import Calls
from harness.server.routes.state import Limits
from tests.support.local_server import API_KEY, WITH_KEY, call_to, local_server
from tests.support.sockets import MODEL, PATH, refused, socket_to
from tests.support.waiting import until

BETA = "invalid_request_error.beta_api_shape_disabled"


async def test_a_program_connects_with_its_key() -> None:
    """The session is the URL's, over a WebSocket; its first event is the first message."""
    async with local_server() as server, socket_to(server) as client:
        assert (await client.next())["type"] == "session.created"
        (new,) = server.made_from
        assert (new.settings["model"], new.transport) == ("gpt-realtime", "websocket")
        await client.send(hello="there")
        assert (await client.event("echo"))["text"] == '{"hello": "there"}'


@pytest.mark.parametrize("extra", [[], ["openai-agents-sdk.0.20.0"], ["openai-organization.o"]])
async def test_a_page_connects_with_a_secret_among_the_subprotocols(extra: list[str]) -> None:
    """The server selects `realtime`, and never the key."""
    async with local_server() as server:
        session = {"type": "realtime", "instructions": "Be brief."}
        body = {"session": session}
        async with server.client.post(
            "/v1/realtime/client_secrets", headers=WITH_KEY, json=body
        ) as minted:
            secret = (await minted.json())["value"]
        protocols = ["realtime", f"openai-insecure-api-key.{secret}", *extra]
        async with socket_to(server, headers={}, protocols=protocols) as client:
            await client.event("session.created")
            assert client.socket.protocol == "realtime"
            assert server.made_from[0].settings["instructions"] == "Be brief."


@pytest.mark.parametrize("query", [MODEL, "?call_id=rtc_x", ""])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer sk-wrong"},
        {"Authorization": "Bearer ek_wrong"},
        {"Sec-WebSocket-Protocol": "realtime, openai-insecure-api-key.ek_wrong"},
    ],
)
async def test_without_a_good_key_there_is_no_handshake(
    query: str, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """401 in JSON; the key given is repeated nowhere."""
    caplog.set_level(logging.DEBUG)
    async with local_server() as server:
        status, answer = await refused(server, query, headers=headers)
        assert status == 401
        assert answer["error"]["code"] in ("invalid_api_key", "missing_api_key")
        assert "wrong" not in json.dumps(answer) + caplog.text


async def test_subprotocols_without_ours_are_refused(caplog: pytest.LogCaptureFixture) -> None:
    """No browser would take an answer that selects none of them; the key is not logged."""
    headers = {"Sec-WebSocket-Protocol": f"openai-insecure-api-key.{API_KEY}"}
    async with local_server() as server:
        status, answer = await refused(server, MODEL, headers=headers)
        assert (status, answer["error"]["code"]) == (400, "unsupported_subprotocol")
    assert API_KEY not in caplog.text


@pytest.mark.parametrize("query", [MODEL, "?call_id=rtc_x"])
async def test_the_beta_is_closed_as_soon_as_it_is_open(query: str) -> None:
    """With the code and the reason that its clients know."""
    headers = {**WITH_KEY, "OpenAI-Beta": "realtime=v1"}
    async with local_server() as server, socket_to(server, query, headers) as client:
        assert await client.closed() == (4000, BETA)
        assert client.events == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "missing_model"),
        ("?model=", "invalid_model"),
        ("?model=gpt-4o-transcribe", "invalid_model"),
    ],
)
async def test_a_session_that_cannot_be_is_told_and_closed(query: str, code: str) -> None:
    """By an error event, for a page cannot see why a handshake was refused."""
    async with local_server() as server, socket_to(server, query) as client:
        assert await client.closed() == (4000, f"invalid_request_error.{code}")
        (event,) = client.events
        assert (event["error"]["code"], event["error"]["param"]) == (code, "model")
        assert not server.sessions


async def test_an_intent_is_another_kind_of_session() -> None:
    """Its model is what transcribes."""
    async with local_server() as server:
        query = "?intent=transcription&model=gpt-4o-transcribe"
        async with socket_to(server, query) as client:
            await client.event("session.created")
            settings = server.made_from[0].settings
            assert settings["type"] == "transcription"
            assert settings["audio"]["input"]["transcription"]["model"] == "gpt-4o-transcribe"


async def test_a_request_that_is_no_handshake_is_told_so() -> None:
    async with local_server() as server, server.client.get(PATH, headers=WITH_KEY) as answer:
        assert answer.status == 426
        assert (await answer.json())["error"]["code"] == "upgrade_required"


@pytest.mark.parametrize("broken", [{"Sec-WebSocket-Key": "x"}, {"Sec-WebSocket-Version": "1"}])
async def test_a_broken_handshake_is_refused_and_takes_no_place(broken: dict[str, str]) -> None:
    async with local_server() as server:
        status, _ = await refused(server, MODEL, headers={**WITH_KEY, **broken})
        assert status == 400
        assert not server.state.calls.running


async def test_a_full_server_refuses() -> None:
    """429; a place is free again when a socket is closed."""
    async with local_server(calls=Calls(most=1)) as server:
        async with socket_to(server) as client:
            await client.event("session.created")
            status, answer = await refused(server, MODEL, headers=WITH_KEY)
            assert (status, answer["error"]["code"]) == (429, "rate_limit_exceeded")
        await until(lambda: not server.state.calls.running)
        async with socket_to(server) as client:
            await client.event("session.created")


@pytest.mark.parametrize("call_id", ["", "rtc_unknown", "sess_x"])
async def test_no_sideband_without_its_call(call_id: str) -> None:
    """404, in the body of the calls service."""
    async with local_server() as server:
        status, answer = await refused(server, f"?call_id={call_id}", headers=WITH_KEY)
        assert status == 404
        assert (answer["error"]["code"], answer["error"]["param"]) == ("call_id_not_found", "")


async def test_a_socket_is_no_call_to_join_or_to_hang_up() -> None:
    """Only what has media beside its events."""
    async with local_server() as server, socket_to(server) as client:
        await client.event("session.created")
        call_id = server.state.calls.running[0].call_id
        status, _ = await refused(server, f"?call_id={call_id}", headers=WITH_KEY)
        assert status == 404
        path = f"/v1/realtime/calls/{call_id}/hangup"
        async with server.client.post(path, headers=WITH_KEY) as answer:
            assert answer.status == 404


async def test_a_sideband_needs_the_api_key() -> None:
    """A page's secret starts sessions; it controls none beside."""
    async with local_server() as server, call_to(server) as caller:
        async with server.client.post("/v1/realtime/client_secrets", headers=WITH_KEY) as minted:
            secret = (await minted.json())["value"]
        headers = {"Authorization": f"Bearer {secret}"}
        status, _ = await refused(server, f"?call_id={caller.call_id}", headers=headers)
        assert status == 401


async def test_a_client_that_vanishes_frees_its_call() -> None:
    """It answers no ping: its machine is gone, and nobody said goodbye."""
    async with (
        local_server(limits=Limits(ping_s=0.2)) as server,
        socket_to(server, autoping=False) as client,
    ):
        await client.event("session.created")
        await until(lambda: not server.state.calls.running)
