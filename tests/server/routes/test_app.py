"""The HTTP side: what is answered, and what is refused and how."""

from __future__ import annotations

import io
import json
import time
import wave
from typing import Any, cast

import aiohttp
import pytest

from harness.peer.backends import peer_factory
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.script import Script
from harness.server.http.body import MOST_BODY_BYTES
from harness.server.http.client_secrets import MOST_SESSION_BYTES, digest_of
from harness.server.routes.calls import CALLS_PATH
from tests.support.local_server import API_KEY, WITH_KEY, LocalServer, call_to, local_server
from tests.support.recording_listener import RecordingListener

SECRETS_PATH = "/v1/realtime/client_secrets"
SDP = {"Content-Type": "application/sdp"}


async def post(
    server: LocalServer, path: str, headers: dict[str, str] | None = None, **body: Any
) -> tuple[int, dict[str, Any]]:
    """Status and JSON body."""
    async with server.client.post(path, headers=headers, **body) as answer:
        return answer.status, await answer.json()


async def mint(server: LocalServer, **body: Any) -> dict[str, Any]:
    status, minted = await post(server, SECRETS_PATH, WITH_KEY, json=body)
    assert status == 200, minted
    return minted


async def test_a_secret_is_minted_with_the_effective_session() -> None:
    """Defaults filled in, value and expiry at the top."""
    async with local_server() as server:
        minted = await mint(server, session={"type": "realtime", "instructions": "Be brief."})
        assert minted["value"].startswith("ek_")
        assert minted["session"]["instructions"] == "Be brief."
        assert minted["session"]["audio"]["output"]["voice"]
        assert minted["session"]["expires_at"] == 0
        assert minted["session"]["id"].startswith("sess_")


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"nonsense": 1}, "unknown_parameter", "nonsense"),
        ({"expires_after": 5}, "invalid_type", "expires_after"),
        ({"expires_after": {"seconds": 9}}, "integer_below_min_value", "expires_after.seconds"),
        ({"expires_after": {"seconds": 7201}}, "integer_above_max_value", "expires_after.seconds"),
        ({"expires_after": {"seconds": "9"}}, "invalid_type", "expires_after.seconds"),
        ({"expires_after": {"anchor": "now"}}, "invalid_value", "expires_after.anchor"),
        ({"expires_after": {"x": 1}}, "unknown_parameter", "expires_after.x"),
        ({"session": {}}, "missing_required_parameter", "session.type"),
        ({"session": {"type": "realtime", "foo": 1}}, "unknown_parameter", "session.foo"),
    ],
)
async def test_a_wrong_request_names_what_is_wrong(body: Any, code: str, param: str) -> None:
    """400 with the protocol's code and the dotted path."""
    async with local_server() as server:
        status, answer = await post(server, SECRETS_PATH, WITH_KEY, json=body)
        assert status == 400
        error = answer["error"]
        assert error["type"] == "invalid_request_error"
        assert (error["code"], error["param"]) == (code, param)


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    """400, whatever it is."""
    async with local_server() as server:
        status, answer = await post(server, SECRETS_PATH, WITH_KEY, data=body)
        assert status == 400
        assert answer["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic abc"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer sk-wrong"},
        {"Authorization": "Bearer ek_wrong"},
    ],
)
@pytest.mark.parametrize("path", [SECRETS_PATH, CALLS_PATH])
async def test_without_a_good_key_nothing_happens(path: str, headers: dict[str, str]) -> None:
    """401; the key given is not repeated."""
    async with local_server() as server:
        status, answer = await post(server, path, headers, data=b"")
        assert status == 401
        assert "wrong" not in json.dumps(answer)


async def test_a_client_secret_mints_no_other() -> None:
    """It starts calls, nothing else."""
    async with local_server() as server:
        key = {"Authorization": f"Bearer {(await mint(server))['value']}"}
        status, _ = await post(server, SECRETS_PATH, key, json={})
        assert status == 401
        async with server.client.put("/harness/script", headers=key, json={}) as answer:
            assert answer.status == 401


async def test_a_session_that_is_too_large_for_a_secret_is_refused() -> None:
    """Before a page gets a secret that is good for nothing."""
    async with local_server() as server:
        session = {"type": "realtime", "instructions": "x" * MOST_SESSION_BYTES}
        status, answer = await post(server, SECRETS_PATH, WITH_KEY, json={"session": session})
        error = answer["error"]
        assert (status, error["code"], error["param"]) == (413, "request_too_large", "session")


