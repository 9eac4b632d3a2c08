"""Remote tools as a client may name them, and every mistake in it refused by its path."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import ProtocolError
from harness.realtime.server.validation.settings import effective_session, updated_session
from harness.realtime.server.validation.shapes_mcp import MAX_SERVERS

URL = "https://mcp.example.com/mcp"


def mcp(**fields: Any) -> dict[str, Any]:
    return {"type": "mcp", "server_label": "a", "server_url": URL, **fields}


@pytest.mark.parametrize(
    "tool",
    [
        mcp(),
        mcp(server_url="http://127.0.0.1:8000/mcp?x=1"),
        mcp(authorization="token", headers={"X-Api-Key": "k"}),
        mcp(allowed_tools=["a"], require_approval="never"),
        mcp(allowed_tools={"tool_names": ["a"], "read_only": True}),
        mcp(require_approval={"always": {"tool_names": []}, "never": {"read_only": True}}),
        mcp(allowed_callers=["direct"], defer_loading=True, server_description="text"),
        mcp(connector_id=None, tunnel_id=None, allowed_tools=None),
    ],
)
def test_a_good_server(tool: dict[str, Any]) -> None:
    session = effective_session({"type": "realtime", "tools": [tool]})
    assert session["tools"][0]["require_approval"]


@pytest.mark.parametrize(
    ("fields", "code", "where"),
    [
        ({"server_label": None}, "missing_required_parameter", ".server_label"),
        ({"server_label": ""}, "invalid_value", ".server_label"),
        ({"server_url": None}, "missing_required_parameter", ".server_url"),
        ({"server_url": "mcp.example.com"}, "invalid_value", ".server_url"),
        ({"server_url": "file:///etc/passwd"}, "invalid_value", ".server_url"),
        ({"server_url": "http://a b/"}, "invalid_value", ".server_url"),
        ({"server_url": "http://[::1"}, "invalid_value", ".server_url"),
        ({"server_url": "http://host:99999/"}, "invalid_value", ".server_url"),
        ({"server_url": "http://user:geheim@host/"}, "invalid_value", ".server_url"),
        ({"server_url": "x" * 3000}, "string_above_max_length", ".server_url"),
        ({"connector_id": "connector_gmail"}, "unsupported_parameter", ".connector_id"),
        ({"tunnel_id": "tunnel_1"}, "unsupported_parameter", ".tunnel_id"),
        ({"authorisation": "geheim"}, "unknown_parameter", ".authorisation"),
        ({"authorization": "geheim\r\nX: y"}, "invalid_value", ".authorization"),
        ({"authorization": 1}, "invalid_type", ".authorization"),
        ({"headers": {"X": 1}}, "invalid_type", ".headers.X"),
        ({"headers": {"X Y": "geheim"}}, "invalid_value", ".headers"),
        ({"headers": {"X": "geheim\n"}}, "invalid_value", ".headers"),
        (
            {"authorization": "geheim", "headers": {"AUTHORIZATION": "geheim"}},
            "invalid_value",
            ".authorization",
        ),
        ({"allowed_tools": "all"}, "invalid_type", ".allowed_tools"),
        ({"allowed_tools": [1]}, "invalid_type", ".allowed_tools[0]"),
        ({"allowed_tools": {"names": []}}, "unknown_parameter", ".allowed_tools.names"),
        ({"require_approval": "sometimes"}, "invalid_value", ".require_approval"),
        ({"require_approval": {"never": []}}, "invalid_type", ".require_approval.never"),
        ({"allowed_callers": ["x"]}, "invalid_value", ".allowed_callers[0]"),
        ({"name": "x"}, "unknown_parameter", ".name"),
    ],
)
def test_a_bad_server(fields: dict[str, Any], code: str, where: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        effective_session({"type": "realtime", "tools": [mcp(**fields)]})
    error = caught.value
    assert (error.code, error.param) == (code, f"session.tools[0]{where}")
    assert "geheim" not in str(error)


def test_labels_differ_and_servers_are_few() -> None:
    with pytest.raises(ProtocolError, match="Duplicate MCP server_label 'a'"):
        effective_session({"type": "realtime", "tools": [mcp(), mcp()]})
    many = [mcp(server_label=f"s{index}") for index in range(MAX_SERVERS + 1)]
    with pytest.raises(ProtocolError, match="array too long"):
        effective_session({"type": "realtime", "tools": many})


def test_a_label_alone_passes_the_check_of_an_update() -> None:
    """Whether somebody has that label is the session's to know."""
    session = effective_session({"type": "realtime"})
    reference = {"type": "mcp", "server_label": "a"}
    update = {"type": "realtime", "tools": [reference], "tool_choice": {**reference, "name": "x"}}
    updated = updated_session(session, update, has_spoken=False)
    assert updated["tools"] == [reference]
