"""Requests of a run to a Realtime server, with the key that the page never sees.

The requests themselves are the client's own: `harness.client.http_api`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from harness.client.http_api import HttpResponse, RealtimeHttpApi, api_base
from harness.errors import ServerRefused

__all__ = [
    "ServerAddress",
    "api_base",
    "choose_assistant",
    "mint_secret",
    "post_offer",
    "set_script",
]


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


async def mint_secret(server: ServerAddress, session: Mapping[str, Any]) -> dict[str, Any]:
    """What our page needs to start a call.

    Returns:
        client_secret, expires_at, calls_url and session (as the server filled it in).

    Raises:
        ServerUnreachable: nobody answers there.
        ServerRefused: it refuses the key or the settings, or answers nonsense.
    """
    rest = RealtimeHttpApi(server.url)
    answer = await rest.mint(server.api_key, {"type": "realtime", **session})
    return {
        "client_secret": answer["value"],
        "expires_at": answer.get("expires_at"),
        "calls_url": rest.calls_url,
        "session": answer.get("session"),
    }


async def post_offer(calls_url: str, client_secret: str, offer: str) -> str:
    """Send an SDP offer with an ephemeral secret, as our page does; gives the SDP answer.

    Raises:
        ServerUnreachable: nobody answers there.
        ServerRefused: it answers with anything but an SDP answer.
    """
    rest = RealtimeHttpApi(calls_url.removesuffix("/realtime/calls"))
    answer, _ = await rest.call(client_secret, offer)
    return answer


async def set_script(server: ServerAddress, script: Mapping[str, Any]) -> bool:
    """Tell a local server what its assistant says from now on; False where it is not ours.

    Raises:
        ServerUnreachable: nobody answers there.
        ServerRefused: it refuses the key or the script, or is another's that answers otherwise.
    """
    rest = RealtimeHttpApi(server.url)
    url = f"{rest.base.removesuffix('/v1')}/harness/script"
    answer = await rest.request("PUT", url, server.api_key, json=dict(script))
    if answer.status in (404, 405):
        return False
    if not _is_ours(answer):
        raise ServerRefused(
            f"The server at {rest.base} takes no script for its assistant.",
            status=answer.status,
            expected="a local server (`harness serve`), or an answer 404 or 405 from any other",
            found=f"an answer {answer.status} that no local server gives",
            hint="take `assistant` out of the scenario (or out of the call) for this server, or "
            "start a local one",
        )
    if answer.status != 200:
        raise rest.refused("the assistant's script", "200", answer, server.api_key)
    return True


async def choose_assistant(server: ServerAddress, name: str) -> None:
    """Tell a local server which of the assistants that it has answers from now on.

    Raises:
        ServerUnreachable: nobody answers there.
        ServerRefused: it refuses the key, or has none of that name.
    """
    rest = RealtimeHttpApi(server.url)
    url = f"{rest.base.removesuffix('/v1')}/harness/assistant"
    answer = await rest.request("PUT", url, server.api_key, json={"assistant": name})
    if answer.status != 200:
        raise rest.refused("the assistant's name", "200", answer, server.api_key)


def _is_ours(answer: HttpResponse) -> bool:
    """Whether it is what a local server says: how many rules it took, or an error in its words."""
    wanted = "rules" if answer.status == 200 else "error"
    return wanted in answer.json
