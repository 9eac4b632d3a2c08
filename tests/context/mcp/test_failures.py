"""What is told of a remote server that could not be used."""

from __future__ import annotations

import pytest

from harness.context.mcp.failures import (
    MAX_ANSWER_BYTES,
    UNREACHABLE,
    UNREADABLE,
    AnswerPacked,
    AnswerTooLarge,
    Watch,
    failure_of,
)
from harness.realtime.server.validation.mcp_values import RemoteServer

SERVER = RemoteServer("desk", "http://x/", {"Authorization": "Bearer tok-123456"})


class Refused(Exception):
    """As the MCP package raises a JSON-RPC error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message


@pytest.mark.parametrize(
    ("status", "error", "kind", "code"),
    [
        (200, Refused(-32602, "bad arguments"), "protocol_error", -32602),
        (400, Refused(-32602, "bad arguments"), "protocol_error", -32602),
        (404, Refused(-32601, "Not Found"), "http_error", 404),
        (403, Refused(-32000, "go away"), "http_error", 403),
        (599, Refused(-32603, "Server returned an error response"), "http_error", 599),
        (302, Refused(-32600, "Redirect to ..."), "http_error", 302),
        (None, ConnectionRefusedError(), "protocol_error", UNREACHABLE),
        (200, ValueError("what?"), "protocol_error", UNREADABLE),
        (200, ExceptionGroup("", [ExceptionGroup("", [AnswerPacked()])]), "protocol_error",
         UNREADABLE),
    ],
)  # fmt: skip
def test_failures_by_what_was_seen(
    status: int | None, error: Exception, kind: str, code: int
) -> None:
    failure = failure_of(error, Watch(status), SERVER)
    assert (failure.kind, failure.code) == (kind, code)
    assert failure.message


def test_secrets_in_a_servers_words_are_hidden() -> None:
    error = Refused(-32600, "what is tok-123456?")
    assert failure_of(error, Watch(200), SERVER).message == "what is •••?"


def test_more_than_a_server_may_send() -> None:
    watch = Watch()
    watch.count(MAX_ANSWER_BYTES)
    with pytest.raises(AnswerTooLarge):
        watch.count(1)
    assert "larger" in failure_of(Exception(), watch, SERVER).message


def test_a_packed_answer_is_refused() -> None:
    watch = Watch()
    watch.see(200, None)
    watch.see(200, "identity")
    with pytest.raises(AnswerPacked):
        watch.see(200, "gzip")
