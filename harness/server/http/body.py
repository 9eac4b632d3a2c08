"""Reading requests: what is wrong in them becomes the contract's refusal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from harness.errors import ProtocolError
from harness.realtime.server.validation.settings import effective_session
from harness.realtime.wire import parse_strict_json
from harness.server.http.client_secrets import DEFAULT_S, LONGEST_S, SHORTEST_S
from harness.server.http.errors import Refusal

LAST_CHANNEL_ID = 65_534
MOST_BODY_BYTES = 1024 * 1024
BODY_WITHIN_S = 20.0
MOST_MODEL_CHARS = 256
TRANSCRIPTION_MODELS = ("transcribe", "whisper")
"""A model whose name holds one of these words hears, and does not talk."""


def secret_lifetime_s(body: dict[str, Any]) -> int:
    """How many seconds a secret is to last, from the body that asks for it.

    Raises:
        Refusal: 400 for unknown keys, and values out of range.
    """
    for key in body:
        if key not in ("session", "expires_after"):
            raise unknown_parameter(key)
    expires = body.get("expires_after")
    if expires is None:
        return DEFAULT_S
    if not isinstance(expires, dict):
        raise Refusal(400, "'expires_after' is an object.", "invalid_type", "expires_after")
    for key in expires:
        if key not in ("anchor", "seconds"):
            raise unknown_parameter(f"expires_after.{key}")
    if expires.get("anchor", "created_at") != "created_at":
        message = "Invalid value for 'expires_after.anchor'. Supported values are: 'created_at'."
        raise Refusal(400, message, "invalid_value", "expires_after.anchor")
    return _seconds_in_range(expires.get("seconds", DEFAULT_S))


def _seconds_in_range(seconds: Any) -> int:
    path = "expires_after.seconds"
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise Refusal(400, f"Invalid type for '{path}': expected an integer.", "invalid_type", path)
    if seconds < SHORTEST_S:
        message = (
            f"Invalid '{path}': integer below minimum value. Expected a value >= {SHORTEST_S}."
        )
        raise Refusal(400, message, "integer_below_min_value", path)
    if seconds > LONGEST_S:
        message = f"Invalid '{path}': integer above maximum value. Expected a value <= {LONGEST_S}."
        raise Refusal(400, message, "integer_above_max_value", path)
    return seconds


async def read_offer(
    request: web.Request, *, is_multipart_allowed: bool, within_s: float = BODY_WITHIN_S
) -> tuple[str, Any]:
    """The SDP and the session settings of a request of either form.

    Raises:
        Refusal: 415 for another content type; 400 where a part is missing or malformed.
    """
    async with _reading(within_s):
        if request.content_type == "application/sdp":
            return _text(await request.read(), "sdp"), None
        if request.content_type == "multipart/form-data" and is_multipart_allowed:
            return await _multipart_offer(request)
    known = "'application/sdp'" + (" and 'multipart/form-data'" if is_multipart_allowed else "")
    message = f"Unsupported content type: '{request.content_type}'. Supported here: {known}."
    raise Refusal(415, message, "unsupported_content_type")


async def _multipart_offer(request: web.Request) -> tuple[str, Any]:
    parts: dict[str, bytes] = {}
    try:
        async for part in await request.multipart():
            name = part.name if isinstance(part, BodyPartReader) else None
            if not isinstance(part, BodyPartReader) or name not in ("sdp", "session"):
                raise unknown_parameter(name or "a part without a name")
            if name in parts:
                raise Refusal(400, f"'{name}' is given twice.", "invalid_body", name)
            parts[name] = bytes(await part.read(decode=True))
    except (
        ValueError,
        RuntimeError,
        HttpProcessingError,
    ) as error:  # what aiohttp makes of nonsense
        raise Refusal(400, "The multipart body is malformed.", "invalid_body") from error
    if "sdp" not in parts:
        raise Refusal(
            400, "Missing required parameter: 'sdp'.", "missing_required_parameter", "sdp"
        )
    session = _parsed(parts["session"], "session") if "session" in parts else None
    return _text(parts["sdp"], "sdp"), session


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object; no body is an empty one.

    Raises:
        Refusal: 400, where it is something else.
    """
    body = await whole_body(request)
    parsed = _parsed(body, None) if body.strip() else {}
    if not isinstance(parsed, dict):
        raise Refusal(400, "The request body is a JSON object.", "invalid_type")
    return parsed


