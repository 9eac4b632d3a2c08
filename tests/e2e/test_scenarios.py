"""Every shipped scenario passes against the local server, through a real browser."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import soundfile

from harness.report.results import results_json
from harness.resources import fixtures_dir
from harness.scenario.run import run_scenarios
from harness.trace import read_trace
from tests.support.no_key import has_key

pytestmark = [
    pytest.mark.browser,
    pytest.mark.realtime,
    pytest.mark.alone,  # six conversations whose latencies are expected, too
]

SHIPPED = sorted((fixtures_dir() / "scenarios").glob("*.yaml"))


async def test_every_shipped_scenario_passes(tmp_path: Path) -> None:
    """In one run, as `harness run fixtures/scenarios` does it."""
    results = await run_scenarios(SHIPPED, out=tmp_path)
    _check_reports(tmp_path, results_json(results))
    names = [path.stem for path in SHIPPED]
    assert [result.name for result in results.scenarios] == names
    for result in results.scenarios:
        problems = [e.model_dump() for e in result.expectations if e.verdict != "passed"]
        assert result.verdict == "passed", (result.name, problems, result.error)
        assert result.expectations
        _check_call(tmp_path / result.name)
    _check_the_interruption(results.scenarios[names.index("rover")].turns, tmp_path / "rover")


def _check_reports(out: Path, results_text: str) -> None:
    assert json.loads((out / "results.json").read_text()) == json.loads(results_text)
    suite = ElementTree.parse(out / "junit.xml").getroot()
    assert int(suite.get("failures", "0")) == 0
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "<html" in report
    _check_no_key(report)


def _check_call(folder: Path) -> None:
    recording = soundfile.info(folder / "call.wav")
    assert (recording.samplerate, recording.channels) == (48_000, 2)
    trace = read_trace(folder / "trace.jsonl")
    assert [event.seq for event in trace.events] == list(range(len(trace.events)))
    assert trace.of_type("call.closed")
    _check_no_key((folder / "trace.jsonl").read_text(encoding="utf-8"))


def _check_no_key(text: str) -> None:
    assert not has_key(text)
    assert "sk-local" not in text


def _check_the_interruption(turns: list[Any], folder: Path) -> None:
    cut = turns[1]
    assert cut.interrupted
    assert 0 < cut.latencies.barge_in_reaction_s < 2
    cleared = read_trace(folder / "trace.jsonl").of_type("answer.audio_cleared")
    assert len(cleared) == 1
