"""Calls over HTTP, in the forms and with the refusals that test_app.py does not have."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from harness.peer.backends import peer_factory
from harness.server.http.body import MOST_BODY_BYTES
from harness.server.routes.calls import CALLS_PATH
from harness.server.routes.state import Limits
from tests.support.local_server import API_KEY, WITH_KEY, LocalServer, call_to, local_server
from tests.support.recording_listener import RecordingListener
from tests.support.waiting import until

SDP = {**WITH_KEY, "Content-Type": "application/sdp"}


async def offer_of(peer_engine: str = "wrtc") -> str:
    peer = peer_factory(peer_engine)(RecordingListener())
    try:
        peer.open_channel("oai-events")
        return await peer.create_offer()
    finally:
        await peer.aclose()


async def test_raw_sdp_with_the_api_key_takes_its_model_from_the_url() -> None:
    async with local_server() as server:
        url = f"{CALLS_PATH}?model=gpt-realtime-mini"
        async with server.client.post(url, data=await offer_of(), headers=SDP) as answer:
            assert answer.status == 201
            assert answer.headers["X-Request-Id"].startswith("req_")
            assert answer.headers["Timing-Allow-Origin"] == "*"
        assert server.made_from[0].settings["model"] == "gpt-realtime-mini"


async def test_a_model_that_only_hears_starts_no_call() -> None:
    async with local_server() as server:
        url = f"{CALLS_PATH}?model=whisper-1"
        async with server.client.post(url, data=await offer_of(), headers=SDP) as answer:
            assert answer.status == 400
            assert (await answer.json())["error"]["param"] == "model"


@pytest.mark.parametrize("action", ["accept", "reject", "refer"])
async def test_only_telephone_calls_are_accepted_rejected_and_referred(action: str) -> None:
    """400 for a call that is none, 404 for no call, 401 for nobody."""
    async with local_server() as server, call_to(server) as caller:
        for call_id, headers, status in (
            (caller.call_id, WITH_KEY, 400),
            ("rtc_unknown", WITH_KEY, 404),
            (caller.call_id, {}, 401),
        ):
            path = f"{CALLS_PATH}/{call_id}/{action}"
            async with server.client.post(path, headers=headers, json={}) as answer:
                assert answer.status == status
                assert (await answer.json())["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("path", "instead"),
    [
        ("/v1/realtime?model=gpt-realtime", CALLS_PATH),
        ("/v1/realtime/sessions", "/v1/realtime/client_secrets"),
        ("/v1/realtime/transcription_sessions", "/v1/realtime/client_secrets"),
    ],
)
async def test_what_the_beta_had_names_its_replacement(path: str, instead: str) -> None:
    async with (
        local_server() as server,
        server.client.post(path, headers=WITH_KEY, json={}) as answer,
    ):
        assert answer.status == 400
        error = (await answer.json())["error"]
        assert error["code"] == "beta_api_shape_disabled"
        assert f"Use POST {instead}." in error["message"]


async def test_a_browser_may_send_any_header() -> None:
    """What it asks for in its preflight is allowed."""
    wanted = "authorization,content-type,x-openai-agents-sdk,x_my.header"
    async with local_server() as server:
        headers = {
            "Origin": "https://example.test",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": wanted,
        }
        async with server.client.options(CALLS_PATH, headers=headers) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Headers"] == wanted
            assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def part(name: str, body: str, headers: str = "") -> bytes:
    return (
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n{headers}\r\n{body}\r\n'
    ).encode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (part("sdp", "v=0"), 400),
        (part("sdp", "v=0") + part("sdp", "v=0"), 400),
        (part("sdp", "v=0") + part("session", "[]"), 400),
        (part("sdp", "v=0") + part("session", "{"), 400),
        (part("sdp", "v=0", "Content-Transfer-Encoding: zzz\r\n"), 400),
        (part("sdp", "v=0", "Content-Encoding: zzz\r\n"), 400),
        (part("sdp", "v=0", f"A: {'b' * 100_000}\r\n"), 400),
        (b"--x\r\n\r\nno name\r\n", 400),
        (part("sdp", "x" * (MOST_BODY_BYTES + 1)), 413),
    ],
    ids=range(10),
)
async def test_a_form_of_nonsense_is_refused(body: bytes, status: int) -> None:
    """Whatever is wrong with it, in JSON."""
    headers = {**WITH_KEY, "Content-Type": "multipart/form-data; boundary=x"}
    async with (
        local_server() as server,
        server.client.post(CALLS_PATH, data=body + b"--x--\r\n", headers=headers) as answer,
    ):
        assert answer.status == status
        assert (await answer.json())["error"]["type"] == "invalid_request_error"


async def test_a_form_without_a_length_is_not_read_to_its_end() -> None:
    """aiohttp sees to it, from 3.14 on: see its bound in pyproject.toml."""
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="sdp"\r\n\r\n'
        while len(sent) < 200:
            sent.append(MOST_BODY_BYTES)
            yield b"x" * MOST_BODY_BYTES

    headers = {**WITH_KEY, "Content-Type": "multipart/form-data; boundary=x"}
    async with (
        local_server() as server,
        server.client.post(CALLS_PATH, data=endless(), headers=headers) as answer,
    ):
        assert answer.status == 413
    assert len(sent) < 200


async def test_a_form_of_plain_fields_begins_a_call() -> None:
    """Parts without a type of their own, as `fetch` sends them."""
    body = part("sdp", await offer_of()) + part("session", '{"type": "realtime"}') + b"--x--\r\n"
    headers = {**WITH_KEY, "Content-Type": "multipart/form-data; boundary=x"}
    async with (
        local_server() as server,
        server.client.post(CALLS_PATH, data=body, headers=headers) as answer,
    ):
        assert answer.status == 201


async def test_a_secret_begins_a_call_and_no_more() -> None:
    """Neither with a form, which could change its session, nor may it hang up."""
    async with local_server() as server, call_to(server) as caller:
        async with server.client.post("/v1/realtime/client_secrets", headers=WITH_KEY) as minted:
            secret = {"Authorization": f"Bearer {(await minted.json())['value']}"}
        form = {**secret, "Content-Type": "multipart/form-data; boundary=x"}
        body = part("sdp", await offer_of()) + b"--x--\r\n"
        async with server.client.post(CALLS_PATH, data=body, headers=form) as answer:
            assert answer.status == 415
        for headers in (secret, {}, {"Authorization": "Bearer x"}):
            path = f"{CALLS_PATH}/{caller.call_id}/hangup"
            async with server.client.post(path, headers=headers) as answer:
                assert answer.status == 401
        assert [call.call_id for call in server.state.calls.running] == [caller.call_id]


async def raw(server: LocalServer, text: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection of its own, and the beginning of a request on it."""
    port = server.client.server.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text.replace("\n", "\r\n").encode())
    return reader, writer


