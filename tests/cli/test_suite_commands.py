"""The arguments of list, validate and init, from the project's settings to the shell."""

from __future__ import annotations

import json
from pathlib import Path

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


def test_shells_complete_commands(harness: Harness) -> None:
    variables = {
        "_HARNESS_COMPLETE": "complete_bash",
        "COMP_WORDS": "harness va",
        "COMP_CWORD": "1",
    }
    assert harness(**variables).stdout.split() == ["validate"]
