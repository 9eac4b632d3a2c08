"""The same scenario file gives the same verdict, whichever engine holds the call."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from harness.report.results import ScenarioResult
from harness.scenario.run import run_scenarios
from harness.trace import read_trace
from tests.support.no_key import has_key
from tests.support.shipped_runs import SHIPPED, ShippedRuns

pytestmark = pytest.mark.usefixtures("understood_voice", "fresh_speech")

WRONG = """
name: wrong
session: {audio: {input: {turn_detection: {type: server_vad, silence_duration_ms: 1500}}}}
assistant: {rules: [{say: The weather on the hill is nice today.}]}
steps:
  - say: goforward
  - expect: {words: [moon]}
  - say: something
  - expect: {words: [weather]}
  - hang_up
"""
ENGINES = [
    pytest.param("simulated", "wrtc", id="simulated"),
    pytest.param("native", "wrtc", id="native-wrtc", marks=pytest.mark.realtime),
    pytest.param("native", "aiortc", id="native-aiortc", marks=pytest.mark.realtime),
    pytest.param(
        "browser", "wrtc", id="browser", marks=[pytest.mark.browser, pytest.mark.realtime]
    ),
]


@pytest.mark.long
@pytest.mark.timeout(600)  # whichever comes first runs them all
def test_every_shipped_scenario_passes_in_memory(shipped_in_memory: ShippedRuns) -> None:
    results = shipped_in_memory.results
    for result in results.scenarios:
        assert_passed(result)
    assert len(results.scenarios) == len(SHIPPED)
    cut = results.scenarios[[path.stem for path in SHIPPED].index("rover")].turns[1]
    assert cut.interrupted
    assert cut.latencies.barge_in_reaction_s is not None
    assert 0 < cut.latencies.barge_in_reaction_s < 1.2


@pytest.mark.realtime
@pytest.mark.alone  # a machine that starves the call for half a second makes its bounds untellable
@pytest.mark.long
async def test_every_shipped_scenario_passes_without_a_browser(tmp_path: Path) -> None:
    """In halves beside each other: calls without a browser leave the machine room for two."""
    halves = await asyncio.gather(
        run_scenarios(SHIPPED[::2], out=tmp_path, engine="native"),
        run_scenarios(SHIPPED[1::2], out=tmp_path / "others", engine="native"),
    )
    results = [result for half in halves for result in half.scenarios]
    assert len(results) == len(SHIPPED)
    for result in results:
        assert_passed(result)
        assert result.engine == "native"
        assert result.time_line.uncertainty_s is not None
    assert_no_key(tmp_path)


@pytest.mark.parametrize(("engine", "native"), ENGINES)
async def test_what_does_not_hold_fails_on_every_engine(
    engine: str, native: str, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(WRONG, encoding="utf-8")
    results = await run_scenarios([path], out=tmp_path / "out", engine=engine, native=native)
    (result,) = results.scenarios
    assert (result.verdict, result.engine) == ("failed", engine)
    assert [e.verdict for e in result.expectations] == ["failed", "passed"]
    dialogue = [e.type for e in read_trace(tmp_path / "out" / "wrong" / "trace.jsonl").events]
    assert dialogue.count("answer.started") >= 2  # a busy machine may split a turn in two
    assert dialogue[-1] == "call.closed"


def assert_no_key(folder: Path) -> None:
    files = [*folder.rglob("trace.jsonl"), *folder.rglob("report.html")]
    assert len(files) > len(SHIPPED)
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not has_key(text)
        assert "sk-local" not in text


def assert_passed(result: ScenarioResult) -> None:
    problems = [e.model_dump() for e in result.expectations if e.verdict != "passed"]
    assert result.verdict == "passed", (result.name, problems, result.error)
    assert result.expectations
