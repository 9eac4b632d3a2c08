"""Refusals of what the protocol does not allow, as HTTP answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.errors import ProtocolError
from harness.server.http.errors import Refusal


@contextmanager
def refusing_mistakes() -> Iterator[None]:
    """A `ProtocolError` inside becomes the answer 400 with its code and path.

    Raises:
        Refusal: there was one.
    """
    try:
        yield
    except ProtocolError as error:
        raise Refusal(400, error.message, error.code, error.param) from error
