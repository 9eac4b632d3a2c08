"""Mistakes of a client, as answers."""

from __future__ import annotations

import pytest

from harness.errors import ProtocolError
from harness.server.http.errors import Refusal
from harness.server.http.refusing import refusing_mistakes


def test_a_mistake_is_answered_with_its_code_and_path() -> None:
    with pytest.raises(Refusal) as caught, refusing_mistakes():
        raise ProtocolError("No.", code="invalid_value", param="a.b")
    refusal = caught.value
    assert (refusal.status, refusal.code, refusal.param) == (400, "invalid_value", "a.b")