async def whole_body(request: web.Request) -> bytes:
    """The body as it came.

    Raises:
        Refusal: it is too large, too slow, or ends early.
    """
    async with _reading(BODY_WITHIN_S):
        return await request.read()


async def body_of_at_most(
    request: web.Request, most_bytes: int, too_large: str, within_s: float = BODY_WITHIN_S
) -> bytes:
    """The body as it came, where the application's own bound does not fit.

    Args:
        too_large: what to say of more than `most_bytes`.

    Raises:
        Refusal: 413 where there is more; it is too slow, or ends early.
    """
    refused = Refusal(413, too_large, "request_too_large")
    if (request.content_length or 0) > most_bytes:
        raise refused
    body = bytearray()
    async with _reading(within_s):
        async for chunk in request.content.iter_chunked(65_536):
            body += chunk
            if len(body) > most_bytes:
                raise refused
    return bytes(body)


@asynccontextmanager
async def _reading(within_s: float) -> AsyncIterator[None]:
    """Read a body inside: one that does not come, or ends early, holds nothing up."""
    try:
        async with asyncio.timeout(within_s):
            yield
    except TimeoutError as error:
        message = f"The request body did not arrive within {within_s:g} s."
        raise Refusal(408, message, "request_timeout") from error
    except (ConnectionError, web.RequestPayloadError) as error:
        raise Refusal(400, "The request body ended early.", "invalid_body") from error


def _parsed(body: bytes, param: str | None) -> Any:
    try:
        return parse_strict_json(body.decode("utf-8-sig"))
    except ValueError as error:
        message = "We could not parse the JSON body of your request."
        raise Refusal(400, message, "invalid_json", param) from error


def _text(body: bytes, param: str) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refusal(400, f"'{param}' is not UTF-8 text.", "invalid_value", param) from error


def wanted_session(partial: Any) -> dict[str, Any]:
    """The complete session that starts from what a client asks for.

    Raises:
        Refusal: 400 for settings that a session cannot have.
    """
    if partial is not None and not isinstance(partial, dict):
        raise Refusal(400, "'session' is an object.", "invalid_type", "session")
    if partial == {}:
        message = "Missing required parameter: 'session.type'."
        raise Refusal(400, message, "missing_required_parameter", "session.type")
    try:
        return effective_session(partial)
    except ProtocolError as error:
        raise Refusal(400, error.message, error.code, error.param) from error


def wanted_model(request: web.Request) -> str | None:
    """The model that the URL names, for a session that talks; None where it names none.

    Raises:
        Refusal: 400 for a name that cannot be one, or is a transcription model's.
    """
    model = request.query.get("model")
    if model is None:
        return None
    if not 0 < len(model) <= MOST_MODEL_CHARS or not model.isprintable():
        raise Refusal(400, "Invalid value for 'model'.", "invalid_model", "model")
    if any(word in model for word in TRANSCRIPTION_MODELS):
        message = f'Model "{model}" is not supported in realtime mode.'
        raise Refusal(400, message, "invalid_model", "model")
    return model


def wanted_channel_id(request: web.Request) -> int | None:
    """The number of the events channel, where the client has agreed on it beforehand.

    Its own end is a channel with ``negotiated: true`` and this ``id``, which nothing announces.

    Raises:
        Refusal: 400, where it is no number of a channel.
    """
    text = request.query.get("dcid")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= LAST_CHANNEL_ID):
        message = f"Invalid value for 'dcid': expected an integer from 0 to {LAST_CHANNEL_ID}."
        raise Refusal(400, message, "invalid_value", "dcid")
    return int(text)


def with_model(session: dict[str, Any], model: str | None) -> dict[str, Any]:
    """A session as it starts under the model that the URL names; that one wins."""
    if model is None or session["type"] != "realtime" or session["model"] == model:
        return session
    return {**session, "model": model}


def unknown_parameter(param: str) -> Refusal:
    """A key that the contract does not have."""
    return Refusal(400, f"Unknown parameter: '{param}'.", "unknown_parameter", param)
