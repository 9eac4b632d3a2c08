"""The server a run calls: the local one in a process of its own, or one that others run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from harness.client.server_api import ServerAddress
from harness.environment import variable
from harness.errors import UsageError
from harness.network.redirect_rules import HOSTED_SERVERS
from harness.redact import Masker, short_key, too_short
from harness.server.assistants.choice import Parts
from harness.server.process.launch import start_server

KEY_VARIABLES = ("HARNESS_API_KEY", "OPENAI_API_KEY")
HOSTED_DOMAIN = "openai.com"
HOSTED = HOSTED_SERVERS


@dataclass(frozen=True)
class RemoteServer:
    """A Realtime server that somebody else runs."""

    url: str
    api_key: str = field(repr=False)


def may_be_ours(server: ServerAddress) -> bool:
    """Whether a server may know more than the contract; the hosted service does not."""
    return server.url not in HOSTED.values()


@asynccontextmanager
async def chosen_server(
    server_url: str | None,
    *,
    needs_ours: bool,
    accept_any_key: bool = False,
    spawned: Callable[[], asyncio.subprocess.Process | None] = lambda: None,
    parts: Parts | None = None,
) -> AsyncIterator[ServerAddress | None]:
    """The given server; else the local one where it is needed; else none.

    Args:
        server_url: its address, or a name in `HOSTED`.
        accept_any_key: the local one takes every key.
        spawned: gives away a process for the local one that comes up already, if there is one.
        parts: who answers in the local one; None for the script.

    Raises:
        UsageError: a server is given, and no key for it.
        ServerStartError: the local one did not come up.
    """
    if server_url is not None:
        yield RemoteServer(HOSTED.get(server_url, server_url), key_for(server_url))
    elif needs_ours:
        async with start_server(
            accept_any_key=accept_any_key, spawned=spawned(), parts=parts
        ) as server:
            yield server
    else:
        yield None


def key_variables(server_url: str) -> tuple[str, ...]:
    """Where the key for a server may be, by its host.

    A key for a server of our own is never sent to the hosted service, whatever else is set.
    """
    host = urlsplit(HOSTED.get(server_url, server_url)).hostname or ""
    host = host.rstrip(".")
    is_hosted = host == HOSTED_DOMAIN or host.endswith(f".{HOSTED_DOMAIN}")
    return ("OPENAI_API_KEY",) if is_hosted else KEY_VARIABLES


def key_for(server_url: str) -> str:
    """The key for a server, from the environment.

    Raises:
        UsageError: there is none, or one that is too short to be masked.
    """
    names = key_variables(server_url)
    for name in names:
        if key := variable(name):
            if found := too_short(key):
                raise short_key(f"The key in {name} cannot be used.", found)
            return key
    raise UsageError(
        f"There is no key for the server {Masker().text(server_url)}.",
        expected=f"an API key in the environment variable {' or '.join(names)}",
        found="nothing there",
        hint=f"export {names[-1]}=…; it stays in Python, the page gets ephemeral secrets",
    )
