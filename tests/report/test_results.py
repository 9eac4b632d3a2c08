"""The shape of results.json, and its published schema."""

from __future__ import annotations

import json
from pathlib import Path

import harness.report
from harness.report.results import (
    Latencies,
    Results,
    ScenarioResult,
    TimeLine,
    Verdict,
    collect,
    results_json,
    results_schema,
)

SCHEMA = Path(harness.report.__file__).parent / "schemas" / "results.schema.json"


def scenario(verdict: Verdict) -> ScenarioResult:
    return ScenarioResult(
        name="one",
        engine="browser",
        verdict=verdict,
        conversation_s=1.23456,
        wall_s=None,
        turns=[],
        expectations=[],
        artifacts={},
        time_line=TimeLine(speech_edges="by hand"),
    )


def test_the_published_schema_is_current() -> None:
    """Regenerate it from results_schema() when the models change."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == results_schema()


def test_a_latency_that_did_not_happen_is_absent() -> None:
    latencies = Latencies(voice_to_voice_s=0.61249).model_dump(mode="json")
    assert latencies == {"voice_to_voice_s": 0.612}


def test_times_have_millisecond_precision() -> None:
    assert json.loads(results_json(collect([scenario("passed")])))["scenarios"][0][
        "conversation_s"
    ] == 1.235  # fmt: skip


def test_the_worst_verdict_is_the_verdict_of_all() -> None:
    assert collect([scenario("passed"), scenario("passed")]).verdict == "passed"
    assert collect([scenario("passed"), scenario("failed")]).verdict == "failed"
    both = collect([scenario("error"), scenario("failed")])
    assert both.verdict == "error"
    assert both.counts == {"passed": 0, "failed": 1, "cannot_tell": 0, "error": 1}
    doubtful = collect([scenario("cannot_tell"), scenario("passed")])
    assert (doubtful.verdict, doubtful.counts["cannot_tell"]) == ("cannot_tell", 1)
    assert collect([scenario("cannot_tell"), scenario("failed")]).verdict == "failed"


def test_results_are_read_back_as_they_were_written(results: Results) -> None:
    again = Results.model_validate_json(results_json(results))
    assert results_json(again) == results_json(results)
