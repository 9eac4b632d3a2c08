"""The shapes of what a client may send about remote tools (MCP)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from harness.realtime import vocabulary as v
from harness.realtime.server.validation.mcp_values import ADDRESS_KEYS

MAX_SERVERS = 16
MAX_LABEL_CHARS = 64
MAX_URL_CHARS = 2048
MAX_SECRET_CHARS = 8192

NO_CONNECTORS = "This server reaches remote tools by 'server_url' alone."
_HEADERS = v.StringMap(max_pairs=50, max_key_chars=256, max_value_chars=MAX_SECRET_CHARS)

FILTER = v.Record({"tool_names": v.Array(v.Text()), "read_only": v.Boolean()})
ALLOWED_TOOLS = v.ByJsonType(many=v.Array(v.Text()), record=FILTER)
REQUIRE_APPROVAL = v.ByJsonType(
    text=v.Choice(("always", "never")), record=v.Record({"always": FILTER, "never": FILTER})
)


def _one_address(tool: Any, path: str) -> None:
    """One address, or none: then the tool refers to a server that is known by its label."""
    given = [key for key in ADDRESS_KEYS if tool.get(key) is not None]
    if len(given) > 1:
        v.refuse(
            f"Invalid '{path}': exactly one of 'server_url', 'connector_id' and 'tunnel_id' may be "
            f"given, but got {' and '.join(repr(key) for key in given)}.",
            "invalid_value",
            path,
        )
    if tool.get("server_url") is not None:
        _usable_url(tool["server_url"], v.join(path, "server_url"))


def _usable_url(url: str, path: str) -> None:
    """The text is not told in the message: an address may hold a key."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        is_address = has_port = False
    if not (is_address and has_port) or any(letter.isspace() for letter in url):
        v.refuse(f"Invalid '{path}': expected an http or https URL.", "invalid_value", path)
    if "@" in parts.netloc:
        v.refuse(
            f"Invalid '{path}': a URL with a user name or password. Use 'authorization' or "
            "'headers'.",
            "invalid_value",
            path,
        )


def _sound_secrets(tool: Any, path: str) -> None:
    """What cannot be sent as a header is refused here, where nothing has been sent yet."""
    headers = tool.get("headers") or {}
    names = [name.lower() for name in headers]
    if tool.get("authorization") is not None and "authorization" in names:
        v.refuse(
            f"Invalid '{path}': 'authorization' and an Authorization header cannot be given both.",
            "invalid_value",
            v.join(path, "authorization"),
        )
    for name, value in headers.items():
        if not _is_header(name, value):
            v.refuse(
                f"Invalid '{path}.headers': expected names and values that HTTP allows.",
                "invalid_value",
                v.join(path, "headers"),
            )
    if not _is_header("authorization", tool.get("authorization") or "x"):
        key = v.join(path, "authorization")
        v.refuse(f"Invalid '{key}': expected a token.", "invalid_value", key)


def _is_header(name: str, value: str) -> bool:
    is_name = bool(name) and all(
        letter.isascii() and (letter.isalnum() or letter in "!#$%&'*+-.^_`|~") for letter in name
    )
    return is_name and all(
        letter == "\t" or (letter.isascii() and letter.isprintable()) for letter in value
    )


def _sound_tool(tool: Any, path: str) -> None:
    _one_address(tool, path)
    _sound_secrets(tool, path)


MCP_TOOL_FIELDS = v.Record(
    {
        "type": v.Text(),
        "server_label": v.Text(MAX_LABEL_CHARS, may_be_empty=False),
        "server_url": v.Text(MAX_URL_CHARS, may_be_empty=False),
        "server_description": v.Text(),
        "authorization": v.Text(MAX_SECRET_CHARS, may_be_empty=False),
        "headers": _HEADERS,
        "allowed_tools": ALLOWED_TOOLS,
        "require_approval": REQUIRE_APPROVAL,
        "allowed_callers": v.Array(v.Choice(("direct", "programmatic"))),
        "defer_loading": v.Boolean(),
    },
    required=("server_label",),
    refused={"connector_id": NO_CONNECTORS, "tunnel_id": NO_CONNECTORS},
)
MCP_TOOL = v.Checked(MCP_TOOL_FIELDS, _sound_tool)
MCP_TOOL_CHOICE = v.Record(
    {"type": v.Text(), "server_label": v.Text(may_be_empty=False), "name": v.Text()},
    required=("server_label",),
)


def different_labels(tools: Any, path: str) -> None:
    """A rule for a list of tools: each remote server once, and not too many."""
    seen: set[str] = set()
    for index, tool in enumerate(tools):
        if tool["type"] != "mcp":
            continue
        label = tool["server_label"]
        if label in seen:
            v.refuse(
                f"Duplicate MCP server_label '{label}': each label can be used once.",
                "invalid_value",
                f"{path}[{index}].server_label",
            )
        seen.add(label)
    if len(seen) > MAX_SERVERS:
        v.refuse(
            f"Invalid '{path}': array too long. Expected at most {MAX_SERVERS} MCP servers, but "
            f"got {len(seen)} instead.",
            "array_above_max_length",
            path,
        )


def mcp_items(base: Mapping[str, v.Shape]) -> dict[str, v.Shape]:
    """Items about remote tools that a client may create, by type.

    An approval is a decision; the others are history, and make nothing happen.

    Args:
        base: the fields that every item may have.
    """
    base = {key: shape for key, shape in base.items() if key != "status"}
    call = {"server_label": v.Text(), "name": v.Text(), "arguments": v.Text()}
    return {
        "mcp_approval_response": v.Record(
            {**base, "approval_request_id": v.Text(), "approve": v.Boolean(), "reason": v.Text()},
            required=("approval_request_id", "approve"),
        ),
        "mcp_approval_request": v.Record({**base, **call}, required=tuple(call)),
        "mcp_call": v.Record(
            {
                **base,
                **call,
                "approval_request_id": v.Text(),
                "output": v.Text(),
                "error": CALL_ERROR,
            },
            required=tuple(call),
        ),
        "mcp_list_tools": v.Record(
            {**base, "server_label": v.Text(), "tools": v.Array(LISTED_TOOL)},
            required=("server_label", "tools"),
        ),
    }


_COUNTED_ERROR = v.Record(
    {"type": v.Text(), "code": v.Integer(), "message": v.Text()}, required=("code", "message")
)
CALL_ERROR = v.OneOf(
    "type",
    {
        "protocol_error": _COUNTED_ERROR,
        "http_error": _COUNTED_ERROR,
        "tool_execution_error": v.Record(
            {"type": v.Text(), "message": v.Text()}, required=("message",)
        ),
    },
)
LISTED_TOOL = v.Record(
    {
        "name": v.Text(),
        "description": v.Text(),
        "input_schema": v.Anything(),
        "annotations": v.Anything(),
    },
    required=("name", "input_schema"),
)
