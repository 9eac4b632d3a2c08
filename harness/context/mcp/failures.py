"""Failures of a remote tool server, as the protocol tells them."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from harness.realtime.server.validation.mcp_values import RemoteFailure, RemoteServer, hide_secrets

MAX_ANSWER_BYTES = 1024 * 1024
"""What a server may send in all, for one listing or one call."""

UNREACHABLE = -32000
UNREADABLE = -32700
NO_REQUEST = -32600
"""Codes of JSON-RPC: the connection is gone; what came is not the protocol's; nor is what was
asked, which the package also says of an answer that is none."""

_TOLD_BY_STATUS_ALONE = ("Server returned an error response", "Not Found", "Session terminated")


class RemoteProblem(Exception):
    """A server could not be used."""

    def __init__(self, failure: RemoteFailure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class AnswerTooLarge(Exception):
    """The server sent more than it may."""


class AnswerPacked(Exception):
    """The server compressed its answer, although it was asked not to."""


@dataclass(slots=True)
class Watch:
    """What was seen of the connection."""

    status: int | None = None
    """Of the latest answer."""

    received_bytes: int = 0
    is_too_large: bool = False

    broken: Exception | None = None
    """What ended an answer before it was whole, or began. The package tells of some of it only
    that the connection is closed."""

    def see(self, status: int, encoding: str | None) -> None:
        """An answer begins.

        Raises:
            AnswerPacked: its size could not be judged.
        """
        self.status = status
        if encoding not in (None, "", "identity"):
            self.broken = AnswerPacked()
            raise self.broken

    def begin(self) -> None:
        """Something is asked anew."""
        self.received_bytes, self.broken = 0, None

    def got_none(self, error: Exception) -> None:
        """No answer began."""
        self.status, self.broken = None, error

    def count(self, size: int) -> None:
        """A part of an answer came in.

        Raises:
            AnswerTooLarge: that was too much.
        """
        self.received_bytes += size
        if self.received_bytes > MAX_ANSWER_BYTES:
            self.is_too_large = True
            raise AnswerTooLarge


def failure_of(error: BaseException, watch: Watch, server: RemoteServer) -> RemoteFailure:
    """What to tell of an error of the MCP client's.

    Args:
        error: as raised, perhaps in groups.
        watch: what was seen of the connection.
        server: whose secrets must not be told.
    """
    if watch.is_too_large:
        message = f"The server's answer is larger than {MAX_ANSWER_BYTES} bytes."
        return RemoteFailure("protocol_error", message, UNREADABLE)
    cause = first_error(error)
    if isinstance(cause, AnswerPacked):
        message = "The server compressed its answer, although it was asked not to."
        return RemoteFailure("protocol_error", message, UNREADABLE)
    code, message = getattr(cause, "code", None), str(getattr(cause, "message", ""))
    status = watch.status
    if status is not None and 300 <= status < 400:
        told = "The server redirects to another address, which is not followed."
        return RemoteFailure("http_error", told, status)
    is_refusal = status is not None and (status in (401, 403) or message in _TOLD_BY_STATUS_ALONE)
    if is_refusal and status is not None and status >= 400:
        return RemoteFailure("http_error", _phrase(status), status)
    if isinstance(code, int):
        return RemoteFailure("protocol_error", hide_secrets(message, server), code)
    if watch.status is None:
        told = f"The server could not be reached ({type(cause).__name__})."
        return RemoteFailure("protocol_error", told, UNREACHABLE)
    told = f"The server's answer could not be read ({type(cause).__name__})."
    return RemoteFailure("protocol_error", told, UNREADABLE)


def first_error(error: BaseException) -> BaseException:
    """The first error of a group of groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "an HTTP error"
