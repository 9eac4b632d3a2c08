"""Faults over HTTP: what later requests and calls shall suffer, and what was done to them."""

from __future__ import annotations

import math

from aiohttp import web

from harness.errors import UsageError
from harness.realtime.faults.parse import as_data, read_faults
from harness.server.faults.sources import refused
from harness.server.http.auth import require_api_key
from harness.server.http.body import json_object
from harness.server.http.errors import Refusal
from harness.server.routes.state import STATE

FAULTS_PATH = "/harness/faults"


def add_spoiling(app: web.Application) -> None:
    """`/harness/faults`. Calls that run keep theirs."""
    app.router.add_get(FAULTS_PATH, get_faults)
    app.router.add_put(FAULTS_PATH, set_faults)
    app.router.add_delete(FAULTS_PATH, set_faults)
    app.router.add_get(FAULTS_PATH + "/applied", get_applied)


async def get_faults(request: web.Request) -> web.Response:
    """`GET /harness/faults`: the server's own, not those of headers, secrets and scripts."""
    require_api_key(request)
    return _told(request)


async def set_faults(request: web.Request) -> web.Response:
    """`PUT /harness/faults` with `{"faults": [...]}`; `DELETE` for none.

    Raises:
        Refusal: 400 for faults that cannot be used.
    """
    require_api_key(request)
    try:
        wanted = [] if request.method == "DELETE" else read_faults(await json_object(request))
    except UsageError as error:
        raise refused(error) from error
    request.app[STATE].fault_sources.set(wanted)
    return _told(request)


async def get_applied(request: web.Request) -> web.Response:
    """`GET /harness/faults/applied?since_s=`: what was done since a moment of our clock."""
    require_api_key(request)
    fault_sources = request.app[STATE].fault_sources
    applied = fault_sources.log.since(_since_s(request))
    return web.json_response(
        {
            "now_s": fault_sources.clock.now_s(),
            "applied": applied,
            "dropped": fault_sources.log.dropped,
        }
    )


def _since_s(request: web.Request) -> float:
    text = request.query.get("since_s", "-1")
    try:
        since_s = float(text)
    except ValueError:
        since_s = math.nan
    if not math.isfinite(since_s):
        raise Refusal(400, "'since_s' is a number of seconds.", "invalid_value", "since_s")
    return since_s


def _told(request: web.Request) -> web.Response:
    return web.json_response({"faults": as_data(request.app[STATE].fault_sources.faults)})
