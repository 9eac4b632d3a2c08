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
    project = frozenset({"redirect"})
    assert asked["choice"] == SuiteChoice(engines=("simulated",), workers=2, from_project=project)
    assert run_command_line(["run", "mine", "--", "npm", "start"]) == 0
    assert list(asked["scenarios"]) == ["mine"]
    assert asked["backend"] == ["npm", "start"]


def test_what_was_typed_is_not_of_the_project(asked: dict[str, Any]) -> None:
    settings = '[tool.realtime-harness]\npage = "http://h/"\nserver = "openai"\nseed = 3\n'
    Path("pyproject.toml").write_text(settings, encoding="utf-8")
    assert run_command_line(["run", "a", "--seed", "4", "--headed"]) == 0
    assert asked["choice"].from_project == {"page_url", "server_url"}


def test_a_page_of_the_project_is_not_asked_of_an_engine_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = (
        '[tool.realtime-harness]\npage = "http://localhost:3000/"\nredirect = ["openai"]\n'
        'protocol = "rtvi"\nseed = 3\n'
    )
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(settings, encoding="utf-8")
    Path("a.yaml").write_text("name: a\nsteps: [{silence: 0.2}, hang_up]\n", encoding="utf-8")
    assert run_command_line(["run", "a.yaml", "--engine", "simulated"]) == 0
    assert run_command_line(["run", "a.yaml", "--engine", "simulated", "--repeat", "2"]) == 0
    typed = ["--engine", "simulated", "--page", "http://localhost:3000/"]
    assert run_command_line(["run", "a.yaml", *typed]) == 2


def test_a_wrong_setting_is_told(asked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text("[tool.realtime-harness]\nworker = 2\n", encoding="utf-8")
    assert run_command_line(["run", "a"]) == 2
    assert "did you mean workers?" in capsys.readouterr().err
