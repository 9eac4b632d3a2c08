"""The arguments of list, validate and init, from the project's settings to the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli.command_line import run_command_line
from tests.cli.conftest import Harness


def test_the_project_says_which_scenarios_there_are(harness: Harness, tmp_path: Path) -> None:
    made = json.loads(harness("init", "--json").stdout)
    assert "scenarios/booking.yaml" in made["files"]
    listed = json.loads(harness("list", "--json", "--tag", "booking").stdout)["scenarios"]
    assert [one["name"] for one in listed] == ["booking-pair", "booking-group"]
    assert listed[0]["file"] == "scenarios/booking.yaml"
    checked = harness("validate", "--set", "people=nine")
    assert checked.returncode == 0, checked.stderr
    wrong = harness("validate", "--set", "pepole=nine")
    assert wrong.returncode == 2
    assert "did you mean people?" in wrong.stderr


def test_the_engines_of_the_project_are_those_that_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("name: a\nsteps: [{click: '#go'}]\n", encoding="utf-8")
    settings = tmp_path / "pyproject.toml"
    settings.write_text("[tool.realtime-harness]\nengine = 'browser'\n", encoding="utf-8")
    assert run_command_line(["validate", "a.yaml"]) == 0
    settings.write_text("[tool.realtime-harness]\nengine = ['browser', 'simulated']\n", "utf-8")
    assert run_command_line(["validate", "a.yaml"]) == 2
    assert run_command_line(["validate", "a.yaml", "--engine", "browser"]) == 0


def test_shells_complete_commands(harness_process: Harness) -> None:
    variables = {
        "_HARNESS_COMPLETE": "complete_bash",
        "COMP_WORDS": "harness va",
        "COMP_CWORD": "1",
    }
    assert harness_process(**variables).stdout.split() == ["validate"]
