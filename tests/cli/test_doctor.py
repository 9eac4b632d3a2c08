"""`harness doctor` on a terminal and as JSON."""

from __future__ import annotations

import json

import pytest

from harness.cli import doctor as command
from harness.cli.doctor import examine
from harness.cli.findings import Diagnosis, Finding

OK = Finding("python", "ok", "3.12.1")
GONE = Finding("chromium", "missing", "none", "sudo apt-get install chromium")
SPARE = Finding("node", "optional", "not on the PATH", "only for checks")


def examined(monkeypatch: pytest.MonkeyPatch, *diagnoses: Diagnosis, install: bool = False) -> int:
    answers = iter(diagnoses)
    monkeypatch.setattr(command, "diagnose", lambda: next(answers))
    monkeypatch.setattr(command, "install_missing", lambda diagnosis, say: say("installing"))
    return examine(install=install, as_json=False)


def test_what_is_optional_does_not_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert examined(monkeypatch, Diagnosis([OK, SPARE])) == 0
    assert "only for checks" in capsys.readouterr().out


def test_what_is_missing_fails_and_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert examined(monkeypatch, Diagnosis([OK, GONE])) == 3
    assert "sudo apt-get install chromium" in capsys.readouterr().out


def test_install_looks_again_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    assert examined(monkeypatch, Diagnosis([GONE]), Diagnosis([OK]), install=True) == 0


def test_json_is_one_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "diagnose", lambda: Diagnosis([OK, GONE]))
    assert examine(install=False, as_json=True) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["healthy"] is False
    assert found["findings"][1]["hint"] == "sudo apt-get install chromium"
