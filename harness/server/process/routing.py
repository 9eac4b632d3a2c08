"""Routing of a request to its worker, read from the first lines of it.

Ids of calls carry the worker that has them: `rtc_u2_…`, `sess_u2_…` and `live_u2_…` are worker
2's. All else either begins a call, and goes where the fewest are, or is the same for all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs

from harness.errors import ProtocolError

CALLS_PATH = "/v1/realtime/calls"
WEBSOCKET_PATH = "/v1/realtime"
LIVE_PATH = "/v1/live/sessions"
"""A POST begins a session there, and so does a WebSocket."""
WRITTEN = ("/v1/responses", "/v1/chatkit", "/chatkit", "/harness/chatkit")
"""One worker keeps all that is written, so that each request finds what those before it left."""

FRONT_PATHS = frozenset(
    {"/status", "/status.json", "/metrics", "/healthz", "/harness/calls", "/harness/faults/applied"}
)
"""What the front answers itself, from all workers."""

_CALL_ID = re.compile(r"(?:rtc|sess|live)_u(\d{1,4})_")
_OURS = ("connection", "keep-alive", "x-harness-peer")
"""Header lines that the front writes anew."""

Place = Literal["front", "least loaded", "any"]


@dataclass(frozen=True, slots=True)
class Target:
    """Who is to answer."""

    place: Place
    worker: int | None = None
    """The worker that has the call, whatever `place` says."""
    begins_call: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The request line and the headers of a request."""

    method: str
    target: str
    """As it came: the path and the query."""
    lines: tuple[bytes, ...]
    """All header lines, without the request line and without line ends."""
    version: str = "HTTP/1.1"

    @property
    def path(self) -> str:
        """The target up to its "?"."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What stands behind the target's "?"; "" without one."""
        return self.target.partition("?")[2]

    @property
    def is_websocket(self) -> bool:
        """Whether this asks for a WebSocket; bytes of another kind may follow then."""
        return self.method == "GET" and any(
            line.lower().replace(b" ", b"").startswith(b"upgrade:websocket") for line in self.lines
        )

    @property
    def body_bytes(self) -> int | None:
        """How long the body is; None where only its own chunks tell."""
        length = 0
        for line in self.lines:
            name, _, value = line.lower().partition(b":")
            if name == b"transfer-encoding":
                return None
            if name == b"content-length":
                length = int(value) if value.strip().isdigit() else 0
        return length

    def forwarded(self, peer: str) -> bytes:
        """The head as a worker gets it.

        One request a connection, so that each finds its own worker; also where a WebSocket is
        asked for and refused. Any other upgrade is not passed on.

        Args:
            peer: "local" or "remote", for `harness.server.http.address.is_from_this_machine`.
        """
        dropped = _DROPPED if self.is_websocket else (*_DROPPED, b"upgrade:")
        kept = [line for line in self.lines if not line.lower().startswith(dropped)]
        ours = [b"Connection: " + (b"Upgrade, close" if self.is_websocket else b"close")]
        ours.append(f"X-Harness-Peer: {peer}".encode())
        first = f"{self.method} {self.target} {self.version}".encode("latin-1")
        return b"\r\n".join([first, *kept, *ours, b"", b""])


_DROPPED = tuple(f"{name}:".encode() for name in _OURS)


def parse_head(data: bytes) -> Head:
    """The head of a request, up to and with its empty line.

    Raises:
        ProtocolError: it is none; nothing of it may be passed on.
    """
    first, *lines = data.removesuffix(b"\r\n\r\n").split(b"\r\n")
    parts = first.decode("latin-1").split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1.") or not parts[0].isalpha():
        raise ProtocolError("Not an HTTP request.", expected="METHOD TARGET HTTP/1.1")
    if any(b"\n" in line or b"\r" in line or not _is_header(line) for line in lines):
        raise ProtocolError("A header line is malformed.", expected="Name: value")
    method, target, version = parts
    return Head(method, target, tuple(lines), version)


def _is_header(line: bytes) -> bool:
    """A blank before the colon, or at the start, hides a name from whoever looks for it."""
    name, colon, _value = line.partition(b":")
    return bool(colon and name) and not any(mark in name for mark in b" \t")


def target_of(head: Head) -> Target:
    """Who answers this request."""
    if head.path in FRONT_PATHS:
        return Target("front")
    if f"{head.path}/".startswith(tuple(f"{path}/" for path in WRITTEN)):
        return Target("any", worker=0)
    names_call = "/calls/" in head.path or head.path.startswith(f"{LIVE_PATH}/")
    in_path = _CALL_ID.search(head.path) if names_call else None
    call_id = in_path.group(0) if in_path else _query_call_id(head.query)
    if call_id and (found := _CALL_ID.match(call_id)):
        return Target("any", worker=int(found.group(1)))
    if head.path.startswith("/harness/") and head.method in ("PUT", "DELETE"):
        return Target("front")
    if head.path == CALLS_PATH and head.method == "POST":
        return Target("least loaded", begins_call=True)
    if head.path in (WEBSOCKET_PATH, LIVE_PATH):
        return Target("least loaded", begins_call=True)
    return Target("any")


def _query_call_id(query: str) -> str:
    return parse_qs(query).get("call_id", [""])[0] if "call_id" in query else ""
