"""`harness run`: what comes out where, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

import harness.scenario.run
from harness.cli.run import run_conversations
from harness.errors import LaunchError
from harness.report.results import Results, collect
from tests.support.make_results import make_scenario


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the engine was asked; ``results`` is what it answers."""
    asked: dict[str, Any] = {"results": collect([make_scenario()])}

    async def run_scenarios(paths: list[Path], **options: Any) -> Results:
        asked.update(options, paths=paths)
        options["progress"].starting("being got ready")
        if isinstance(asked["results"], Exception):
            raise asked["results"]
        return cast("Results", asked["results"])

    monkeypatch.setattr(harness.scenario.run, "run_scenarios", run_scenarios)
    return asked


def run(tmp_path: Path, *, as_json: bool = False) -> int:
    return run_conversations(
        ["rover"],
        out=tmp_path,
        page_url="http://127.0.0.1:1/",
        server_url=None,
        headed=True,
        as_json=as_json,
        engine="browser",
        native="aiortc",
        seed=3,
        network="3g",
    )


@pytest.mark.parametrize(
    ("scenarios", "code"),
    [
        ([make_scenario()], 0),
        ([make_scenario(), make_scenario(failed="x")], 1),
        ([make_scenario(failed="x"), make_scenario(error="gone")], 3),
    ],
)
def test_the_worst_verdict_is_the_exit_code(
    asked: dict[str, Any], tmp_path: Path, scenarios: list[Any], code: int
) -> None:
    asked["results"] = collect(scenarios)
    assert run(tmp_path) == code


def test_json_is_the_results_alone(
    asked: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, as_json=True)
    out, err = capsys.readouterr()
    assert Results.model_validate(json.loads(out)) == asked["results"]
    assert "being got ready" in err


def test_people_get_the_table_on_standard_output(
    asked: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path)
    assert "booking" in capsys.readouterr().out


def test_the_arguments_reach_the_engine(asked: dict[str, Any], tmp_path: Path) -> None:
    run(tmp_path)
    assert asked["page_url"] == "http://127.0.0.1:1/"
    assert asked["headed"] is True
    assert (asked["engine"], asked["native"], asked["seed"]) == ("browser", "aiortc", 3)
    assert asked["network"] == "3g"
    assert asked["out"] == tmp_path
    assert [path.name for path in asked["paths"]] == ["rover.yaml"]


def test_an_environment_that_fails_is_raised_not_reported(
    asked: dict[str, Any], tmp_path: Path
) -> None:
    asked["results"] = LaunchError("Chromium did not start.")
    with pytest.raises(LaunchError):
        run(tmp_path)


def test_ctrl_c_says_what_was_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def run_scenarios(paths: list[Path], **options: Any) -> Results:
        (tmp_path / "report.html").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(harness.scenario.run, "run_scenarios", run_scenarios)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    assert f"recorded until then: {tmp_path / 'report.html'}" in capsys.readouterr().err
