"""HTTP answers in the shapes of the contract: JSON errors, CORS, and nothing else leaks out."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web

from harness.errors import HarnessError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CORS_PATHS = ("/v1/realtime/calls", "/chatkit")
ALLOWED_HEADERS = "authorization, content-type, accept, x-openai-agents-sdk"
EXPOSED_HEADERS = "Location, X-Request-Id"

_NAMES = re.compile(r"[\w!#$%&'*+.^`|~-]+( *, *[\w!#$%&'*+.^`|~-]+)*", re.ASCII)
"""Names of headers, as a browser lists them (RFC 9110, 5.6.2)."""

_log = logging.getLogger(__name__)


class Refusal(Exception):
    """An answer other than success, with the contract's error body.

    Args:
        status: the HTTP status.
        message: one sentence for people; never a key, a path or a stack trace.
        code: the protocol's word, or None.
        param: the dotted path of what is wrong, or None.
        kind: `error.type`.
        headers: more headers of the answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.kind = kind
        self.headers = dict(headers or {})
        super().__init__(message)

    def response(self) -> web.Response:
        """The answer."""
        error = {
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "param": self.param,
        }
        return web.json_response({"error": error}, status=self.status, headers=self.headers)

    def as_bytes(self) -> bytes:
        """The answer on a connection that no application has; it is closed after that."""
        body = self.response().body
        assert isinstance(body, bytes)
        head = (
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n"
            "Content-Type: application/json; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Access-Control-Allow-Origin: *\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            f"X-Request-Id: {_request_id()}\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode() + body


@web.middleware
async def json_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn everything that goes wrong into a JSON error, and add the CORS headers."""
    try:
        response = await handler(request)
    except Refusal as refusal:
        response = refusal.response()
    except web.HTTPException as error:
        response = _known(request, error).response()
    except HarnessError as error:
        _log.error("%s %s: %s", request.method, request.path, error)
        response = _failed().response()
    except Exception:
        _log.exception("%s %s broke", request.method, request.path)
        response = _failed().response()
    if request.path.startswith(CORS_PATHS):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
        response.headers["Timing-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Request-Id"] = _request_id()
    return response


def _request_id() -> str:
    return f"req_{secrets.token_hex(16)}"


async def preflight(request: web.Request) -> web.Response:
    """What a browser asks before it sends an offer with a key."""
    wanted = request.headers.get("Access-Control-Request-Headers", "")
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": "POST, OPTIONS",
            "Access-Control-Allow-Headers": wanted if _NAMES.fullmatch(wanted) else ALLOWED_HEADERS,
            "Access-Control-Allow-Private-Network": "true",
            "Access-Control-Max-Age": "600",
        },
    )


def _known(request: web.Request, error: web.HTTPException) -> Refusal:
    what = f"{request.method} {request.path}"
    if error.status == 404:
        known = ", ".join(_routes(request.app))
        return Refusal(404, f"Unknown request URL: {what}. Known: {known}.", "unknown_url")
    if error.status == 405:
        return Refusal(405, f"Not allowed: {what}.", "method_not_supported")
    if error.status == 413:
        return Refusal(413, "The request body is too large.", "request_too_large")
    return Refusal(error.status, error.reason or "The request was refused.")


def _routes(app: web.Application) -> list[str]:
    routes = {
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource is not None and route.method not in ("HEAD", "OPTIONS")
    }
    return sorted(routes)


def _failed() -> Refusal:
    message = "The server had an error while processing the request."
    return Refusal(500, message, "server_error", kind="server_error")
