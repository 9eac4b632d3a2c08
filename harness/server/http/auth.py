"""Authorisation of requests: the API key, client secrets, and the shape of the API that is gone."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from aiohttp import web

from harness.server.http.client_secrets import PREFIX, ClientSecret, ClientSecrets, same_key
from harness.server.http.errors import Refusal

BETA_HEADER = "OpenAI-Beta"
BETA_CODE = "beta_api_shape_disabled"
SUBPROTOCOL = "realtime"
KEY_SUBPROTOCOL = "openai-insecure-api-key."
"""How a browser, which can set no headers, sends its key with a WebSocket's handshake."""
BETA_SUBPROTOCOL = "openai-beta."
CONTRACT = "/v1/"
"""Where the hosted service's paths are; ours are not."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens a server."""

    api_key: str = field(repr=False)
    client_secrets: ClientSecrets = field(repr=False)
    accepts_any: bool = False
    """Whether every key, and none, opens what the hosted service has; never what is our own."""


KEYS = web.AppKey("keys", Keys)


def require_api_key(request: web.Request) -> None:
    """Refuse whoever does not have the API key; a client secret is not enough.

    Raises:
        Refusal: 401 without the key; 400 for the beta's shape.
    """
    refuse_beta(request)
    if _is_open(request):
        return
    if not same_key(request.app[KEYS].api_key, key_of(request)):
        raise Refusal(401, "Incorrect API key provided.", "invalid_api_key")


def authorised(request: web.Request) -> ClientSecret | None:
    """The client secret of a request; None when it carries the API key instead.

    Raises:
        Refusal: 401 without either, or with one that is unknown or has expired.
    """
    if _is_open(request):
        refuse_beta(request)
        return _secret_if_known(request)
    key = key_of(request)
    if not key.startswith(PREFIX):
        require_api_key(request)
        return None
    secret = request.app[KEYS].client_secrets.find(key, time.time())
    if secret is None:
        message = "The client secret is unknown or has expired."
        raise Refusal(401, message, "invalid_api_key")
    return secret


def _is_open(request: web.Request) -> bool:
    return request.app[KEYS].accepts_any and request.path.startswith(CONTRACT)


def _secret_if_known(request: web.Request) -> ClientSecret | None:
    try:
        return request.app[KEYS].client_secrets.find(key_of(request), time.time())
    except Refusal:
        return None  # no key at all


def refuse_beta(request: web.Request) -> None:
    """Refuse a request for the removed beta shape.

    Raises:
        Refusal: 400, where it is one.
    """
    if is_beta(request):
        message = f"The beta shape of this API is gone; do not send '{BETA_HEADER}: realtime=v1'."
        raise Refusal(400, message, BETA_CODE)


def is_beta(request: web.Request) -> bool:
    """Whether a request asks for the removed beta shape."""
    offered = subprotocols(request)
    return "realtime=v1" in request.headers.get(BETA_HEADER, "") or any(
        name.startswith(BETA_SUBPROTOCOL) for name in offered
    )


def key_of(request: web.Request) -> str:
    """The key a request carries, in its header or, with a WebSocket, as a subprotocol.

    Raises:
        Refusal: 401, where it carries none.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token.strip():
        return token.strip()
    for name in subprotocols(request):
        if name.startswith(KEY_SUBPROTOCOL) and name != KEY_SUBPROTOCOL:
            return name.removeprefix(KEY_SUBPROTOCOL)
    message = "You didn't provide an API key in an Authorization header: 'Bearer KEY'."
    raise Refusal(401, message, "missing_api_key")


def subprotocols(request: web.Request) -> list[str]:
    """The subprotocols that a WebSocket's handshake offers; none with any other request."""
    if request.headers.get("Upgrade", "").strip().lower() != "websocket":
        return []
    offered = ",".join(request.headers.getall("Sec-WebSocket-Protocol", []))
    return [name.strip() for name in offered.split(",") if name.strip()]
