"""What concerns all workers at once; here they are small applications."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from harness.server.process.front_app import Everybody, front_app
from harness.server.process.workers import Workers
from harness.server.status.meter import Meter

KEY = "sk-test-1234567890"


class SmallWorker:
    """A worker's routes, as far as the front asks them."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.puts: list[tuple[str, bytes, str | None]] = []
        self.status = 200
        meter = Meter(str(number))
        meter.call_began("webrtc")
        self._metrics = meter.text()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/harness/calls", self._calls)
        app.router.add_get("/harness/faults/applied", self._applied)
        app.router.add_get("/status.json", self._status)
        app.router.add_get("/metrics", self._text)
        for method in ("PUT", "DELETE"):
            app.router.add_route(method, "/harness/{rest:.*}", self._take)
        return app

    async def _calls(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return web.json_response({"error": {}}, status=401)
        return web.json_response({"calls": [{"call_id": f"rtc_u{self.number}_a"}]})

    async def _applied(self, request: web.Request) -> web.Response:
        applied = [{"at_s": self.number, "since": request.query["since_s"]}]
        return web.json_response({"now_s": 7.0, "applied": applied})

    async def _status(self, request: web.Request) -> web.Response:
        assert request.headers["X-Harness-Peer"] == "local"
        return web.json_response({"workers": [{"worker": self.number}]})

    async def _text(self, _request: web.Request) -> web.Response:
        return web.Response(body=self._metrics)

    async def _take(self, request: web.Request) -> web.Response:
        key = request.headers.get("Authorization")
        self.puts.append((f"{request.method} {request.path_qs}", await request.read(), key))
        return web.json_response({"took": True}, status=self.status)


@asynccontextmanager
async def crew(folder: Path) -> AsyncIterator[tuple[TestClient[Any, Any], list[SmallWorker], Any]]:
    everybody = Everybody()
    workers = Workers(2, folder, [], {}, everybody.teach)
    everybody.workers = workers
    small = [SmallWorker(worker.number) for worker in workers.all]
    runners = []
    for worker, behind in zip(workers.all, small, strict=True):
        runner = web.AppRunner(behind.app())
        await runner.setup()
        await web.UnixSite(runner, worker.socket).start()
        runners.append(runner)
        worker.is_up = True
    try:
        async with TestClient(TestServer(front_app(everybody, KEY), host="127.0.0.1")) as client:
            yield client, small, everybody
    finally:
        for runner in runners:
            await runner.cleanup()


WITH_KEY = {"Authorization": f"Bearer {KEY}"}


async def test_a_script_reaches_every_worker_also_a_later_one(tmp_path: Path) -> None:
    async with crew(tmp_path) as (client, small, everybody):
        body = {"rules": [{"say": "Hi."}]}
        async with client.put("/harness/script", json=body, headers=WITH_KEY) as answer:
            assert (answer.status, await answer.json()) == (200, {"took": True})
        for worker in small:
            assert worker.puts == [
                ("PUT /harness/script", json.dumps(body).encode(), WITH_KEY["Authorization"])
            ]
        await everybody.teach(everybody.workers.all[1])
        assert small[1].puts[1] == small[1].puts[0]


async def test_what_one_refuses_is_refused_and_forgotten(tmp_path: Path) -> None:
    async with crew(tmp_path) as (client, small, everybody):
        small[1].status = 400
        async with client.put("/harness/faults", data=b"{}", headers=WITH_KEY) as answer:
            assert answer.status == 400
        await everybody.teach(everybody.workers.all[0])
        assert len(small[0].puts) == 1


async def test_a_delete_undoes_what_was_put_under_its_path(tmp_path: Path) -> None:
    async with crew(tmp_path) as (client, small, everybody):
        for path in ("/harness/faults/one", "/harness/faults/two?seed=1", "/harness/faultless"):
            await client.put(path, data=b"{}", headers=WITH_KEY)
        await client.delete("/harness/faults", headers=WITH_KEY)
        small[0].puts.clear()
        await everybody.teach(everybody.workers.all[0])
        assert [path for path, _body, _key in small[0].puts] == ["PUT /harness/faultless"]


async def test_calls_and_statuses_are_those_of_all(tmp_path: Path) -> None:
    async with crew(tmp_path) as (client, _small, everybody):
        async with client.get("/harness/calls", headers=WITH_KEY) as answer:
            ids = [call["call_id"] for call in (await answer.json())["calls"]]
            assert ids == ["rtc_u0_a", "rtc_u1_a"]
        async with client.get("/harness/calls") as answer:
            assert answer.status == 401
        everybody.workers.all[1].is_up = False
        everybody.workers.all[1].deaths = 2
        async with client.get("/status.json") as answer:
            first, second, own = (await answer.json())["workers"]
        assert first["worker"] == 0
        assert second == {"worker": 1, "is_down": True, "deaths": 2}
        assert own["worker"] == "front"


async def test_what_faults_did_is_what_they_did_everywhere(tmp_path: Path) -> None:
    async with crew(tmp_path) as (client, _small, _everybody):
        path = "/harness/faults/applied?since_s=3"
        async with client.get(path, headers=WITH_KEY) as answer:
            told = await answer.json()
    assert told["now_s"] == 7.0
    assert told["applied"] == [{"at_s": 0, "since": "3"}, {"at_s": 1, "since": "3"}]


async def test_metrics_are_those_of_all(tmp_path: Path) -> None:
    async with crew(tmp_path) as (client, _small, _everybody), client.get("/metrics") as answer:
        page = await answer.text()
    for worker in ("0", "1"):
        assert f'harness_calls_started_total{{transport="webrtc",worker="{worker}"}} 1.0' in page
    assert 'harness_process_open_fds{worker="front"}' in page


@pytest.mark.parametrize("method", ["PUT", "GET"])
async def test_while_nobody_is_there_it_says_so(tmp_path: Path, method: str) -> None:
    async with crew(tmp_path) as (client, _small, everybody):
        for worker in everybody.workers.all:
            worker.is_up = False
        async with client.request(method, "/harness/calls", headers=WITH_KEY) as answer:
            assert answer.status == 503
        async with client.get("/healthz") as answer:
            assert answer.status == 503
