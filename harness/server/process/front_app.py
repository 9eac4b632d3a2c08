"""Requests that the front answers itself: things that concern all workers at once.

Status and metrics are put together from all of them; a PUT or DELETE under `/harness/` (the script,
faults) goes to every one, also to those that are started later.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

from harness.server.http.address import PEER_HEADER
from harness.server.http.body import MOST_BODY_BYTES, whole_body
from harness.server.http.errors import Refusal, json_errors
from harness.server.process.merged_metrics import merged
from harness.server.process.workers import Worker, Workers
from harness.server.status.meter import Meter, ProcessCollector
from harness.server.status.monitor import own_status
from harness.server.status.recent import RecentErrors
from harness.server.status.status import add_status
from harness.server.status.vitals import Vitals

ANSWER_WITHIN_S = 10.0
MOST_REMEMBERED = 64
"""Different paths whose last PUT is kept for workers that are started later."""

_NOT_PASSED_ON = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "expect"}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker said."""

    status: int
    body: bytes
    content_type: str

    def response(self) -> web.Response:
        """It as aiohttp sends it."""
        return web.Response(
            status=self.status, body=self.body, headers={"Content-Type": self.content_type}
        )


class Everybody:
    """Asks all workers the same. Use as an async context manager, inside that of the workers."""

    def __init__(self) -> None:
        self.workers: Workers | None = None
        self.errors = RecentErrors()
        self.vitals = Vitals()
        self.meter = Meter("front")
        self.meter.registry.register(ProcessCollector("front"))
        self._started_unix_s = time.time()
        self._sessions: dict[int, aiohttp.ClientSession] = {}
        self._puts: dict[str, tuple[dict[str, str], bytes]] = {}
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Everybody:
        self.errors.__enter__()
        self._watching = asyncio.create_task(self.vitals.run(), name="vitals")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await asyncio.gather(*(session.close() for session in self._sessions.values()))
        self.errors.__exit__()

    @property
    def living(self) -> list[Worker]:
        """The workers that are up."""
        return [] if self.workers is None else [w for w in self.workers.all if w.is_up]

    async def ask(
        self,
        worker: Worker,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Answer:
        """One request to one worker.

        Raises:
            OSError, TimeoutError, aiohttp.ClientError: it does not answer.
        """
        session = self._session(worker)
        async with session.request(
            method, f"http://localhost{path}", headers=headers, data=body
        ) as answer:
            kind = answer.headers.get("Content-Type", "application/json")
            return Answer(answer.status, await answer.read(), kind)

    def _session(self, worker: Worker) -> aiohttp.ClientSession:
        if worker.number not in self._sessions:
            self._sessions[worker.number] = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(str(worker.socket), force_close=True),
                timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN_S),
            )
        return self._sessions[worker.number]

    async def ask_all(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> list[Answer]:
        """One request to every living worker; what does not answer is left out."""
        asked = (self.ask(worker, method, path, headers, body) for worker in self.living)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        return [answer for answer in answers if isinstance(answer, Answer)]

    # What later workers have to know

    def remember(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        """Keep the last PUT of each path; a DELETE undoes those under its own."""
        plain = path.partition("?")[0]
        if method == "PUT":
            self._puts.pop(path, None)
            self._puts[path] = (headers, body)
            while len(self._puts) > MOST_REMEMBERED:
                self._puts.pop(next(iter(self._puts)))
            return
        for known in [p for p in self._puts if f"{p.partition('?')[0]}/".startswith(f"{plain}/")]:
            del self._puts[known]

    async def teach(self, worker: Worker) -> None:
        """Tell a worker that was started again what the others were told.

        Raises:
            OSError: it does not listen.
        """
        for path, (headers, body) in list(self._puts.items()):
            try:
                await self.ask(worker, "PUT", path, headers, body)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise OSError(f"it did not take {path}: {error}") from error

    # harness.server.status.status.StatusSource

    async def statuses(self) -> list[dict[str, Any]]:
        known = [] if self.workers is None else self.workers.all
        found = await asyncio.gather(*(self._status(worker) for worker in known))
        return [*found, self._own_status()]

    async def _status(self, worker: Worker) -> dict[str, Any]:
        if worker.is_up:
            try:
                answer = await self.ask(worker, "GET", "/status.json", {PEER_HEADER: "local"})
                (status,) = json.loads(answer.body)["workers"]
                return {**status, "deaths": worker.deaths}
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError):
                pass
        return {"worker": worker.number, "is_down": True, "deaths": worker.deaths}

    def _own_status(self) -> dict[str, Any]:
        return own_status("front", self._started_unix_s, self.vitals, self.errors)

    async def metrics(self) -> bytes:
        answers = await self.ask_all("GET", "/metrics", {PEER_HEADER: "local"})
        texts = [answer.body for answer in answers if answer.status == 200]
        return merged([*texts, self.meter.text()])

    def is_healthy(self) -> bool:
        return bool(self.living)


LISTS = {"/harness/calls": "calls", "/harness/faults/applied": "applied"}
"""Where each worker has a part of a list, and what that is called."""


def front_app(everybody: Everybody, api_key: str) -> web.Application:
    """The front's own application; it listens on a Unix socket, for the front alone."""
    app = web.Application(middlewares=[json_errors], client_max_size=MOST_BODY_BYTES)

    async def broadcast(request: web.Request) -> web.Response:
        headers, body = _passed_on(request), await whole_body(request)
        answers = await everybody.ask_all(request.method, request.path_qs, headers, body)
        if not answers:
            raise _nobody()
        worst = max(answers, key=lambda answer: answer.status)
        if worst.status < 300:
            everybody.remember(request.method, request.path_qs, headers, body)
        return worst.response()

    async def lists_together(request: web.Request) -> web.Response:
        answers = await everybody.ask_all("GET", request.path_qs, _passed_on(request))
        if not answers:
            raise _nobody()
        worst = max(answers, key=lambda answer: answer.status)
        if worst.status != 200:
            return worst.response()
        told = [json.loads(answer.body) for answer in answers]
        name = LISTS[request.path]
        return web.json_response({**told[-1], name: [one for part in told for one in part[name]]})

    async def _living(_app: web.Application) -> AsyncIterator[None]:
        async with everybody:
            yield

    app.cleanup_ctx.append(_living)
    add_status(app, everybody, api_key)
    for path in LISTS:
        app.router.add_get(path, lists_together)
    for method in ("PUT", "DELETE"):
        app.router.add_route(method, "/harness/{rest:.*}", broadcast)
    return app


def _passed_on(request: web.Request) -> dict[str, str]:
    return {
        name: value for name, value in request.headers.items() if name.lower() not in _NOT_PASSED_ON
    }


def _nobody() -> Refusal:
    message = "The server is starting again. Try again in a moment."
    return Refusal(503, message, "server_error", kind="server_error")
