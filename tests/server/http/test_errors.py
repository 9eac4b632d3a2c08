"""Errors in the contract's shape, whatever went wrong."""

from __future__ import annotations

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from harness.errors import SpeechError
from harness.server.http.errors import Refusal, json_errors


async def refuse(request: web.Request) -> web.Response:
    raise Refusal(418, "No.", "teapot", "kettle")


async def fail(request: web.Request) -> web.Response:
    raise SpeechError("The model /home/somebody/secret is damaged.")


async def break_down(request: web.Request) -> web.Response:
    raise RuntimeError("/home/somebody/secret")


async def test_a_refusal_is_its_body() -> None:
    """Message, type, code and param."""
    app = web.Application(middlewares=[json_errors])
    app.router.add_get("/refuse", refuse)
    async with TestClient(TestServer(app)) as client, client.get("/refuse") as answer:
        assert answer.status == 418
        assert await answer.json() == {
            "error": {
                "message": "No.",
                "type": "invalid_request_error",
                "code": "teapot",
                "param": "kettle",
            }
        }


def test_a_refusal_without_an_application_is_a_whole_answer() -> None:
    head, body = Refusal(431, "Too long.", "headers_too_large").as_bytes().split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"\r\nX-Request-Id: req_" in head
    assert b"\r\nContent-Length: %d\r\n" % len(body) in head
    assert json.loads(body)["error"]["code"] == "headers_too_large"


@pytest.mark.parametrize("handler", [fail, break_down])
async def test_our_own_faults_tell_no_details(
    handler: object, caplog: pytest.LogCaptureFixture
) -> None:
    """500 without path or stack trace; the log has them."""
    app = web.Application(middlewares=[json_errors])
    app.router.add_get("/", handler)  # type: ignore[arg-type]
    async with TestClient(TestServer(app)) as client, client.get("/") as answer:
        assert answer.status == 500
        assert (await answer.json())["error"]["type"] == "server_error"
        assert "secret" not in await answer.text()
    assert "secret" in caplog.text


async def test_a_wrong_method_is_refused_in_json() -> None:
    """405."""
    app = web.Application(middlewares=[json_errors])
    app.router.add_get("/refuse", refuse)
    async with TestClient(TestServer(app)) as client, client.delete("/refuse") as answer:
        assert answer.status == 405
        assert (await answer.json())["error"]["code"] == "method_not_supported"
