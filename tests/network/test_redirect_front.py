"""What is answered in the name of another host: handed on with our key, blocked, or unanswered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from harness.network.redirect_front import RedirectFront, StandIn, Target, open_front
from harness.network.redirect_rules import read_redirect
from tests.support.small_server import Handler, serve

OUR_KEY = "sk-local-of-this-server"
THEIR_KEY = "sk-proj-somebody-s-real-key"
SUBPROTOCOLS = ("realtime", f"openai-insecure-api-key.{THEIR_KEY}")


class Hosted:
    """The server that stands for the hosted one, and what it got."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(
            (request.method, request.path_qs, dict(request.headers), await request.read())
        )
        if request.headers.get("Upgrade") == "websocket":
            return await self._echo(request)
        headers = {"Location": "/v1/realtime/calls/rtc_1", "Access-Control-Allow-Origin": "null"}
        return web.Response(status=201, text="answer", headers=headers)

    async def _echo(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("refuse"):
            return web.Response(status=429)
        socket = web.WebSocketResponse(protocols=["realtime"], max_msg_size=0)
        await socket.prepare(request)
        async for message in socket:
            if message.data == "vanish":
                assert request.transport is not None
                request.transport.abort()
            elif message.data == "end":
                await socket.close(code=4000, message=b"why not")
            else:
                await socket.send_str(f"heard {message.data}")
        return socket


@asynccontextmanager
async def fronting(
    hosted: Hosted, redirect: Any = "openai", url: str | None = None
) -> AsyncIterator[tuple[RedirectFront, aiohttp.ClientSession, list[dict[str, Any]]]]:
    """A front, a client to which api.openai.com is the front, and what was noted."""
    routes: dict[tuple[str, str], Handler] = {("*", "/{path:.*}"): hosted.answer}
    async with (
        serve(routes) as base,
        open_front(read_redirect(redirect), Target(url or base, OUR_KEY)) as front,
        aiohttp.ClientSession() as http,
    ):
        noted: list[dict[str, Any]] = []
        front.begin(lambda fact: noted.append({"type": fact.type, **fact.to_data()}))
        yield front, http, noted


def at(front: RedirectFront, path: str) -> dict[str, Any]:
    """What makes a request of aiohttp one for the hosted service."""
    return {
        "url": f"https://127.0.0.1:{front.tls_port}{path}",
        "ssl": False,
        "headers": {"Host": "api.openai.com", "Authorization": f"Bearer {THEIR_KEY}"},
    }


async def test_a_request_is_handed_on_with_our_key_alone() -> None:
    hosted = Hosted()
    async with fronting(hosted) as (front, http, noted):
        wanted = at(front, "/v1/realtime/calls?model=gpt-realtime")
        wanted["headers"] |= {"Cookie": "session=1", "Content-Type": "application/sdp"}
        async with http.post(**wanted, data="offer") as answer:
            assert (answer.status, await answer.text()) == (201, "answer")
            assert answer.headers["Location"] == "/v1/realtime/calls/rtc_1"
    ((method, path, headers, body),) = hosted.requests
    assert (method, path, body) == ("POST", "/v1/realtime/calls?model=gpt-realtime", b"offer")
    assert headers["Authorization"] == f"Bearer {OUR_KEY}"
    assert headers["Content-Type"] == "application/sdp"
    assert "Cookie" not in headers
    assert THEIR_KEY not in str(hosted.requests)
    facts = {"method": "POST", "host": "api.openai.com", "path": "/v1/realtime/calls"}
    assert noted[1] == {"type": "page.redirected", **facts, "status": 201, "rule": "openai"}
    assert THEIR_KEY not in str(noted)


async def test_a_page_of_any_origin_may_read_the_answer() -> None:
    async with (
        fronting(Hosted()) as (front, http, _),
        http.post(**at(front, "/v1/realtime/calls"), data="offer") as answer,
    ):
        assert answer.headers.getall("Access-Control-Allow-Origin") == ["*"]
        assert "Location" in answer.headers["Access-Control-Expose-Headers"]


async def test_a_preflight_is_answered_here() -> None:
    hosted = Hosted()
    async with fronting(hosted) as (front, http, noted):
        wanted = at(front, "/v1/responses")
        wanted["headers"] = {
            "Host": "api.openai.com",
            "Origin": "https://page.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,x-mine",
        }
        async with http.options(**wanted) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Headers"] == "authorization,x-mine"
            assert answer.headers["Access-Control-Allow-Methods"] == "POST"
        assert (noted[1]["method"], noted[1]["status"]) == ("OPTIONS", 204)
    assert hosted.requests == []


async def test_what_the_local_server_lacks_is_blocked_and_named() -> None:
    hosted = Hosted()
    async with fronting(hosted) as (front, http, noted):
        async with http.post(**at(front, "/v1/files"), data="{}") as answer:
            error = (await answer.json())["error"]
            assert answer.status == 501
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert error["code"] == "not_redirected"
        assert "POST /v1/files was for api.openai.com" in error["message"]
        assert (noted[1]["path"], noted[1]["status"]) == ("/v1/files", 501)
    assert hosted.requests == []


async def test_a_host_without_a_rule_reaches_nothing() -> None:
    """Such as another port of the hosted service, which is led here, too."""
    hosted = Hosted()
    async with fronting(hosted) as (front, http, noted):
        wanted = at(front, "/v1/realtime") | {"headers": {"Host": "api.openai.com:8443"}}
        async with http.get(**wanted) as answer:
            assert answer.status == 501
        plain = f"http://127.0.0.1:{front.plain_port}/v1/realtime/calls"
        async with http.post(plain, headers={"Host": "api.openai.com"}) as answer:
            assert answer.status == 501
        assert [facts["rule"] for facts in noted[1:]] == [None, None]
    assert hosted.requests == []


async def test_a_server_that_does_not_answer_is_said() -> None:
    async with serve({}) as nowhere:
        pass
    async with fronting(Hosted(), url=nowhere) as (front, http, noted):
        async with http.post(**at(front, "/v1/realtime/calls"), data="x") as answer:
            assert answer.status == 502
            assert (await answer.json())["error"]["code"] == "redirect_unanswered"
        assert noted[1]["status"] == 502


async def test_a_rule_of_the_user_s_shows_no_key_to_what_is_not_our_server() -> None:
    hosted = Hosted()
    async with serve({("*", "/{path:.*}"): hosted.answer}) as other:
        rule = {"from": "https://api.openai.com/v1/", "to": f"{other}/own/"}
        async with (
            fronting(Hosted(), [rule]) as (front, http, _),
            http.get(**at(front, "/v1/things?x=1")) as answer,
        ):
            assert answer.status == 201
    ((_, path, headers, _),) = hosted.requests
    assert path == "/own/things?x=1"
    assert "Authorization" not in headers


async def test_a_websocket_is_carried_both_ways_and_closed_as_there() -> None:
    hosted = Hosted()
    async with fronting(hosted) as (front, http, noted):
        wanted = at(front, "/v1/realtime?model=gpt-realtime")
        async with http.ws_connect(**wanted, protocols=SUBPROTOCOLS, max_msg_size=0) as socket:
            assert socket.protocol == "realtime"
            await socket.send_str("x" * 5_000_000)
            assert await socket.receive_str() == "heard " + "x" * 5_000_000
            await socket.send_str("end")
            closing = await socket.receive()
            assert (closing.data, closing.extra) == (4000, "why not")
        assert (noted[1]["method"], noted[1]["status"]) == ("GET", 101)
    ((_, path, headers, _),) = hosted.requests
    assert path == "/v1/realtime?model=gpt-realtime"
    assert headers["Sec-WebSocket-Protocol"] == "realtime"
    assert headers["Authorization"] == f"Bearer {OUR_KEY}"
    assert THEIR_KEY not in str(hosted.requests)


async def test_a_server_that_vanishes_leaves_no_close_frame() -> None:
    async with (
        fronting(Hosted()) as (front, http, _),
        http.ws_connect(**at(front, "/v1/realtime")) as socket,
    ):
        await socket.send_str("vanish")
        await socket.receive()
        assert socket.close_code == 1006


async def test_a_handshake_is_refused_as_there() -> None:
    async with fronting(Hosted()) as (front, http, noted):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(**at(front, "/v1/realtime?refuse=1"))
        assert refused.value.status == 429
        assert noted[1]["status"] == 429


async def test_the_key_to_show_may_depend_on_the_one_that_came() -> None:
    hosted, asked = Hosted(), []

    async def choose(given: str) -> str:
        asked.append(given)
        return "ek_of_our_own"

    async with (
        serve({("*", "/{path:.*}"): hosted.answer}) as base,
        open_front(read_redirect("openai"), Target(base, OUR_KEY, choose)) as front,
        aiohttp.ClientSession() as http,
    ):
        async with http.post(**at(front, "/v1/realtime/calls")):
            pass
        async with http.ws_connect(
            **at(front, "/v1/realtime") | {"headers": {"Host": "api.openai.com"}},
            protocols=SUBPROTOCOLS,
        ) as socket:
            await socket.close()
    assert asked == [THEIR_KEY, THEIR_KEY]
    assert {headers["Authorization"] for _, _, headers, _ in hosted.requests} == {
        "Bearer ek_of_our_own"
    }


async def test_a_request_without_a_key_gets_ours() -> None:
    hosted = Hosted()
    async with (
        fronting(hosted) as (front, http, _),
        http.post(**at(front, "/v1/realtime/calls") | {"headers": {"Host": "api.openai.com"}}),
    ):
        pass
    assert hosted.requests[0][2]["Authorization"] == f"Bearer {OUR_KEY}"


async def test_the_end_of_the_front_ends_what_is_under_way() -> None:
    async with aiohttp.ClientSession() as http:
        async with asyncio.timeout(5):
            async with fronting(Hosted()) as (front, _, _):
                socket = await http.ws_connect(**at(front, "/v1/realtime"))
            await socket.receive()
        assert socket.closed


def test_no_key_in_its_repr() -> None:
    assert OUR_KEY not in repr(Target("http://127.0.0.1:1", OUR_KEY))


async def test_a_stand_in_is_given_told_and_nothing_else_of_its_host() -> None:
    path = "/deployments/chatkit/chatkit.js"
    target = Target("http://127.0.0.1:1", OUR_KEY, None, {path: StandIn("ChatKit", lambda: "1;")})
    noted: list[dict[str, Any]] = []
    async with (
        open_front(read_redirect("openai"), target) as front,
        aiohttp.ClientSession() as http,
    ):
        front.begin(lambda fact: noted.append({"type": fact.type, **fact.to_data()}))
        there = {"headers": {"Host": "cdn.platform.openai.com"}}
        async with http.get(**(at(front, path) | there)) as answer:
            assert (answer.status, answer.content_type) == (200, "text/javascript")
            assert await answer.text() == "1;"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
        for other in ("/deployments/chatkit/index.html", "/else.js"):
            async with http.get(**(at(front, other) | there)) as answer:
                assert answer.status == 501
    assert [(one["type"], one.get("status")) for one in noted[1:]] == [
        ("page.stand_in", None),
        ("page.redirected", 200),
        ("page.redirected", 501),
        ("page.redirected", 501),
    ]
