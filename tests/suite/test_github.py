"""What GitHub Actions is told: nothing elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ArtifactError
from harness.suite.github import (
    MAX_ANNOTATIONS,
    MAX_SUMMARY_BYTES,
    annotations_of,
    write_summary,
)
from tests.support.make_suite import make_suite


def test_the_summary_is_added_to_what_is_there(tmp_path: Path) -> None:
    results = make_suite(tmp_path, {"a": ["passed"]})
    summary = tmp_path / "summary.md"
    write_summary(results, {})
    assert not summary.exists()
    for _ in range(2):
        write_summary(results, {"GITHUB_STEP_SUMMARY": str(summary)})
    assert summary.read_text(encoding="utf-8").count("### ✅ Voice scenarios: 1 passed") == 2
    with pytest.raises(ArtifactError, match="GITHUB_STEP_SUMMARY"):
        write_summary(results, {"GITHUB_STEP_SUMMARY": str(tmp_path / "no" / "such")})


def test_what_did_not_pass_is_annotated_at_its_scenario(tmp_path: Path) -> None:
    verdicts = {"a": ["passed"], "b": ["failed"], "c": ["failed", "passed"], "d": []}
    results = make_suite(tmp_path, verdicts)  # type: ignore[arg-type]
    assert list(annotations_of(results, {})) == []
    bad, flaky = annotations_of(results, {"GITHUB_ACTIONS": "true"})
    assert bad.startswith(f"::error file={tmp_path / 'b.yaml'},line=1,title=b%3A failed::step 1: ")
    assert flaky.startswith("::warning file=")
    many = make_suite(tmp_path, {f"s{n}": ["failed"] for n in range(30)})
    assert len(list(annotations_of(many, {"GITHUB_ACTIONS": "true"}))) == MAX_ANNOTATIONS


def test_many_that_are_flaky_hide_none_that_failed(tmp_path: Path) -> None:
    verdicts = {f"s{n}": ["failed", "passed"] for n in range(30)} | {"z": ["failed"]}
    results = make_suite(tmp_path, verdicts)  # type: ignore[arg-type]
    told = list(annotations_of(results, {"GITHUB_ACTIONS": "true"}))
    assert len(told) == MAX_ANNOTATIONS + 1
    assert told[-1].startswith(f"::error file={tmp_path / 'z.yaml'}")


def test_a_place_is_told_from_the_repository_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command may have been typed in a folder of it."""
    (tmp_path / "voice").mkdir()
    monkeypatch.chdir(tmp_path / "voice")
    results = make_suite(Path("in"), {"b": ["failed"]})
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path)}
    (told,) = annotations_of(results, environ)
    assert told.startswith("::error file=voice/in/b.yaml,line=1,")
    elsewhere = environ | {"GITHUB_WORKSPACE": str(tmp_path / "another")}
    (told,) = annotations_of(results, elsewhere)
    assert told.startswith("::error file=in/b.yaml,line=1,")


def test_what_is_said_in_an_annotation_is_one_command(tmp_path: Path) -> None:
    results = make_suite(tmp_path, {"b": ["failed"]})
    assert results.suite is not None
    (scenario,) = results.suite.scenarios
    reason = "heard 100 %0A\r\n::error::x\x1b[31m"
    runs = [run.model_copy(update={"reason": reason}) for run in scenario.runs]
    suite = results.suite.model_copy(
        update={"scenarios": [scenario.model_copy(update={"runs": runs})]}
    )
    told_results = results.model_copy(update={"suite": suite})
    (told,) = annotations_of(told_results, {"GITHUB_ACTIONS": "true"})
    assert told.endswith("::heard 100 %250A%0A\\u003a:error::x\\x1b[31m")


def test_a_summary_never_grows_beyond_what_github_shows(tmp_path: Path) -> None:
    results = make_suite(tmp_path, {f"s{n}": ["failed"] for n in range(9)})
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (MAX_SUMMARY_BYTES - 301) + b"\n")
    for _ in range(9):
        write_summary(results, {"GITHUB_STEP_SUMMARY": str(summary)})
    told = summary.read_text(encoding="utf-8")
    assert summary.stat().st_size <= MAX_SUMMARY_BYTES
    assert told.splitlines()[1:] == ["### ❌ Voice scenarios: 9 failed in 12 s"] * 7
