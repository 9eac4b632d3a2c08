"""Responses that are kept: found, followed, forgotten."""

from __future__ import annotations

import pytest

from harness.context.responses.kept import KeptResponse, KeptResponses
from harness.errors import ProtocolError


def response(number: int, text: str = "", status: str = "completed") -> KeptResponse:
    output = [{"id": f"out{number}"}]
    resource = {"id": f"resp_{number}", "status": status, "output": output}
    return KeptResponse(resource, [{"id": f"in{number}", "text": text}], [])


def test_a_response_sees_what_came_before() -> None:
    kept = KeptResponses()
    kept.add(response(1))
    earlier = kept.before("resp_1")
    assert [item["id"] for item in earlier] == ["in1", "out1"]
    assert kept.before(None) == []


def test_one_that_is_unknown_or_under_way_cannot_be_followed() -> None:
    kept = KeptResponses()
    kept.add(response(1, status="in_progress"))
    for name, code in (("resp_1", "invalid_value"), ("resp_2", "previous_response_not_found")):
        with pytest.raises(ProtocolError, match=name) as caught:
            kept.before(name)
        assert (caught.value.code, caught.value.param) == (code, "previous_response_id")


def test_the_oldest_go_where_there_are_too_many() -> None:
    kept = KeptResponses(most=2)
    for number in range(3):
        kept.add(response(number))
    assert (len(kept), kept.find("resp_0")) == (2, None)
    large = KeptResponses(most_bytes=1000)
    for number in range(3):
        large.add(response(number, "x" * 600))
    assert len(large) == 1


def test_a_chain_does_not_grow_beyond_the_bound() -> None:
    """Each counts with what it follows, and one that is too large alone is not followed."""
    kept = KeptResponses(most_bytes=1000)

    def follow(number: int) -> None:
        one = response(number, "x" * 230)
        one.earlier = kept.before(f"resp_{number - 1}" if number else None)
        kept.add(one)

    for number in range(4):
        follow(number)
        assert len(kept) <= 2
    with pytest.raises(ProtocolError, match="resp_3") as caught:
        follow(4)
    found = (caught.value.code, caught.value.param)
    assert found == ("context_length_exceeded", "previous_response_id")


def test_a_removed_one_is_gone() -> None:
    kept = KeptResponses()
    kept.add(response(1))
    assert kept.remove("resp_1") is not None
    assert (kept.find("resp_1"), kept.remove("resp_1")) == (None, None)
