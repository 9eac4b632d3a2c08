"""What is written of a run beside its own folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.run_outputs import check_outputs, tell_others
from harness.cli.suite_choice import SuiteChoice
from harness.errors import ArtifactError
from harness.history.store import HistoryFile
from harness.report.results import collect
from harness.suite.earlier import with_earlier
from tests.support.make_suite import make_result, make_scenarios, make_suite


def test_a_suite_goes_everywhere_it_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    choice = SuiteChoice(
        engines=("simulated",),
        markdown=tmp_path / "comment.md",
        history=tmp_path / "voice.sqlite",
        allure=tmp_path / "allure",
    )
    check_outputs(choice, tmp_path)
    results = make_suite(tmp_path, {"a": ["failed"], "b": ["passed"]})
    scenarios = make_scenarios(tmp_path, "a", "b")
    tell_others(results, scenarios, choice, tmp_path, is_one=False)
    assert "1 failed" in (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert "1 failed" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert "::error" in capsys.readouterr().err
    assert len(list((tmp_path / "allure").glob("*-result.json"))) == 2
    with HistoryFile(tmp_path / "voice.sqlite") as history:
        assert [len(suite.runs) for suite in history.suites()] == [2]


def test_what_is_kept_of_an_earlier_run_is_told_nowhere_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The comment and the summary are of the whole suite; the history and Allure add up."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    choice = SuiteChoice(
        engines=("simulated",),
        markdown=tmp_path / "comment.md",
        history=tmp_path / "voice.sqlite",
        allure=tmp_path / "allure",
        last_failed=True,
    )
    earlier = make_suite(tmp_path, {"a": ["failed"], "b": ["passed"], "c": ["failed"]})
    results = with_earlier(make_suite(tmp_path, {"a": ["failed"]}), earlier, frozenset("abc"))
    tell_others(results, make_scenarios(tmp_path, "a"), choice, tmp_path, is_one=False)
    headline = (tmp_path / "comment.md").read_text(encoding="utf-8").splitlines()[0]
    assert "1 passed, 2 failed" in headline
    assert "2 of them in an earlier run" in headline
    assert capsys.readouterr().err.count("::error") == 1
    assert len(list((tmp_path / "allure").glob("*-result.json"))) == 1
    with HistoryFile(tmp_path / "voice.sqlite") as history:
        assert [len(suite.runs) for suite in history.suites()] == [1]


def test_a_single_run_is_a_suite_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    choice = SuiteChoice(engines=("simulated",), allure=tmp_path / "allure")
    check_outputs(choice, tmp_path)
    scenarios = make_scenarios(tmp_path, "booking")
    results = collect([make_result("booking")])
    tell_others(results, scenarios, choice, tmp_path, is_one=True)
    assert len(list((tmp_path / "allure").glob("*-result.json"))) == 1
    tell_others(results, scenarios, SuiteChoice(), tmp_path, is_one=True)


def test_a_damaged_history_is_told_beforehand(tmp_path: Path) -> None:
    path = tmp_path / "voice.sqlite"
    path.write_bytes(b"x" * 5000)
    with pytest.raises(ArtifactError, match="damaged"):
        check_outputs(SuiteChoice(history=path), tmp_path)
