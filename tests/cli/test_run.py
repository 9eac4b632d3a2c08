"""`harness run`: what comes out where, and with which exit code."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, cast

import pytest

import harness.scenario.run
import harness.suite.runs
from harness.cli.run import exit_code, run_conversations
from harness.cli.suite_choice import SuiteChoice
from harness.errors import LaunchError
from harness.report.results import Results, collect, results_json
from harness.scenario.load import LoadedScenario
from harness.scenario.progress import Progress
from harness.scenario.run import RunOptions
from tests.support.make_results import make_scenario
from tests.support.make_suite import make_result, make_scenarios, make_suite


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the engine was asked; ``results`` is what it answers."""
    asked: dict[str, Any] = {"results": collect([make_scenario()])}

    async def run_loaded(
        scenarios: list[LoadedScenario], how: RunOptions, out: Path, progress: Progress
    ) -> Results:
        asked.update(dataclasses.asdict(how), scenarios=scenarios, out=out)
        progress.starting("being got ready")
        if isinstance(asked["results"], Exception):
            raise asked["results"]
        return cast("Results", asked["results"])

    monkeypatch.setattr(harness.scenario.run, "run_loaded", run_loaded)
    return asked


def run(tmp_path: Path, *, as_json: bool = False) -> int:
    return run_conversations(
        ["rover"],
        out=tmp_path,
        page_url="http://127.0.0.1:1/",
        server_url=None,
        headed=True,
        as_json=as_json,
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
    assert [loaded.path.name for loaded in asked["scenarios"]] == ["rover.yaml"]


def test_an_environment_that_fails_is_raised_not_reported(
    asked: dict[str, Any], tmp_path: Path
) -> None:
    asked["results"] = LaunchError("Chromium did not start.")
    with pytest.raises(LaunchError):
        run(tmp_path)


def test_ctrl_c_says_what_was_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def run_loaded(*arguments: Any) -> Results:
        (tmp_path / "report.html").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(harness.scenario.run, "run_loaded", run_loaded)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    assert f"recorded until then: {tmp_path / 'report.html'}" in capsys.readouterr().err


def test_ctrl_c_before_anything_was_recorded_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def run_loaded(*arguments: Any) -> Results:
        raise KeyboardInterrupt

    monkeypatch.setattr(harness.scenario.run, "run_loaded", run_loaded)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    assert "before anything was recorded" in capsys.readouterr().err


def test_repeats_that_an_earlier_suite_left_go(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out, old = tmp_path / "out", make_result("a")
    old = old.model_copy(update={"artifacts": {"trace": "trace.jsonl"}})
    for folder in ("a~7", "another~7"):
        (out / folder).mkdir(parents=True)
        (out / folder / "results.json").write_text(results_json(collect([old])), encoding="utf-8")

    async def run_suite(*arguments: Any) -> Results:
        return make_suite(tmp_path / "made", {"a": ["passed"]})

    monkeypatch.setattr(harness.suite.runs, "run_suite", run_suite)
    make_scenarios(tmp_path / "in", "a")
    make_scenarios(tmp_path / "in", "b")
    given: dict[str, Any] = {"page_url": None, "server_url": None, "headed": False}
    choice = SuiteChoice(("simulated",), repeat=2)
    folder = str(tmp_path / "in")
    assert run_conversations([folder], out=out, as_json=False, choice=choice, **given) == 0
    assert [path.name for path in out.iterdir() if path.is_dir()] == ["another~7"]


def test_the_page_of_an_earlier_suite_goes_when_one_run_has_its_folder(
    asked: dict[str, Any], tmp_path: Path
) -> None:
    index = tmp_path / "index.html"
    index.write_text("somebody's own", encoding="utf-8")
    run(tmp_path)
    assert index.exists(), "nothing says that it is ours"
    earlier = make_suite(tmp_path, {"a": ["passed"]})
    (tmp_path / "results.json").write_text(earlier.model_dump_json(), encoding="utf-8")
    run(tmp_path)
    assert not index.exists()


def test_flaky_is_no_pass_unless_that_is_allowed(tmp_path: Path) -> None:
    flaky = make_suite(tmp_path, {"a": ["failed", "passed"]})
    assert exit_code(flaky) == 1
    assert exit_code(flaky, allow_flaky=True) == 0
    failed = make_suite(tmp_path, {"a": ["failed", "passed"], "b": ["failed"]})
    assert exit_code(failed, allow_flaky=True) == 1


def test_nothing_that_failed_last_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = make_suite(tmp_path, {"a": ["passed"]})
    (tmp_path / "results.json").write_text(results.model_dump_json(), encoding="utf-8")
    code = run_conversations(
        ["rover"],
        out=tmp_path,
        page_url=None,
        server_url=None,
        headed=False,
        as_json=False,
        choice=SuiteChoice(last_failed=True),
    )
    assert code == 0
    assert "nothing failed last time" in capsys.readouterr().err


def test_a_single_run_is_told_to_github_and_as_a_comment(
    asked: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked["results"] = collect([make_scenario(failed="x")])
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    run_conversations(
        ["rover"],
        out=tmp_path,
        page_url=None,
        server_url=None,
        headed=False,
        as_json=True,
        choice=SuiteChoice(markdown=tmp_path / "comment.md"),
    )
    comment = (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert "1 failed" in comment
    assert comment in (tmp_path / "summary.md").read_text(encoding="utf-8")
    out, err = capsys.readouterr()
    assert "::error file=" in err
    json.loads(out)
