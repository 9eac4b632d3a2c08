"""The status page and who may see it."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from harness.server.http.errors import json_errors
from harness.server.status.status import add_status

KEY = "sk-test-1234567890"


class Source:
    """One worker that is down."""

    is_up = True

    async def statuses(self) -> list[dict[str, Any]]:
        return [{"worker": 0, "is_down": True}]

    async def metrics(self) -> bytes:
        return b"harness_calls_active 0.0\n"

    def is_healthy(self) -> bool:
        return self.is_up


def client(source: Source) -> TestClient[Any, Any]:
    app = web.Application(middlewares=[json_errors])
    add_status(app, source, KEY)
    return TestClient(TestServer(app, host="127.0.0.1"))


async def test_whoever_is_at_this_machine_may_look() -> None:
    async with client(Source()) as http:
        async with http.get("/status") as answer:
            assert answer.status == 200
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert KEY not in await answer.text()
        async with http.get("/status.json") as answer:
            status = await answer.json()
            assert status["workers"] == [{"worker": 0, "is_down": True}]
            assert status["machine"]["cores"] > 0
        async with http.get("/metrics") as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=")
            assert await answer.text() == "harness_calls_active 0.0\n"


BASIC = base64.b64encode(f"anybody:{KEY}".encode()).decode()


@pytest.mark.parametrize("path", ["/status", "/status.json", "/metrics"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "voice.test"}, 401),
        ({"X-Forwarded-For": "10.0.0.1"}, 401),
        ({"Host": "voice.test", "Authorization": "Bearer sk-wrong"}, 401),
        ({"Host": "voice.test", "Authorization": "Basic !"}, 401),
        ({"Host": "voice.test", "Authorization": f"Bearer {KEY}"}, 200),
        ({"Host": "voice.test", "Authorization": f"Basic {BASIC}"}, 200),
    ],
)
async def test_from_elsewhere_it_takes_the_key(
    path: str, headers: dict[str, str], status: int
) -> None:
    """A browser asks for it as a password."""
    async with client(Source()) as http, http.get(path, headers=headers) as answer:
        assert answer.status == status
        assert ("WWW-Authenticate" in answer.headers) == (status == 401)


async def test_the_health_check_needs_no_key_and_tells_nothing_else() -> None:
    source = Source()
    async with client(source) as http:
        async with http.get("/healthz", headers={"Host": "voice.test"}) as answer:
            assert (answer.status, await answer.json()) == (200, {"ok": True})
        source.is_up = False
        async with http.get("/healthz") as answer:
            assert (answer.status, await answer.json()) == (503, {"ok": False})