async def test_a_page_begins_a_call_with_its_secret() -> None:
    """201, the answer as the body, the call's id in an exposed header, the minted session."""
    async with local_server() as server:
        minted = await mint(server, session={"type": "realtime", "instructions": "Be brief."})
        peer = peer_factory("wrtc")(RecordingListener())
        peer.open_channel("oai-events")
        headers = {**SDP, "Authorization": f"Bearer {minted['value']}"}
        offer = await peer.create_offer()
        async with server.client.post(CALLS_PATH, data=offer, headers=headers) as answer:
            assert answer.status == 201
            assert answer.headers["Location"].startswith(f"{CALLS_PATH}/rtc_")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "Location" in answer.headers["Access-Control-Expose-Headers"]
            assert (await answer.text()).startswith("v=0")
        await peer.aclose()
        assert server.session.settings["instructions"] == "Be brief."


async def test_a_transcription_begins_with_a_secret_and_not_with_a_key() -> None:
    """The contract's rule for the `session` part of an offer."""
    wanted = {"type": "transcription", "audio": {"input": {"turn_detection": None}}}
    async with local_server() as server:
        minted = await mint(server, session=wanted)
        assert minted["session"]["object"] == "realtime.transcription_session"
        assert "model" not in minted["session"]
        form = aiohttp.FormData(
            {"sdp": "v=0", "session": json.dumps(wanted)}, default_to_multipart=True
        )
        status, refused = await post(server, CALLS_PATH, WITH_KEY, data=form)
        assert (status, refused["error"]["param"]) == (400, "session.type")


async def test_a_backend_begins_a_call_with_its_key() -> None:
    """Multipart, with the session beside the offer."""
    async with local_server() as server:
        peer = peer_factory("wrtc")(RecordingListener())
        form = aiohttp.FormData()
        form.add_field("sdp", await peer.create_offer(), content_type="application/sdp")
        session = json.dumps({"type": "realtime", "instructions": "Be kind."})
        form.add_field("session", session, content_type="application/json")
        async with server.client.post(CALLS_PATH, data=form, headers=WITH_KEY) as answer:
            assert answer.status == 201, await answer.text()
        await peer.aclose()
        assert server.session.settings["instructions"] == "Be kind."


@pytest.mark.parametrize("sdp", ["", "nonsense", "v=0\r\n", "v=0\r\nm=audio x\r\n", "\ud800"])
async def test_nonsense_sdp_is_refused_in_json(sdp: str) -> None:
    """400; no call is left behind."""
    async with local_server() as server:
        data = sdp.encode("utf-8", "surrogatepass")
        status, answer = await post(server, CALLS_PATH, {**WITH_KEY, **SDP}, data=data)
        assert status == 400
        assert answer["error"]["param"] == "sdp"
        assert server.state.calls.running == []


async def test_other_content_types_are_refused() -> None:
    """415, naming what is taken."""
    async with local_server() as server:
        status, answer = await post(server, CALLS_PATH, WITH_KEY, json={"sdp": "v=0"})
        assert status == 415
        assert "application/sdp" in answer["error"]["message"]


@pytest.mark.parametrize("fields", [{}, {"session": "{}"}, {"sdp": "v=0", "other": "x"}])
async def test_a_form_needs_its_parts(fields: dict[str, str]) -> None:
    """And no others."""
    async with local_server() as server:
        form = aiohttp.FormData(fields or {"x": "y"}, default_to_multipart=True)
        status, _ = await post(server, CALLS_PATH, WITH_KEY, data=form)
        assert status == 400


async def test_a_body_that_is_too_large_is_refused() -> None:
    """413, in JSON."""
    async with local_server() as server:
        data = b"x" * (MOST_BODY_BYTES + 1)
        status, answer = await post(server, CALLS_PATH, {**WITH_KEY, **SDP}, data=data)
        assert status == 413
        assert answer["error"]["code"] == "request_too_large"


async def test_the_browser_may_ask_first() -> None:
    """A preflight is answered without a key."""
    async with local_server() as server:
        asked = {
            "Origin": "http://elsewhere",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,x-custom",
        }
        async with server.client.options(CALLS_PATH, headers=asked) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "POST" in answer.headers["Access-Control-Allow-Methods"]
            assert "x-custom" in answer.headers["Access-Control-Allow-Headers"]


async def test_the_beta_shape_is_refused() -> None:
    """As the service does."""
    async with local_server() as server:
        headers = {**WITH_KEY, "OpenAI-Beta": "realtime=v1"}
        status, answer = await post(server, SECRETS_PATH, headers, json={})
        assert (status, answer["error"]["code"]) == (400, "beta_api_shape_disabled")


