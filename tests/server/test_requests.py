"""Reading requests: what is wrong in them becomes the contract's refusal."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from harness.server.http_errors import Refusal
from harness.server.requests import bearer, secret_lifetime_s


def request_with(authorization: str) -> Any:
    return make_mocked_request("POST", "/", headers={"Authorization": authorization})


@pytest.mark.parametrize("value", ["Bearer sk-1", "bearer sk-1", "Bearer  sk-1 "])
def test_the_key_is_found(value: str) -> None:
    """However the word is spelled."""
    assert bearer(request_with(value)) == "sk-1"


@pytest.mark.parametrize("value", ["", "sk-1", "Basic sk-1", "Bearer", "Bearer  "])
def test_no_key_is_401(value: str) -> None:
    """And what came is not repeated."""
    with pytest.raises(Refusal) as caught:
        bearer(request_with(value))
    assert caught.value.status == 401
    assert "sk-1" not in caught.value.message


@pytest.mark.parametrize(
    ("body", "lifetime_s"),
    [
        ({}, 600),
        ({"expires_after": None}, 600),
        ({"expires_after": {"anchor": "created_at"}}, 600),
        ({"expires_after": {"anchor": "created_at", "seconds": 10}}, 10),
        ({"expires_after": {"seconds": 7200}}, 7200),
    ],
)
def test_the_lifetime_of_a_secret(body: dict[str, Any], lifetime_s: int) -> None:
    """Ten minutes unless it is said."""
    assert secret_lifetime_s(body) == lifetime_s


@pytest.mark.parametrize("seconds", [9, 7201, 10.5, "10", True, None])
def test_a_lifetime_out_of_range_is_400(seconds: Any) -> None:
    """Rather than clamped."""
    with pytest.raises(Refusal) as caught:
        secret_lifetime_s({"expires_after": {"seconds": seconds}})
    assert (caught.value.status, caught.value.param) == (400, "expires_after.seconds")
