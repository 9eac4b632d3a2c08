"""Where a key is found, and what asks for the beta."""

from __future__ import annotations

import time
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from harness.server.http.auth import (
    BETA_HEADER,
    KEYS,
    Keys,
    authorised,
    is_beta,
    key_of,
    require_api_key,
    subprotocols,
)
from harness.server.http.client_secrets import ClientSecrets
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


def with_keys(request: Any, accepts_any: bool) -> None:
    """Give a request's application one API key."""
    request.app[KEYS] = Keys("sk-ours-alone", ClientSecrets(), accepts_any)


def asking(path: str, authorization: str = "") -> Any:
    return make_mocked_request(
        "POST", path, headers={"Authorization": authorization}, app=web.Application()
    )


@pytest.mark.parametrize("authorization", ["", "Bearer sk-any", "Bearer ek_somebody_s", "Basic x"])
def test_a_server_that_accepts_any_key_takes_every_one_and_none(authorization: str) -> None:
    request = asking("/v1/realtime/calls", authorization)
    with_keys(request, accepts_any=True)
    require_api_key(request)
    assert authorised(request) is None


def test_it_knows_its_own_secrets_all_the_same() -> None:
    """They stand for the session that they were made with."""
    secrets = ClientSecrets()
    secret = secrets.mint({"type": "realtime"}, 600, time.time())
    request = asking("/v1/realtime/calls", f"Bearer {secret.value}")
    request.app[KEYS] = Keys("sk-ours-alone", secrets, accepts_any=True)
    found = authorised(request)
    assert found is not None
    assert found.session == {"type": "realtime"}


@pytest.mark.parametrize("path", ["/harness/script", "/harness/faults", "/harness/calls"])
def test_what_is_our_own_wants_the_key_all_the_same(path: str) -> None:
    request = asking(path, "Bearer sk-any")
    with_keys(request, accepts_any=True)
    with pytest.raises(Refusal) as caught:
        require_api_key(request)
    assert caught.value.status == 401


def test_the_beta_is_gone_whatever_the_key() -> None:
    request = make_mocked_request(
        "POST", "/v1/realtime/calls", headers={BETA_HEADER: "realtime=v1"}, app=web.Application()
    )
    with_keys(request, accepts_any=True)
    with pytest.raises(Refusal, match="beta"):
        authorised(request)


@pytest.mark.parametrize("authorization", ["", "Bearer sk-any", "Bearer ek_somebody_s"])
def test_any_other_server_takes_its_own_keys_alone(authorization: str) -> None:
    request = asking("/v1/realtime/calls", authorization)
    with_keys(request, accepts_any=False)
    with pytest.raises(Refusal) as caught:
        authorised(request)
    assert caught.value.status == 401
