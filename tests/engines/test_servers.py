"""Which server a run calls, and where its key comes from."""

from __future__ import annotations

import pytest

from harness.engines.servers import HOSTED, RemoteServer, chosen_server, key_for, may_be_ours
from harness.errors import UsageError


def test_the_key_comes_from_the_environment_or_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HARNESS_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-number-one")
    assert key_for("x") == "sk-number-one"
    monkeypatch.setenv("HARNESS_API_KEY", "sk-number-two")
    assert key_for("x") == "sk-number-two"


@pytest.mark.parametrize(
    "url",
    ["openai", "https://api.openai.com/v1", "wss://eu.api.openai.com./v1", "https://OpenAI.com"],
)
def test_a_key_for_our_own_server_never_goes_to_the_hosted_service(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("HARNESS_API_KEY", "sk-our-own-server")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-number-one")
    assert key_for(url) == "sk-number-one"
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(UsageError, match="OPENAI_API_KEY") as told:
        key_for(url)
    assert "HARNESS_API_KEY" not in str(told.value)


def test_a_host_that_only_looks_like_the_service_is_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REALTIME_HARNESS_API_KEY", "sk-our-own-server")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-number-one")
    for url in ("https://notopenai.com/v1", "https://openai.com.example/v1", "http://127.0.0.1:1"):
        assert key_for(url) == "sk-our-own-server"


def test_a_key_too_short_to_be_masked_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HARNESS_API_KEY", "zq7")
    with pytest.raises(
        UsageError, match=r"(?s)HARNESS_API_KEY.*at least 8.*of 3 characters"
    ) as told:
        key_for("x")
    assert "zq7" not in str(told.value)


def test_a_server_s_key_is_not_in_its_repr() -> None:
    assert "sk-number-one" not in repr(RemoteServer("http://h", "sk-number-one"))


async def test_a_given_server_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(UsageError, match="no key"):
        async with chosen_server("openai", needs_ours=True):
            pass
    monkeypatch.setenv("OPENAI_API_KEY", "sk-number-one")
    async with chosen_server("openai", needs_ours=False) as server:
        assert server is not None
        assert server.url == "https://api.openai.com/v1"


async def test_no_server_is_started_that_nobody_calls() -> None:
    async with chosen_server(None, needs_ours=False) as server:
        assert server is None


def test_the_hosted_service_is_asked_for_nothing_of_our_own() -> None:
    """It gets the requests of the contract, and no others."""
    assert not may_be_ours(RemoteServer(HOSTED["openai"], "sk-number-one"))
    assert may_be_ours(RemoteServer("http://127.0.0.1:8080", "sk-number-one"))