async def test_unknown_routes_are_refused_loudly() -> None:
    """404 in JSON, naming what came and what there is."""
    async with local_server() as server:
        status, answer = await post(server, "/v1/realtime/session", WITH_KEY, json={})
        assert status == 404
        status, answer = await post(server, "/v1/nothing", WITH_KEY, json={})
        assert status == 404
        assert "POST /v1/nothing" in answer["error"]["message"]
        assert CALLS_PATH in answer["error"]["message"]


async def test_hanging_up_ends_the_call() -> None:
    """200 once, then there is no such call."""
    async with local_server() as server, call_to(server) as caller:
        path = f"{CALLS_PATH}/{caller.call_id}/hangup"
        async with server.client.post(path, headers=WITH_KEY) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
        await caller.listener.until(lambda: "oai-events" in caller.listener.closed)
        status, answer_body = await post(server, path, WITH_KEY)
        assert status == 404
        assert answer_body["error"]["code"] == "call_id_not_found"
        assert answer_body["error"]["param"] == ""


async def test_the_script_of_later_calls_can_be_set() -> None:
    """A wrong one is refused and the old one stays."""
    async with local_server() as server:
        good = {"rules": [{"say": "Hello."}]}
        async with server.client.put("/harness/script", headers=WITH_KEY, json=good) as answer:
            assert answer.status == 200, await answer.text()
        wrong = {"rules": [{"shout": "Hello."}]}
        async with server.client.put("/harness/script", headers=WITH_KEY, json=wrong) as answer:
            assert answer.status == 400
            assert "shout" in (await answer.json())["error"]["message"]
        async with call_to(server):
            assert cast("Script", server.made_from[-1].assistant).rules[0].say == "Hello."


async def test_what_a_call_received_can_be_had() -> None:
    """While it runs and after it; only where the server records."""
    async with local_server(is_recording=True) as server:
        async with call_to(server) as caller:
            await caller.listener.until(lambda: len(server.session.heard) > 5)
            path = f"/harness/calls/{caller.call_id}/received.wav"
            async with server.client.get("/harness/calls", headers=WITH_KEY) as answer:
                assert [call["call_id"] for call in (await answer.json())["calls"]] == [
                    caller.call_id
                ]
        async with server.client.get(path, headers=WITH_KEY) as answer:
            assert answer.status == 200
            with wave.open(io.BytesIO(await answer.read())) as file:
                assert file.getframerate() == 48_000
                assert file.getnframes() > 0
    async with local_server() as server, call_to(server) as caller:
        path = f"/harness/calls/{caller.call_id}/received.wav"
        async with server.client.get(path, headers=WITH_KEY) as answer:
            assert (await answer.json())["error"]["code"] == "not_recorded"


async def test_keys_are_in_no_text(caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the state's nor in the log."""
    caplog.set_level("DEBUG")
    async with local_server() as server:
        secret = (await mint(server))["value"]
        async with call_to(server) as caller:
            await caller.event("session.created")
        assert API_KEY not in repr(server.state)
        assert secret not in repr(server.state)
    assert API_KEY not in caplog.text
    assert secret not in caplog.text


async def test_whoever_has_the_key_may_ask_whether_a_secret_is_ours() -> None:
    """By its hash: somebody else's key need not be shown."""
    async with local_server() as server:
        path = f"/harness/client_secrets/{digest_of((await mint(server))['value'])}"
        async with server.client.get(path, headers=WITH_KEY) as answer:
            assert answer.status == 204
        async with server.client.get(path) as answer:
            assert answer.status == 401
        wanted = {"user": "kim", "workflow": {"id": "wf_1"}}
        chat = server.state.chat.sessions.create(wanted, Ids(), time.time())
        path = f"/harness/client_secrets/{digest_of(chat.client_secret)}"
        async with server.client.get(path, headers=WITH_KEY) as answer:
            assert answer.status == 204
        unknown = f"/harness/client_secrets/{digest_of('ek_another')}"
        async with server.client.get(unknown, headers=WITH_KEY) as answer:
            assert answer.status == 404


async def test_a_server_that_accepts_any_key_mints_and_begins_calls_without_one() -> None:
    async with local_server(accepts_any_key=True) as server:
        status, minted = await post(server, SECRETS_PATH, json={})
        assert (status, minted["value"][:3]) == (200, "ek_")
        async with server.client.get("/harness/calls") as answer:
            assert answer.status == 401
