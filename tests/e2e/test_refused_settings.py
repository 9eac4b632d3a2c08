"""Settings that a server refuses: a problem of the run, by name, on every way that they go."""

from __future__ import annotations

from pathlib import Path

from harness.report.results import ScenarioResult
from harness.scenario.run import run_scenarios

SENT = """
name: voices
steps:
  - send:
      type: session.update
      session: {type: realtime, instructions: Be kind., audio: {output: {voice: nobody}}}
  - expect: {no_answer: true, within_s: 0.5}
  - hang_up
"""
SET = """
name: voices
session: {instructions: Be kind., audio: {output: {voice: nobody}}}
steps:
  - expect: {no_answer: true, within_s: 0.5}
  - hang_up
"""


async def result_of(scenario: str, folder: Path) -> ScenarioResult:
    path = folder / "voices.yaml"
    path.write_text(scenario, encoding="utf-8")
    results = await run_scenarios([path], out=folder / "out", engine="simulated")
    return results.scenarios[0]


async def test_an_update_with_a_voice_that_does_not_exist_is_a_failure_that_names_it(
    tmp_path: Path,
) -> None:
    result = await result_of(SENT, tmp_path)
    assert result.verdict == "failed"
    [problem] = [one for one in result.expectations if one.verdict == "failed"]
    assert "nobody" in str(problem.evidence)
    assert "refused whole" in str(problem.evidence)


async def test_a_call_with_such_a_voice_does_not_pass_without_a_word(tmp_path: Path) -> None:
    result = await result_of(SET, tmp_path)
    assert result.verdict != "passed"
    told = result.error.message if result.error else result.expectations[0].evidence
    assert "nobody" in str(told)
