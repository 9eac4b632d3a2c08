"""Addresses a server listens at: who may reach it there, and what that demands of its key."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from aiohttp import HttpVersion11, web

from harness.errors import UsageError
from harness.redact import short_key, too_short

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
PEER_HEADER = "X-Harness-Peer"
"""Where the front tells a worker who asks: "local" or "remote". It drops a client's own."""

PROXY_HEADERS = (
    *("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
    *("X-Real-IP", "Via"),
)


def is_loopback(host: str) -> bool:
    """Whether an address or a name is one of this machine alone."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def url_of(host: str, port: int) -> str:
    """The base address by which this machine reaches a server that listens on `host`."""
    if host in ("0.0.0.0", "::", ""):
        host = LOOPBACK if host != "::" else "[::1]"
    elif ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{port}"


def check_host(host: str) -> None:
    """Refuse a host that no server of this machine can listen at; names are looked up.

    Raises:
        UsageError: nobody knows the name, or it is another machine's.
    """
    try:
        found = socket.getaddrinfo(
            host or None, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        if not any(_can_listen(family, address) for family, _, _, _, address in found):
            raise _no_host(host, "no address of this machine")
    except (OSError, UnicodeError) as error:
        raise _no_host(host, getattr(error, "strerror", None) or "no name of a host") from error


def _can_listen(family: int, address: Any) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind(address)
    except OSError:
        return False
    return True


def _no_host(host: str, found: str) -> UsageError:
    return UsageError(
        f"A server cannot listen at “{host}”.",
        expected=f"an address of this machine: {LOOPBACK} for this machine alone, one of its own "
        "for a network, 0.0.0.0 for every network",
        found=f"{host}: {found}",
        hint=f"leave --host away for {LOOPBACK}; `ip addr` shows the others",
    )


def check_key(host: str, api_key: str | None) -> None:
    """Refuse a server that others can reach and whose key nobody has chosen.

    Raises:
        UsageError: no key, or one that no header can carry or no trace can hide.
    """
    if api_key is not None and (not api_key.isprintable() or not api_key.isascii()):
        raise _bad_key("characters that an Authorization header cannot carry")
    if api_key is not None and (not api_key.strip() or " " in api_key):
        raise _bad_key("a blank in it" if api_key.strip() else "nothing but blanks")
    if api_key is not None and (short := too_short(api_key)):
        raise short_key("The server's API key cannot be used.", short)
    if api_key is None and not is_loopback(host):
        raise UsageError(
            f"A server on {host} can be reached by others, so it needs a key of your choosing.",
            expected="the key in the environment variable HARNESS_API_KEY",
            found="none",
            hint="export HARNESS_API_KEY=…, or name another variable with --api-key-env NAME; "
            f"a server on {LOOPBACK} makes its own",
        )


def check_any_key(host: str, accepts_any_key: bool) -> None:
    """Refuse a server that takes every key and that others can reach.

    Raises:
        UsageError: it is not on a loopback address.
    """
    if accepts_any_key and not is_loopback(host):
        raise UsageError(
            f"A server on {host} can be reached by others, so it cannot accept any key.",
            expected=f"--accept-any-key with a loopback address, such as {LOOPBACK}",
            found=f"--host {host}",
            hint="leave --host away; or choose a key, and give it to those who may call",
        )


def _bad_key(found: str) -> UsageError:
    return UsageError(
        "The server's API key cannot be used.",
        expected="ASCII letters, digits and marks without blanks",
        found=found,
    )


def is_from_this_machine(request: web.Request) -> bool:
    """Whether a request was made here, and not handed on for somebody elsewhere.

    Behind our own front the connection is a Unix socket in a folder that only we can open; the
    front says who asks. Another proxy's requests count as from elsewhere; nginx as it comes adds no
    header and asks for our own name, but by HTTP/1.0, which no browser speaks.
    """
    if request.version < HttpVersion11 or any(name in request.headers for name in PROXY_HEADERS):
        return False
    transport = request.transport
    connection = transport.get_extra_info("socket") if transport is not None else None
    if connection is not None and connection.family == socket.AF_UNIX:
        return request.headers.get(PEER_HEADER) == "local"
    return request.remote is not None and is_loopback(request.remote)
