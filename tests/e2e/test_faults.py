"""Faults on demand, end to end: the verdict is clear, and the trace says whose doing it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.report.results import ScenarioResult
from harness.scenario.run import run_scenarios
from harness.trace import Trace, read_trace

pytestmark = pytest.mark.usefixtures("fresh_speech")

SAYS = "The weather on the hill is nice today and it will stay so until the evening."


async def run_one(
    folder: Path,
    *,
    engine: str = "simulated",
    faults: Sequence[str] = (),
    rule_faults: Sequence[str] = (),
    expect: str = "{words: [weather]}",
    connect_s: float = 15,
) -> tuple[ScenarioResult, Trace]:
    path = folder / "spoilt.yaml"
    path.write_text(
        "name: spoilt\n"
        f"defaults: {{answer_s: 12, connect_s: {connect_s}}}\n"
        f"assistant: {{faults: {json.dumps(list(faults))},"
        f" rules: [{{say: {SAYS}, faults: {json.dumps(list(rule_faults))}}}]}}\n"
        f"steps: [{{say: goforward}}, {{expect: {expect}}}, hang_up]\n",
        encoding="utf-8",
    )
    results = await run_scenarios([path], out=folder / "out", engine=engine)
    (result,) = results.scenarios
    return result, read_trace(folder / "out" / "spoilt" / "trace.jsonl")


def applied(trace: Trace) -> list[str]:
    return [event.data["name"] for event in trace.of_type("fault.applied")]


async def test_audio_that_stalls_fails_the_expectation(tmp_path: Path) -> None:
    result, trace = await run_one(tmp_path, faults=["audio_stalls; after_s=0.4"])
    assert result.verdict == "failed"
    assert "audio_stalls" in applied(trace)
    (stalled,) = trace.of_type("fault.applied")
    voiced = [event.t_s for event in trace.of_type("heard.voice_stopped")]
    assert stalled.source == "server"
    assert stalled.t_s is not None
    assert all(t_s is not None and t_s < stalled.t_s + 1 for t_s in voiced)
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "fault.applied" in report
    assert "audio is held back" in report


async def test_the_channel_that_closes_in_mid_answer_breaks_the_call(tmp_path: Path) -> None:
    result, trace = await run_one(tmp_path, rule_faults=["channel_closes"])
    assert result.verdict == "error"
    assert result.error is not None
    assert "data channel" in str(result.error)
    assert applied(trace) == ["channel_closes"]


@pytest.mark.parametrize(
    "fault",
    ["event_doubled", "event_late; events=rate_limits.updated", "no_rate_limits", "stopped_late"],
)
async def test_what_a_client_has_to_bear_changes_no_verdict(fault: str, tmp_path: Path) -> None:
    result, trace = await run_one(tmp_path, faults=[fault])
    assert result.verdict == "passed", result.expectations
    assert applied(trace)


async def test_silence_instead_of_audio_is_no_answer(tmp_path: Path) -> None:
    """Though every event claims one: what counts is what was heard."""
    result, trace = await run_one(tmp_path, faults=["audio_silence"])
    assert result.verdict == "failed"
    assert not trace.of_type("heard.voice_started")


async def test_a_fault_that_needs_a_network_is_refused_before_anything_runs(
    tmp_path: Path,
) -> None:
    with pytest.raises(UsageError, match="simulated engine cannot have the fault no_ice"):
        await run_one(tmp_path, faults=["no_ice"])
    assert not (tmp_path / "out" / "spoilt").exists()


async def test_a_misspelt_fault_names_its_place_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"assistant.faults.*did you mean audio_stalls"):
        await run_one(tmp_path, faults=["audio_stall"])


async def test_a_refused_request_is_told_as_that(tmp_path: Path) -> None:
    result, trace = await run_one(
        tmp_path, engine="native", faults=["http_error; status=429; on=client_secrets"]
    )
    assert result.verdict == "error"
    assert "429" in str(result.error)
    assert applied(trace) == ["http_error"]


@pytest.mark.realtime
async def test_the_channel_closes_over_webrtc(tmp_path: Path) -> None:
    result, trace = await run_one(tmp_path, engine="native", faults=["channel_closes"])
    assert result.verdict == "error"
    assert "data channel" in str(result.error)
    (closed,) = trace.of_type("fault.applied")
    assert closed.t_s is not None
    assert 0 < closed.data["uncertainty_s"] < 0.5
    begun = trace.of_type("answer.started")[0].t_s
    assert begun is not None
    assert closed.t_s > begun


@pytest.mark.browser
async def test_our_page_says_that_its_call_was_refused(tmp_path: Path) -> None:
    result, trace = await run_one(
        tmp_path, engine="browser", faults=["http_error; status=429; on=calls"], connect_s=6
    )
    assert result.verdict == "error"
    assert "429" in str(result.error)
    assert applied(trace) == ["http_error"]


async def test_a_server_that_crashes_is_a_lost_call(tmp_path: Path) -> None:
    result, trace = await run_one(
        tmp_path, engine="native", faults=["server_crash; on=response.created"]
    )
    assert result.verdict in ("error", "failed")
    assert trace.of_type("server.unreachable")
