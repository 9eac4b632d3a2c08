"""Client secrets that several processes honour."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.server.http.client_secrets import digest_of
from harness.server.process.shared_secrets import SharedClientSecrets

SESSION = {"type": "realtime", "instructions": "Be brief."}


def test_a_secret_of_one_is_good_with_the_other(tmp_path: Path) -> None:
    secret = SharedClientSecrets(tmp_path).mint(SESSION, 60, 1000.0)
    found = SharedClientSecrets(tmp_path).find(secret.value, 1059.0)
    assert found == secret
    assert found.session == SESSION


def test_it_expires_everywhere(tmp_path: Path) -> None:
    secret = SharedClientSecrets(tmp_path).mint(SESSION, 60, 1000.0)
    assert SharedClientSecrets(tmp_path).find(secret.value, 1060.0) is None
    assert SharedClientSecrets(tmp_path).find("ek_other", 1000.0) is None


def test_the_disk_never_holds_it(tmp_path: Path) -> None:
    """Neither in a file nor in a name; nor its session."""
    secret = SharedClientSecrets(tmp_path).mint(SESSION, 60, 1000.0)
    files = list(tmp_path.iterdir())
    assert len(files) == 1
    content = files[0].read_bytes()
    assert secret.value not in files[0].name
    assert secret.value.encode() not in content
    assert b"Be brief" not in content


def test_what_has_expired_is_removed(tmp_path: Path) -> None:
    secrets = SharedClientSecrets(tmp_path)
    secrets.mint(SESSION, 60, 1000.0)
    kept = secrets.mint(SESSION, 60, 1061.0)
    assert len(list(tmp_path.iterdir())) == 1
    assert SharedClientSecrets(tmp_path).find(kept.value, 1061.0) is not None


def test_what_is_too_much_is_removed_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By bytes, too: one process alone writes faster than time passes."""
    monkeypatch.setattr("harness.server.http.client_secrets.MOST_KEPT_BYTES", 1_000)
    monkeypatch.setattr("harness.server.process.shared_secrets.FORGET_EVERY_BYTES", 500)
    secrets = SharedClientSecrets(tmp_path)
    minted = [secrets.mint({"instructions": "x" * 400}, 60 + n, 1000.0) for n in range(6)]
    assert len(list(tmp_path.iterdir())) <= 3
    assert SharedClientSecrets(tmp_path).find(minted[0].value, 1001.0) is None
    assert SharedClientSecrets(tmp_path).find(minted[-1].value, 1001.0) == minted[-1]


def test_a_file_that_is_broken_is_no_secret(tmp_path: Path) -> None:
    """Whatever one byte of it opens to; a digit is JSON, too."""
    secret = SharedClientSecrets(tmp_path).mint(SESSION, 60, 1000.0)
    path = next(tmp_path.iterdir())
    for byte in range(256):
        path.write_bytes(bytes([byte]))
        assert SharedClientSecrets(tmp_path).find(secret.value, 1000.0) is None


def test_every_process_knows_a_secret_by_its_hash(tmp_path: Path) -> None:
    secret = SharedClientSecrets(tmp_path).mint(SESSION, 60, 1000.0)
    other = SharedClientSecrets(tmp_path)
    assert other.knows(digest_of(secret.value), 1059.0)
    assert not other.knows(digest_of(secret.value), 1060.0)
    assert not other.knows(digest_of("ek_another"), 1000.0)
    assert not other.knows("../" + tmp_path.name, 1000.0), "a hash, and no path"
