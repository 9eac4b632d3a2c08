"""Short-lived keys."""

from __future__ import annotations

import pytest

from harness.errors import ProtocolError
from harness.server.http.client_secrets import (
    MOST_SESSION_BYTES,
    ClientSecrets,
    digest_of,
    same_key,
    surplus_of,
)


def test_a_secret_is_found_until_it_expires() -> None:
    """And may start several sessions until then."""
    secrets = ClientSecrets()
    secret = secrets.mint({"model": "m"}, 10, now_unix_s=100.0)
    assert secret.value.startswith("ek_")
    assert secret.expires_at == 110
    assert secrets.find(secret.value, 109.9) == secret
    assert secrets.find(secret.value, 109.9) == secret
    assert secrets.find(secret.value, 110.0) is None


def test_unknown_values_are_not_found() -> None:
    """Whatever they look like."""
    secrets = ClientSecrets()
    secret = secrets.mint({}, 10, now_unix_s=0.0)
    for value in ("", "ek_", secret.value[:-1], secret.value + "x", "ek_ß\ud800"):
        assert secrets.find(value, 1.0) is None


def test_a_secret_does_not_show_itself() -> None:
    """Neither in its text nor in that of what holds it."""
    secret = ClientSecrets().mint({"instructions": "private"}, 10, now_unix_s=0.0)
    assert secret.value not in repr(secret)
    assert "private" not in repr(secret)


def test_the_number_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first."""
    monkeypatch.setattr("harness.server.http.client_secrets.MOST_KEPT", 100)
    secrets = ClientSecrets()
    first = secrets.mint({}, 7200, now_unix_s=0.0)
    last = [secrets.mint({}, 7200, now_unix_s=0.0) for _ in range(100)][-1]
    assert secrets.find(first.value, 1.0) is None
    assert secrets.find(last.value, 1.0) is not None


def test_the_bytes_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few large sessions push out as many small ones as it takes; it is logged."""
    monkeypatch.setattr("harness.server.http.client_secrets.MOST_KEPT_BYTES", 3_000)
    secrets = ClientSecrets()
    minted = [secrets.mint({"instructions": "x" * 900}, 60, now_unix_s=0.0) for _ in range(4)]
    found = [secrets.find(secret.value, 1.0) for secret in minted]
    assert found == [None, *minted[1:]]


def test_a_session_that_is_too_large_gets_no_secret() -> None:
    """And pushes nobody out."""
    secrets = ClientSecrets()
    kept = secrets.mint({}, 60, now_unix_s=0.0)
    with pytest.raises(ProtocolError, match="may have 262144 bytes") as refused:
        secrets.mint({"instructions": "x" * MOST_SESSION_BYTES}, 60, now_unix_s=0.0)
    assert refused.value.code == "request_too_large"
    assert secrets.find(kept.value, 1.0) == kept


def test_the_oldest_are_the_surplus(monkeypatch: pytest.MonkeyPatch) -> None:
    """By number and by size, whichever asks for more."""
    monkeypatch.setattr("harness.server.http.client_secrets.MOST_KEPT", 3)
    monkeypatch.setattr("harness.server.http.client_secrets.MOST_KEPT_BYTES", 10)
    assert surplus_of([]) == 0
    assert surplus_of([4, 4, 2]) == 0
    assert surplus_of([1, 1, 1, 1]) == 1
    assert surplus_of([1, 1, 1, 10]) == 3


def test_keys_are_compared_as_a_whole() -> None:
    """Equal or not."""
    assert same_key("sk-1", "sk-1")
    assert not same_key("sk-1", "sk-12")


def test_a_secret_is_known_by_its_hash_until_it_expires() -> None:
    secrets = ClientSecrets()
    digest = digest_of(secrets.mint({}, 60, now_unix_s=0.0).value)
    assert secrets.knows(digest, 59.0)
    assert not secrets.knows(digest_of("ek_another"), 59.0)
    assert not secrets.knows(digest, 60.0)
