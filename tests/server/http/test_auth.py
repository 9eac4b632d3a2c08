"""Where a key is found, and what asks for the beta."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from harness.server.http.auth import is_beta, key_of, subprotocols
from harness.server.http.errors import Refusal


def request_with(authorization: str) -> Any:
    return make_mocked_request("POST", "/", headers={"Authorization": authorization})


def handshake(protocols: str, **headers: str) -> Any:
    upgrade = {"Upgrade": "websocket", "Sec-WebSocket-Protocol": protocols}
    return make_mocked_request("GET", "/", headers={**upgrade, **headers})


@pytest.mark.parametrize("value", ["Bearer sk-1", "bearer sk-1", "Bearer  sk-1 "])
def test_the_key_is_found(value: str) -> None:
    """However the word is spelled."""
    assert key_of(request_with(value)) == "sk-1"


@pytest.mark.parametrize("value", ["", "sk-1", "Basic sk-1", "Bearer", "Bearer  "])
def test_no_key_is_401(value: str) -> None:
    """And what came is not repeated."""
    with pytest.raises(Refusal) as caught:
        key_of(request_with(value))
    assert caught.value.status == 401
    assert "sk-1" not in caught.value.message


def test_a_browser_sends_its_key_as_a_subprotocol() -> None:
    """Among others, known or not; a header comes first."""
    protocols = "realtime, openai-insecure-api-key.ek_1, openai-agents-sdk.0.20.0"
    assert key_of(handshake(protocols)) == "ek_1"
    assert key_of(handshake(protocols, Authorization="Bearer sk-2")) == "sk-2"
    assert subprotocols(handshake("realtime,x")) == ["realtime", "x"]


def test_a_subprotocol_counts_in_a_handshake_only() -> None:
    """A page could not be kept from sending it anywhere else."""
    headers = {"Sec-WebSocket-Protocol": "realtime, openai-insecure-api-key.ek_1"}
    with pytest.raises(Refusal):
        key_of(make_mocked_request("POST", "/", headers=headers))


def test_an_empty_key_is_none() -> None:
    with pytest.raises(Refusal):
        key_of(handshake("realtime, openai-insecure-api-key."))


def test_the_beta_is_asked_for_by_header_or_subprotocol() -> None:
    assert is_beta(make_mocked_request("GET", "/", headers={"OpenAI-Beta": "realtime=v1"}))
    assert is_beta(handshake("realtime, openai-beta.realtime-v1"))
    assert not is_beta(make_mocked_request("GET", "/", headers={"OpenAI-Beta": "assistants=v2"}))
