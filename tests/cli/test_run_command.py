"""The arguments of ``harness run``: what is typed, and what the project says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import harness.cli.run
from harness.cli.command_line import run_command_line
from harness.cli.suite_choice import SuiteChoice


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    asked: dict[str, Any] = {}

    def run_conversations(scenarios: list[str], **options: Any) -> int:
        asked.update(options, scenarios=scenarios)
        return 0

    monkeypatch.setattr(harness.cli.run, "run_conversations", run_conversations)
    monkeypatch.chdir(tmp_path)
    return asked


def test_options_make_a_choice(asked: dict[str, Any]) -> None:
    typed = "run a b --engine simulated --engine native --tag x --tag !y --set a=b --repeat 3"
    assert run_command_line([*typed.split(), "--shard", "2/3", "--last-failed"]) == 0
    assert list(asked["scenarios"]) == ["a", "b"]
    assert asked["choice"] == SuiteChoice(
        engines=("simulated", "native"),
        tags=("x", "!y"),
        values=("a=b",),
        repeat=3,
        shard="2/3",
        last_failed=True,
    )


def test_the_project_speaks_where_nothing_is_typed(asked: dict[str, Any]) -> None:
    settings = (
        '[tool.realtime-harness]\nscenarios = ["calls"]\nengine = "simulated"\nworkers = 3\n'
        'out = "there"\nredirect = ["openai"]\n'
    )
    Path("pyproject.toml").write_text(settings, encoding="utf-8")
    assert run_command_line(["run", "--workers", "2"]) == 0
    assert list(asked["scenarios"]) == ["calls"]
    assert asked["out"] == Path("there")
    assert asked["redirect"] == ["openai"]
    assert asked["choice"] == SuiteChoice(engines=("simulated",), workers=2)
    assert run_command_line(["run", "mine", "--", "npm", "start"]) == 0
    assert list(asked["scenarios"]) == ["mine"]
    assert asked["backend"] == ["npm", "start"]


def test_a_wrong_setting_is_told(asked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text("[tool.realtime-harness]\nworker = 2\n", encoding="utf-8")
    assert run_command_line(["run", "a"]) == 2
    assert "did you mean workers?" in capsys.readouterr().err
