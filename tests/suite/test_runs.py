"""Suites as they run: retries, an end after enough failures, several processes."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import pytest
from rich.console import Console

from harness.cli.run import exit_code
from harness.cli.suite_verdict import print_suite
from harness.errors import ScenarioError, UsageError
from harness.report.results import Results, Verdict, collect, results_json
from harness.scenario.batch import Batch
from harness.scenario.load import Given, LoadedScenario
from harness.scenario.progress import NoProgress
from harness.scenario.run import RunOptions
from harness.suite import runs
from harness.suite.collect import Found
from harness.suite.collect import collect as collect_files
from harness.suite.runs import SuiteOptions, moved_below, run_suite
from tests.support.make_suite import make_result, make_scenarios

ENGINES = ("simulated",)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Verdict]]:
    """Verdicts of the attempts of each scenario; what has none left passes."""
    verdicts: dict[str, list[Verdict]] = {}

    async def run_loaded(
        scenarios: Sequence[LoadedScenario],
        how: RunOptions,
        out: Path,
        progress: object,
        batch: Batch,
    ) -> Results:
        for index, loaded in enumerate(scenarios):
            if batch.stops():
                break
            name = loaded.scenario.name
            left = verdicts.get(name, [])
            batch.ended(index, collect([make_result(name, left.pop(0) if left else "passed")]))
        return collect([])

    monkeypatch.setattr(runs, "run_loaded", run_loaded)
    return verdicts


async def verdicts_of(folder: Path, options: SuiteOptions, *names: str) -> dict[str, str]:
    scenarios = make_scenarios(folder / "in", *names)
    results = await run_suite(scenarios, options, RunOptions(), folder / "out")
    assert results.suite is not None
    return {one.name: one.verdict for one in results.suite.scenarios}


async def test_what_failed_is_tried_again_and_is_flaky_when_it_passes(
    scripted: dict[str, list[Verdict]], tmp_path: Path
) -> None:
    scripted.update(b=["failed", "error"], c=["failed", "failed", "failed"])
    found = await verdicts_of(tmp_path, SuiteOptions(ENGINES, retries=2), "a", "b", "c")
    assert found == {"a": "passed", "b": "flaky", "c": "failed"}


async def test_after_enough_failures_no_other_run_begins_but_retries_do(
    scripted: dict[str, list[Verdict]], tmp_path: Path
) -> None:
    scripted.update(a=["failed"], b=["failed", "failed"])
    options = SuiteOptions(ENGINES, max_failures=2, retries=1)
    found = await verdicts_of(tmp_path, options, "a", "b", "c", "d")
    assert found == {"a": "flaky", "b": "failed", "c": "not_run", "d": "not_run"}


async def test_what_was_run_has_its_page_also_after_the_end_by_ctrl_c(
    scripted: dict[str, list[Verdict]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = vars(runs)["run_loaded"]

    async def interrupted(*arguments: object) -> Results:
        await inner(*arguments)
        raise asyncio.CancelledError

    monkeypatch.setattr(runs, "run_loaded", interrupted)
    with pytest.raises(asyncio.CancelledError):
        await verdicts_of(tmp_path, SuiteOptions(ENGINES), "a", "b")
    assert (tmp_path / "out" / "index.html").exists()


async def test_every_engine_runs_what_it_can(
    scripted: dict[str, list[Verdict]], tmp_path: Path
) -> None:
    scenarios = make_scenarios(tmp_path, "a")
    options = SuiteOptions(("native", "simulated"))
    results = await run_suite(scenarios, options, RunOptions(), tmp_path / "out")
    assert results.suite is not None
    assert [one.engine for one in results.suite.scenarios] == ["native", "simulated"]
    assert [run.folder for one in results.suite.scenarios for run in one.runs] == [
        "a@native",
        "a@simulated",
    ]


async def test_an_empty_shard_has_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, options = tmp_path / "out", SuiteOptions(ENGINES, shard="3/3")
    results = await run_suite([], options, RunOptions(), out)
    assert {path.name for path in out.iterdir()} == {"index.html", "junit.xml", "results.json"}
    print_suite(results, out, Console(width=200))
    told = capsys.readouterr().out
    assert "no scenario falls to shard 3/3" in told
    assert "PASSED" not in told
    assert exit_code(results) == 0


async def test_nothing_runs_where_one_engine_refuses_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_loaded = mock.AsyncMock()
    monkeypatch.setattr(runs, "run_loaded", run_loaded)
    options = SuiteOptions(("simulated", "native"))
    with pytest.raises(UsageError, match="native engine cannot have --seed"):
        await run_suite(make_scenarios(tmp_path, "a"), options, RunOptions(seed=5), tmp_path / "o")
    run_loaded.assert_not_called()


async def test_a_program_of_the_page_is_not_started_by_several_workers(
    scripted: dict[str, list[Verdict]], tmp_path: Path
) -> None:
    how = RunOptions(page_url="http://127.0.0.1:3000/", backend=("npm", "start"))
    scenarios, options = make_scenarios(tmp_path, "a", "b"), SuiteOptions(workers=2)
    with pytest.raises(UsageError, match="serves one worker"):
        await run_suite(scenarios, options, how, tmp_path / "o")
    results = await run_suite(scenarios[:1], options, how, tmp_path / "o")
    assert results.verdict == "passed", "one run needs one worker"


class Told(NoProgress):
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def scenario_started(self, name: str, index: int, count: int) -> None:
        self.counts["started"] += 1

    def scenario_ended(self, name: str, verdict: str, seconds: float) -> None:
        self.counts[verdict] += 1


async def test_two_processes_share_the_runs_and_know_the_given_values(tmp_path: Path) -> None:
    text = "name: q\neach: [{n: a}, {n: b}, {n: c}]\nsteps: [{silence: '${pause}'}, hang_up]\n"
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    given, told = Given({"pause": "0.2"}), Told()
    scenarios = collect_files([Found(tmp_path / "s.yaml")], given).scenarios
    out, options = tmp_path / "out", SuiteOptions(ENGINES, workers=2)
    results = await run_suite(scenarios, options, RunOptions(), out, told, given)
    assert results.suite is not None
    assert results.suite.counts["passed"] == 3
    assert told.counts == {"started": 3, "passed": 3}
    written = json.loads((out / "results.json").read_text(encoding="utf-8"))
    for scenario in written["scenarios"]:
        for path in scenario["artifacts"].values():
            assert (out / path).exists(), path
    assert not (out / ".lock").exists()


async def test_audio_that_is_not_there_is_told_before_any_process_begins(tmp_path: Path) -> None:
    for name in "abc":
        text = f"name: {name}\nsteps: [{{say: no-{name}.wav}}]\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    scenarios = collect_files([Found(tmp_path / f"{name}.yaml") for name in "abc"]).scenarios
    options = SuiteOptions(ENGINES, workers=2)
    with pytest.raises(ScenarioError, match=r"3 of 3 (.|\n)*no-a(.|\n)*no-b(.|\n)*no-c"):
        await run_suite(scenarios, options, RunOptions(), tmp_path / "out")


def test_files_are_seen_from_the_folder_above() -> None:
    result = make_result("a").model_copy(update={"artifacts": {"audio": "call.wav"}})
    assert moved_below(result, "a~2").artifacts == {
        "audio": "a~2/call.wav",
        "report": "a~2/report.html",
    }


async def test_a_run_that_left_its_results_and_was_not_told_of_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C after a run was over, and before its suite knew it; and in the middle of the next."""
    out = tmp_path / "out"
    old = out / "c" / "results.json"
    old.parent.mkdir(parents=True)
    old.write_text(results_json(collect([make_result("c", "passed")])), encoding="utf-8")
    os.utime(old, (1, 1))

    async def interrupted(*arguments: object) -> Results:
        left: dict[str, Verdict] = {"a": "passed", "b": "error"}
        for name, verdict in left.items():
            (out / name).mkdir()
            text = results_json(collect([make_result(name, verdict)]))
            (out / name / "results.json").write_text(text, encoding="utf-8")
        raise asyncio.CancelledError

    monkeypatch.setattr(runs, "run_loaded", interrupted)
    with pytest.raises(asyncio.CancelledError):
        await run_suite(
            make_scenarios(tmp_path, "a", "b", "c"), SuiteOptions(ENGINES), RunOptions(), out
        )
    kept = Results.model_validate_json((out / "results.json").read_text(encoding="utf-8"))
    assert kept.suite is not None
    found = {one.name: one.verdict for one in kept.suite.scenarios}
    assert found == {"a": "passed", "b": "error", "c": "not_run"}
