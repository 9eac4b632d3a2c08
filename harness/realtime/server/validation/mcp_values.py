"""Remote tools (MCP): servers as a session names them, their tools, and what may be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from harness.realtime.session_object import Settings

LIST_WITHIN_S = 15.0
CALL_WITHIN_S = 60.0
"""How long a remote server may take; then the listing, or the call, has failed."""

MAX_MESSAGE_CHARS = 500
"""What a remote server says went wrong is told to the client up to here."""

TIMED_OUT = -32001
"""JSON-RPC's code, as MCP uses it, for an answer that came too late."""

MASK = "•••"
MIN_SECRET_CHARS = 6
"""Shorter header values are words such as "on" rather than secrets."""

SECRET_KEYS = ("authorization", "headers")
ADDRESS_KEYS = ("server_url", "connector_id", "tunnel_id")

FailureKind = Literal["protocol_error", "http_error", "tool_execution_error"]


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """Where a remote tool server is, and what it wants to see first."""

    label: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """With the authorization; secrets, never to be shown."""


@dataclass(frozen=True, slots=True)
class RemoteTool:
    """A tool as its server lists it."""

    name: str
    description: str = ""
    input_schema: dict[str, Any] = field(default_factory=dict)
    annotations: dict[str, Any] | None = None

    @property
    def is_read_only(self) -> bool:
        """Its server says that it changes nothing."""
        return (self.annotations or {}).get("readOnlyHint") is True

    def as_listed(self) -> dict[str, Any]:
        """The entry of an ``mcp_list_tools`` item; stock clients want a text as description."""
        return {
            "name": self.name,
            "description": self.description,
            "input_schema": self.input_schema,
            "annotations": self.annotations,
        }


@dataclass(frozen=True, slots=True)
class RemoteFailure:
    """Why a listing or a call came to nothing."""

    kind: FailureKind
    message: str
    code: int | None = None
    """The HTTP status, or the code of the JSON-RPC error."""

    def as_error(self) -> dict[str, Any]:
        """The ``error`` of an ``mcp_call`` item."""
        message = self.message[:MAX_MESSAGE_CHARS]
        if self.kind == "tool_execution_error":
            return {"type": self.kind, "message": message}
        return {"type": self.kind, "code": self.code or 0, "message": message}


@dataclass(frozen=True, slots=True)
class RemoteResult:
    """What a call gave: its output, or why there is none."""

    output: str | None = None
    failure: RemoteFailure | None = None


@dataclass(frozen=True, slots=True)
class WantedCall:
    """A call of a remote tool that the model wants made."""

    server: RemoteServer
    name: str
    arguments_text: str
    approval_request_id: str | None = None
    """The request that was approved, where one was needed."""

    is_forbidden: bool = False
    """It needs an approval that cannot be had: the call fails without being made."""


def remote_server(tool: Settings) -> RemoteServer:
    """The server behind an ``mcp`` tool of the session; an OAuth token becomes a header."""
    headers = dict(tool.get("headers") or {})
    token = tool.get("authorization")
    if token is not None:
        has_scheme = token.lower().startswith("bearer ")
        headers["Authorization"] = token if has_scheme else f"Bearer {token}"
    return RemoteServer(tool["server_label"], tool["server_url"], headers)


def is_allowed(definition: Settings, tool: RemoteTool) -> bool:
    """Whether the session offers this tool of the server to the model."""
    allowed = definition.get("allowed_tools")
    if allowed is None:
        return True
    if isinstance(allowed, list):
        return tool.name in allowed
    return _matches(allowed, tool, if_empty=True)


def needs_approval(definition: Settings, tool: RemoteTool) -> bool:
    """Whether the client has to agree to each call; where nothing says otherwise, it has to."""
    wanted = definition.get("require_approval") or "always"
    if isinstance(wanted, str):
        return wanted == "always"
    if _matches(wanted.get("always") or {}, tool, if_empty=False):
        return True
    return not _matches(wanted.get("never") or {}, tool, if_empty=False)


def without_secrets(session: Settings) -> Settings:
    """The session as anybody may see it: tokens and headers of tool servers left out."""
    tools = session.get("tools")
    if not tools:
        return session
    return {**session, "tools": [_without_secrets(tool) for tool in tools]}


def hide_secrets(text: str, server: RemoteServer) -> str:
    """The text without what was sent to the server as a secret, should it have sent it back.

    A secret of several lines is hidden line by line, too: programs are quoted by lines.
    """
    secrets = set[str]()
    for value in server.headers.values():
        secrets |= {value, value.removeprefix("Bearer "), *map(str.strip, value.splitlines())}
    for secret in sorted(secrets, key=len, reverse=True):  # one may begin with another
        if len(secret) >= MIN_SECRET_CHARS:
            text = text.replace(secret, MASK)
    return text


def _without_secrets(tool: Settings) -> Settings:
    if tool.get("type") != "mcp":
        return tool
    return {key: value for key, value in tool.items() if key not in SECRET_KEYS}


def _matches(wanted: Settings, tool: RemoteTool, *, if_empty: bool) -> bool:
    """Whether a filter means this tool; all that it names must hold."""
    names, read_only = wanted.get("tool_names"), wanted.get("read_only")
    if names is None and read_only is None:
        return if_empty
    is_named = names is None or tool.name in names
    return is_named and (read_only is None or read_only == tool.is_read_only)
