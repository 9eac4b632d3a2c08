"""Plans: every run has a folder that no other one has."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.suite.plan import jobs_of
from tests.support.make_suite import make_scenarios


def test_everything_runs_once_before_anything_runs_again(tmp_path: Path) -> None:
    scenarios = make_scenarios(tmp_path, "a", "b")
    assert [job.folder for job in jobs_of(scenarios, ["simulated"], 2)] == ["a", "b", "a~2", "b~2"]
    two = jobs_of(scenarios, ["browser", "simulated"])
    assert [job.folder for job in two] == ["a@browser", "b@browser", "a@simulated", "b@simulated"]
    again = two[0].again().again()
    assert (again.folder, again.attempt) == ("a@browser~retry2", 2)


def test_more_repeats_than_make_sense_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="1 to 1000"):
        jobs_of(make_scenarios(tmp_path, "a"), ["browser"], 0)
