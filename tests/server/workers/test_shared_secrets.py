"""Client secrets that several processes honour."""

from __future__ import annotations

from pathlib import Path

from harness.server.workers.shared_secrets import SharedClientSecrets

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


def test_a_file_that_is_broken_is_no_secret(tmp_path: Path) -> None:
    secret = SharedClientSecrets(tmp_path).mint(SESSION, 60, 1000.0)
    next(tmp_path.iterdir()).write_bytes(b"{")
    assert SharedClientSecrets(tmp_path).find(secret.value, 1000.0) is None
