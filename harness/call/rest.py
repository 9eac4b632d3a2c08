"""What Python itself asks of a Realtime server, with the key that the page never sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import aiohttp

from harness.errors import ServerRefused, ServerUnreachable

TIMEOUT_S = 15


class ServerAddress(Protocol):
    """Where a Realtime server is, and the key for it."""

    @property
    def url(self) -> str:
        """Its base, with or without a final /v1."""
        ...

    @property
    def api_key(self) -> str:
        """A long-lived key; stays in Python."""
        ...


def api_base(url: str) -> str:
    """The address that ends in /v1, whichever form was given."""
    base = url.rstrip("/")
    return base if base.endswith("/v1") else f"{base}/v1"


async def mint_secret(server: ServerAddress, session: Mapping[str, Any]) -> dict[str, Any]:
    """What our page needs to start a call.

    Returns:
        client_secret, expires_at, calls_url and session (as the server filled it in).

    Raises:
        ServerUnreachable: nobody answers there.
        ServerRefused: it refuses the key or the settings, or answers nonsense.
    """
    body = {"session": {"type": "realtime", **session}}
    url = f"{api_base(server.url)}/realtime/client_secrets"
    status, answer = await _ask(server, "POST", url, body)
    if status != 200 or not isinstance(answer.get("value"), str):
        raise _refused(server, status, answer)
    return {
        "client_secret": answer["value"],
        "expires_at": answer.get("expires_at"),
        "calls_url": f"{api_base(server.url)}/realtime/calls",
        "session": answer.get("session"),
    }


async def post_offer(calls_url: str, client_secret: str, offer: str) -> str:
    """Send an SDP offer with an ephemeral secret, as our page does; gives the SDP answer.

    Raises:
        ServerUnreachable: nobody answers there.
        ServerRefused: it answers with anything but an SDP answer.
    """
    headers = {"Authorization": f"Bearer {client_secret}", "Content-Type": "application/sdp"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as http,
            http.post(calls_url, data=offer.encode(), headers=headers) as response,
        ):
            status, answer = response.status, await response.text()
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise ServerUnreachable(
            f"No Realtime server answers at {calls_url}.",
            expected="an SDP answer",
            found=str(error) or type(error).__name__,
        ) from error
    if status not in (200, 201) or not answer.startswith("v=0"):
        raise ServerRefused(
            f"The Realtime server at {calls_url} refused the call.",
            expected="201 with an SDP answer",
            found=f"{status}: {answer[:200]}",
        )
    return answer


async def set_script(server: ServerAddress, script: Mapping[str, Any]) -> bool:
    """Tell a local server what its assistant says from now on; False where it is not ours.

    Raises:
        ServerUnreachable: nobody answers there.
        ServerRefused: it is ours and refuses the key or the script.
    """
    url = f"{api_base(server.url).removesuffix('/v1')}/harness/script"
    status, answer = await _ask(server, "PUT", url, script)
    if status in (404, 405):
        return False
    if status != 200:
        raise _refused(server, status, answer)
    return True


async def _ask(
    server: ServerAddress, method: str, url: str, body: Mapping[str, Any]
) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {server.api_key}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as http,
            http.request(method, url, json=dict(body), headers=headers) as response,
        ):
            return response.status, await _json(response)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise ServerUnreachable(
            f"No Realtime server answers at {server.url}.",
            expected="an HTTP answer",
            found=str(error) or type(error).__name__,
            hint="start one with `harness serve`, or check the address given with --server",
        ) from error


async def _json(response: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        answer = await response.json(content_type=None)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refused(server: ServerAddress, status: int, answer: dict[str, Any]) -> ServerRefused:
    error = answer.get("error")
    facts = error if isinstance(error, dict) else {}
    message = facts.get("message") or "an answer without a client secret"
    code = f" ({facts['code']})" if facts.get("code") else ""
    hint = "check the key (OPENAI_API_KEY) for this server" if status in (401, 403) else None
    return ServerRefused(
        f"The Realtime server at {server.url} refused to start a session.",
        expected="200 with an ephemeral secret",
        found=f"{status}: {message}{code}",
        hint=hint or "check the scenario's session settings",
    )
