"""Which remote tools are offered, which need approval, and what of a server may be shown."""

from __future__ import annotations

from typing import Any

import pytest

from harness.realtime.server.validation.mcp_values import (
    RemoteFailure,
    RemoteServer,
    RemoteTool,
    hide_secrets,
    is_allowed,
    needs_approval,
    remote_server,
    without_secrets,
)

READ = RemoteTool("read", annotations={"readOnlyHint": True})
WIPE = RemoteTool("wipe")


@pytest.mark.parametrize(
    ("allowed", "names"),
    [
        (None, ["read", "wipe"]),
        ([], []),
        (["wipe"], ["wipe"]),
        ({}, ["read", "wipe"]),
        ({"read_only": True}, ["read"]),
        ({"read_only": False}, ["wipe"]),
        ({"tool_names": ["read", "wipe"], "read_only": True}, ["read"]),
        ({"tool_names": []}, []),
    ],
)
def test_allowed_tools(allowed: Any, names: list[str]) -> None:
    definition = {"allowed_tools": allowed}
    assert [tool.name for tool in (READ, WIPE) if is_allowed(definition, tool)] == names


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (None, ["read", "wipe"]),
        ("always", ["read", "wipe"]),
        ("never", []),
        ({}, ["read", "wipe"]),
        ({"never": {"read_only": True}}, ["wipe"]),
        ({"never": {"tool_names": ["wipe"]}}, ["read"]),
        ({"always": {"tool_names": ["wipe"]}}, ["read", "wipe"]),
        ({"always": {"tool_names": ["read"]}, "never": {"read_only": True}}, ["read", "wipe"]),
        ({"never": {}}, ["read", "wipe"]),
    ],
)
def test_what_needs_approval(wanted: Any, names: list[str]) -> None:
    definition = {"require_approval": wanted}
    assert [tool.name for tool in (READ, WIPE) if needs_approval(definition, tool)] == names


def test_a_token_becomes_a_header() -> None:
    tool = {"server_label": "a", "server_url": "http://x/", "headers": {"X": "1"}}
    assert remote_server(tool).headers == {"X": "1"}
    for token in ("abc", "Bearer abc"):
        server = remote_server({**tool, "authorization": token})
        assert server.headers == {"X": "1", "Authorization": "Bearer abc"}


def test_no_secret_is_shown() -> None:
    tool = {"type": "mcp", "server_label": "a", "authorization": "s3cret", "headers": {"K": "v"}}
    function = {"type": "function", "name": "headers", "headers": "kept"}
    shown = without_secrets({"tools": [tool, function]})
    assert shown == {"tools": [{"type": "mcp", "server_label": "a"}, function]}
    assert "s3cret" not in repr(RemoteServer("a", "http://x/", {"Authorization": "s3cret"}))
    assert without_secrets({"type": "transcription"}) == {"type": "transcription"}


def test_a_secret_that_comes_back_is_hidden() -> None:
    server = RemoteServer("a", "http://x/", {"Authorization": "Bearer tok-123", "X-Debug": "on"})
    assert hide_secrets("tok-123 is on, Bearer tok-123", server) == "••• is on, •••"


def test_of_two_secrets_the_longer_goes_first_and_one_of_lines_goes_line_by_line() -> None:
    keys = {"A": "abc-123", "B": "abc-123-long", "C": "first line\n  second line\n}\n"}
    server = RemoteServer("desk", "", keys)
    assert hide_secrets("abc-123-long abc-123", server) == "••• •••"
    assert hide_secrets("read: second line }", server) == "read: ••• }"


def test_a_failure_as_the_protocol_tells_it() -> None:
    assert RemoteFailure("http_error", "x" * 900, 502).as_error() == {
        "type": "http_error",
        "code": 502,
        "message": "x" * 500,
    }
    failed = RemoteFailure("tool_execution_error", "no")
    assert failed.as_error() == {"type": "tool_execution_error", "message": "no"}
