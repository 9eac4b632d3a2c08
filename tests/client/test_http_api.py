"""The client's HTTP requests: what is sent, and what each kind of answer means."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from harness.client.http_api import OPENAI_URL, RealtimeHttpApi, api_base
from harness.errors import ServerRefused, ServerUnreachable
from tests.support.small_server import Handler, serve

KEY = "sk-test-0123456789abcdef"
SECRETS = ("POST", "/v1/realtime/client_secrets")
CALLS = ("POST", "/v1/realtime/calls")
HANGUP = ("POST", "/v1/realtime/calls/rtc_1/hangup")


def says(status: int, body: Any = "", **headers: str) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)

    return handler


@pytest.mark.parametrize("url", ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/"])
def test_an_address_may_be_given_with_or_without_v1(url: str) -> None:
    assert api_base(url) == "http://h:1/v1"


def test_the_hosted_service_has_a_name() -> None:
    assert RealtimeHttpApi("openai").calls_url == f"{OPENAI_URL}/realtime/calls"


async def test_a_secret_is_asked_for_with_settings_and_lifetime() -> None:
    asked: dict[str, Any] = {}

    async def mint(request: web.Request) -> web.Response:
        asked.update(await request.json(), key=request.headers["Authorization"])
        return web.json_response({"value": "ek_abc", "expires_at": 5})

    async with serve({SECRETS: mint}) as url:
        body = await RealtimeHttpApi(url).mint(KEY, {"type": "realtime"}, 60)
    assert body == {"value": "ek_abc", "expires_at": 5}
    assert asked == {
        "key": f"Bearer {KEY}",
        "session": {"type": "realtime"},
        "expires_after": {"anchor": "created_at", "seconds": 60},
    }


async def test_an_offer_is_answered_with_sdp_and_a_call_id() -> None:
    got: dict[str, Any] = {}

    async def answer(request: web.Request) -> web.Response:
        got.update(offer=await request.text(), kind=request.content_type)
        return web.Response(status=201, text="v=0\r\n", headers={"location": "/v1/x/rtc_1"})

    async with serve({CALLS: answer}) as url:
        assert await RealtimeHttpApi(url).call("ek_abc", "v=0\r\noffer") == ("v=0\r\n", "rtc_1")
    assert got == {"offer": "v=0\r\noffer", "kind": "application/sdp"}


async def test_a_refusal_keeps_status_and_code_and_never_shows_the_key() -> None:
    error = {"error": {"message": "no such voice", "code": "invalid_value"}}
    async with serve({SECRETS: says(400, error)}) as url:
        with pytest.raises(ServerRefused, match=r"no such voice \(invalid_value\)") as failed:
            await RealtimeHttpApi(url).mint(KEY, {}, 60)
    assert (failed.value.status, failed.value.code) == (400, "invalid_value")
    assert KEY not in str(failed.value)


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"value": 5}', '{"error": "text"}'])
async def test_nonsense_is_a_refusal(body: str) -> None:
    async with serve({SECRETS: says(200, body), CALLS: says(201, body)}) as url:
        with pytest.raises(ServerRefused):
            await RealtimeHttpApi(url).mint(KEY, {}, 60)
        with pytest.raises(ServerRefused, match="SDP answer"):
            await RealtimeHttpApi(url).call("ek_abc", "v=0")


async def test_a_redirect_is_not_followed_with_the_key() -> None:
    async with serve({SECRETS: says(307, Location="http://127.0.0.1:9/")}) as url:
        with pytest.raises(ServerRefused, match="307"):
            await RealtimeHttpApi(url).mint(KEY, {}, 60)


@pytest.mark.parametrize(("status", "expected"), [(200, True), (404, False)])
async def test_hanging_up_says_whether_there_was_a_call(status: int, expected: bool) -> None:
    async with serve({HANGUP: says(status)}) as url:
        assert await RealtimeHttpApi(url).hang_up(KEY, "rtc_1") is expected


async def test_hanging_up_needs_the_key() -> None:
    async with serve({HANGUP: says(401)}) as url:
        with pytest.raises(ServerRefused, match="check the key"):
            await RealtimeHttpApi(url).hang_up(KEY, "rtc_1")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://"])
async def test_nobody_there_is_plain(url: str) -> None:
    with pytest.raises(ServerUnreachable, match="harness serve"):
        await RealtimeHttpApi(url).mint(KEY, {}, 60)
