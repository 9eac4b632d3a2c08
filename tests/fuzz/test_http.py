"""Any body, anywhere: an answer of the contract every time, and nothing of the inside in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.peer.backends import peer_factory
from tests.support.fuzzing import SETTINGS, VALUE, changed, changed_lines, check_error, check_text
from tests.support.local_server import WITH_KEY, LocalServer, local_server
from tests.support.recording_listener import RecordingListener

ANSWER_WITHIN_S = 10.0
SECRETS, CALLS = "/v1/realtime/client_secrets", "/v1/realtime/calls"
MINT = {
    "expires_after": {"anchor": "created_at", "seconds": 600},
    "session": {
        "type": "realtime",
        "model": "gpt-realtime",
        "audio": {"output": {"voice": "marin"}},
    },
}
JSON_BODY = (changed(MINT) | VALUE).map(lambda value: json.dumps(value).encode())
RAW_BODY = st.binary(max_size=200) | st.sampled_from([b"[" * 100_000, b"\xff\xfe", b"{", b"0" * 9])
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[LocalServer]:
    async with local_server(has_real_sessions=True) as started:
        yield started


@pytest.fixture(scope="module")
async def offer() -> str:
    peer = peer_factory("wrtc")(RecordingListener())
    peer.open_channel("oai-events")
    made = await peer.create_offer()
    await peer.aclose()
    return made


async def post(server: LocalServer, path: str, **request: object) -> int:
    """The status of an answer that came in time and has the contract's form."""
    async with asyncio.timeout(ANSWER_WITHIN_S):
        async with server.client.post(path, **request) as answer:  # type: ignore[arg-type]
            body = await answer.text()
            if answer.status >= 400:
                check_error(body, str(request))
            else:
                check_text(body if path == SECRETS else "", str(request))
            assert answer.status != 500, body
            return answer.status


async def end_calls(server: LocalServer) -> None:
    await server.state.calls.end_all("enough")


@SETTINGS
@given(body=JSON_BODY | RAW_BODY)
async def test_client_secrets(server: LocalServer, body: bytes) -> None:
    headers = {**WITH_KEY, "Content-Type": "application/json"}
    assert await post(server, SECRETS, data=body, headers=headers) in (200, 400, 413)


@SETTINGS
@given(data=st.data(), content_type=st.sampled_from(["application/sdp", "text/plain", "a/b;=", ""]))
async def test_calls_with_any_sdp(
    server: LocalServer, offer: str, data: st.DataObject, content_type: str
) -> None:
    sdp = data.draw(changed_lines(offer) | st.text(max_size=100))
    headers = {**WITH_KEY, "Content-Type": content_type}
    body = sdp.encode("utf-8", "replace")
    assert await post(server, CALLS, data=body, headers=headers) in (201, 400, 413, 415)
    await end_calls(server)


@SETTINGS
@given(data=st.data())
async def test_calls_with_any_form(server: LocalServer, offer: str, data: st.DataObject) -> None:
    form = aiohttp.FormData()
    names = st.sampled_from(["sdp", "session", "session", "other"])
    for _ in range(data.draw(st.integers(1, 4))):
        content = data.draw(st.sampled_from([offer.encode()]) | JSON_BODY | RAW_BODY)
        kind = data.draw(st.sampled_from(["application/sdp", "application/json", "text/plain"]))
        form.add_field(data.draw(names), content, content_type=kind, filename="blob")
    assert await post(server, CALLS, data=form, headers=WITH_KEY) in (201, 400, 413, 415)
    await end_calls(server)


@SETTINGS
@given(body=st.binary(max_size=300), boundary=st.sampled_from(["x", "", '"', "x" * 80]))
async def test_calls_with_a_broken_form(server: LocalServer, body: bytes, boundary: str) -> None:
    headers = {**WITH_KEY, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    parts = b"--x\r\nContent-Disposition: form-data; name=sdp\r\n\r\n" + body + b"\r\n--x--\r\n"
    assert await post(server, CALLS, data=parts, headers=headers) in (400, 413, 415)


@SETTINGS
@given(text=HEADER)
async def test_any_header_of_faults(server: LocalServer, text: str) -> None:
    headers = {**WITH_KEY, "X-Harness-Faults": text}
    assert await post(server, SECRETS, headers=headers) in (200, 400)


@SETTINGS
@given(body=JSON_BODY | RAW_BODY, path=st.sampled_from(["faults", "script", "assistant"]))
async def test_our_own_endpoints(server: LocalServer, body: bytes, path: str) -> None:
    async with asyncio.timeout(ANSWER_WITHIN_S):
        async with server.client.put(f"/harness/{path}", data=body, headers=WITH_KEY) as answer:
            text = await answer.text()
            assert answer.status in (200, 400, 413), text
            check_text(text, str(body))
    server.state.fault_sources.set(())
