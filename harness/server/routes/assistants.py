"""The assistant over HTTP: chosen among those that the server was started with."""

from __future__ import annotations

from aiohttp import web
from pydantic import ValidationError

from harness.realtime.server.assistants.script import Script
from harness.server.http.auth import require_api_key
from harness.server.http.body import json_object
from harness.server.http.errors import Refusal
from harness.server.routes.state import STATE


def add_assistants(app: web.Application) -> None:
    """`/harness/script` and `/harness/assistant`. Calls that run keep their assistant."""
    app.router.add_put("/harness/script", set_script)
    app.router.add_get("/harness/assistant", get_assistant)
    app.router.add_put("/harness/assistant", set_assistant)


async def set_script(request: web.Request) -> web.Response:
    """`PUT /harness/script`: what the assistant of later calls says and does.

    Raises:
        Refusal: 400 for a script that cannot be used.
    """
    require_api_key(request)
    try:
        script = Script.model_validate(await json_object(request))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        param = ".".join(str(part) for part in first["loc"])
        raise Refusal(
            400, f"Invalid script: {param}: {first['msg']}", "invalid_value", param
        ) from error
    request.app[STATE].assistants.follow(script)
    return web.json_response({"rules": len(script.rules)})


async def get_assistant(request: web.Request) -> web.Response:
    """`GET /harness/assistant`: who answers, and who could."""
    require_api_key(request)
    return _told(request)


async def set_assistant(request: web.Request) -> web.Response:
    """`PUT /harness/assistant` with `{"assistant": NAME}`: who answers in later calls.

    Raises:
        Refusal: 400 for a name that the server was not started with.
    """
    require_api_key(request)
    assistants = request.app[STATE].assistants
    name = (await json_object(request)).get("assistant")
    if not isinstance(name, str) or name not in assistants.known:
        message = f"Invalid value. Supported values are: {', '.join(assistants.known)}."
        raise Refusal(400, message, "invalid_value", "assistant")
    assistants.name = name
    return _told(request)


def _told(request: web.Request) -> web.Response:
    assistants = request.app[STATE].assistants
    return web.json_response({"assistant": assistants.name, "known": list(assistants.known)})
