"""What `harness replay` prints, and what its scenarios do when they are run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli.replay import RunWish, replay_recordings
from harness.errors import FixtureError, UsageError
from harness.regression.compare import compare
from harness.regression.read import read_calls
from harness.replay.make import ReplayOptions
from tests.support.recorded_calls import channel, fixtures_at, scribes, write_call

RATE_HZ = 16_000
CALLER = ["I'd like to book a table for two, please.", "Tomorrow at seven."]
AGENT = ["For when should that be?", "It is booked."]


def recorded(path: Path) -> Path:
    said = fixtures_at(RATE_HZ, (1.0, "booking-table-for-two"), (7.5, "booking-tomorrow-at-seven"))
    answered = fixtures_at(
        RATE_HZ, (4.1, "greeting-hello-michael"), (9.5, "booking-table-for-two-michael")
    )
    sides = [channel(each, 13.0, RATE_HZ) for each in (said, answered)]
    return write_call(path, sides, RATE_HZ)


def options(folder: Path) -> ReplayOptions:
    return ReplayOptions(folder / "scenarios", user="left")


def test_people_get_a_table_and_what_to_do_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ears = scribes(CALLER, AGENT)
    path = recorded(tmp_path / "call.wav")
    assert replay_recordings([path], options(tmp_path), None, as_json=False, ears=ears) == 0
    printed = capsys.readouterr()
    assert "call.yaml" in printed.out
    assert "harness compare" in printed.out
    assert "listening to" in printed.err


def test_an_address_that_a_scenario_could_not_have_is_refused(tmp_path: Path) -> None:
    wanted = ReplayOptions(tmp_path / "scenarios", page="localhost:3000")
    with pytest.raises(UsageError, match="no address of a page"):
        replay_recordings([recorded(tmp_path / "call.wav")], wanted, None, as_json=False)
    assert not wanted.out.exists()


def test_a_bad_file_alone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="no such file"):
        replay_recordings(
            [tmp_path / "none.wav"], options(tmp_path), None, as_json=False, ears=scribes(CALLER)
        )


def test_one_bad_file_among_several_is_told_and_the_others_are_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [recorded(tmp_path / "call.wav"), tmp_path / "none.wav"]
    ears = scribes(CALLER, AGENT)
    assert replay_recordings(paths, options(tmp_path), None, as_json=True, ears=ears) == 2
    printed = capsys.readouterr()
    data = json.loads(printed.out)
    assert len(data["recordings"]) == 1
    assert data["problems"][0]["found"] == "no such file"
    assert "no such file" in printed.err


def test_what_is_made_runs_at_once_and_is_compared_with_the_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = RunWish("simulated", tmp_path / "results")
    ears = scribes(CALLER, AGENT)
    path = recorded(tmp_path / "call.wav")
    assert replay_recordings([path], options(tmp_path), wish, as_json=True, ears=ears) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["run"]["exit_code"] == 0
    base, new = read_calls(Path(data["baseline"])), read_calls(wish.results)
    assert base.scenarios[0].said == new.scenarios[0].said
    found = compare(base, new)
    assert (found.scenarios, found.turns) == (1, 2)
    assert found.unlike == ()