HALF = f"""POST {CALLS_PATH} HTTP/1.1
Host: 127.0.0.1
Authorization: Bearer {API_KEY}
Content-Type: application/sdp
Content-Length: 1000

v=0
"""


async def test_a_body_that_stops_half_way_is_given_up() -> None:
    """408, within the limit; no call was begun."""
    async with local_server(limits=Limits(body_s=0.2)) as server:
        reader, writer = await raw(server, HALF)
        status = await asyncio.wait_for(reader.readline(), 5)
        assert b" 408 " in status
        writer.close()
        assert not server.sessions


async def test_a_client_that_vanishes_with_half_a_body_leaves_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither a call nor a complaint: it is nobody's mistake here."""
    async with local_server() as server:
        _, writer = await raw(server, HALF)
        await asyncio.sleep(0.05)
        writer.transport.abort()
        async with server.client.get("/harness/calls", headers=WITH_KEY) as answer:
            assert (await answer.json())["calls"] == []
        assert not server.sessions
    assert "broke" not in caplog.text


async def test_a_call_that_never_connects_is_given_up() -> None:
    """Its client got an answer, and was not seen again."""
    async with local_server(limits=Limits(connect_s=0.3)) as server:
        async with server.client.post(CALLS_PATH, data=await offer_of(), headers=SDP) as answer:
            call_id = answer.headers["Location"].rsplit("/", 1)[1]
        await until(lambda: server.state.calls.find_ended(call_id) is not None)
        ended = server.state.calls.find_ended(call_id)
        assert ended is not None
        assert ended.because == "no connection within 0.3 s"
