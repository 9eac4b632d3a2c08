"""Every shipped scenario passes against the local server, through a real browser."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
import soundfile

from harness.report.results import results_json
from harness.resources import fixtures_dir
from harness.scenario.run import run_scenarios
from harness.trace import read_trace

pytestmark = [pytest.mark.browser, pytest.mark.realtime]

SHIPPED = sorted((fixtures_dir() / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
async def test_the_scenario_passes(path: Path, tmp_path: Path) -> None:
    results = await run_scenarios([path], out=tmp_path)
    (result,) = results.scenarios
    problems = [e.model_dump() for e in result.expectations if e.verdict != "passed"]
    assert result.verdict == "passed", (problems, result.error)
    assert result.expectations
    _check_artifacts(tmp_path, path.stem, results_json(results))
    if path.stem == "rover":
        _check_the_interruption(result.turns, tmp_path / "rover")


def _check_artifacts(out: Path, name: str, results_text: str) -> None:
    assert json.loads((out / "results.json").read_text()) == json.loads(results_text)
    suite = ElementTree.parse(out / "junit.xml").getroot()
    assert int(suite.get("failures", "0")) == 0
    assert "<html" in (out / "report.html").read_text(encoding="utf-8")
    recording = soundfile.info(out / name / "call.wav")
    assert (recording.samplerate, recording.channels) == (48_000, 2)
    trace = read_trace(out / name / "trace.jsonl")
    assert [event.seq for event in trace.events] == list(range(len(trace.events)))
    assert trace.of_type("call.closed")
    text = (out / name / "trace.jsonl").read_text() + (out / "report.html").read_text()
    assert "ek_" not in text
    assert "sk-local" not in text


def _check_the_interruption(turns: list, folder: Path) -> None:
    cut = turns[1]
    assert cut.interrupted
    assert 0 < cut.latencies.barge_in_reaction_s < 2
    cleared = read_trace(folder / "trace.jsonl").of_type("answer.audio_cleared")
    assert len(cleared) == 1
