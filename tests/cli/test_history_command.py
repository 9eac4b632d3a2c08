"""The arguments of `harness history`, and those of `harness run` that feed it, as processes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Harness

SCENARIO = "name: hello\nsteps: [{say: greeting-hello}]\n"


def test_a_run_is_added_shown_and_written_for_allure(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "hello.yaml").write_text(SCENARIO, encoding="utf-8")
    typed = ["run", "hello.yaml", "--engine", "simulated", "--history", "voice.sqlite"]
    run = harness(*typed, "--allure", "allure", GITHUB_SHA="0123456789abcdef")
    assert run.returncode in (0, 1), run.stderr
    (result,) = (tmp_path / "allure").glob("*-result.json")
    test = json.loads(result.read_text(encoding="utf-8"))
    assert {one["name"] for one in test["attachments"]} >= {"Report", "Trace"}
    shown = harness("history", "voice.sqlite", "--json")
    (scenario,) = json.loads(shown.stdout)["scenarios"]
    assert (scenario["name"], scenario["outcomes"][0]["build"]) == ("hello", "0123456789ab")
    again = harness("history", "voice.sqlite", "--add", "out")
    assert "added 0 of 1 runs" in again.stderr


def test_a_damaged_history_is_told_before_anything_is_run(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "hello.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "voice.sqlite").write_bytes(b"x" * 5000)
    typed = ["run", "hello.yaml", "--engine", "simulated", "--history", "voice.sqlite"]
    run = harness(*typed)
    assert run.returncode == 3
    assert "--rescue" in run.stderr
    assert not (tmp_path / "out").exists()
