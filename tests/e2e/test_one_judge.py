"""The running call, the verdict and the report have one number for one answer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.report.build import build_results
from harness.report.results import ScenarioResult
from harness.resources import fixtures_dir
from harness.score.answers import answers_of
from harness.score.judged import judged_spans
from harness.score.turns import turn_ends, turn_of_answer
from harness.speech.spans import Span
from harness.trace import Trace, read_trace
from tests.support.shipped_runs import SHIPPED, ShippedRuns

TRACES = sorted(path.parent for path in (fixtures_dir() / "traces").glob("*/trace.jsonl"))
SAME_S = 0.0005


def judged_of(trace: Trace) -> list[dict[str, Any]]:
    return [dict(event.data) for event in trace.of_type("answer.judged")]


def turn_number(trace: Trace, answer_id: object) -> int:
    (answer,) = [a for a in answers_of(trace.events) if a.answer_id == answer_id]
    said = [
        Span(e.data["speech_start_s"], e.data["speech_end_s"])
        for e in trace.of_type("microphone.clip")
    ]
    return turn_of_answer(answer.began_s, said, turn_ends(trace.events), answer.started_s)


def assert_one_judge(folder: Path, result: ScenarioResult) -> int:
    """What the call judged is what the report says, and what the verdict quotes; how many."""
    trace = read_trace(folder / "trace.jsonl")
    judged = judged_of(trace)
    by_turn: dict[int, list[dict[str, Any]]] = {}
    for each in judged:
        by_turn.setdefault(turn_number(trace, each["answer_id"]), []).append(each)
    for index, answers in by_turn.items():
        turn = result.turns[index]
        assert turn.heard is not None
        assert turn.heard.start_s == pytest.approx(answers[0]["spans"][0][0], abs=SAME_S)
        assert turn.heard.end_s == pytest.approx(answers[-1]["spans"][-1][1], abs=SAME_S)
        assert turn.latencies.voice_to_voice_s == pytest.approx(
            answers[0]["voice_to_voice_s"], abs=SAME_S
        )
    told = [f"it started {each['voice_to_voice_s']:.3f} s after" for each in judged]
    for expectation in trace.of_type("expectation"):
        if expectation.data["kind"] == "voice_to_voice":
            assert expectation.data["evidence"].partition(" (±")[0] in told
    return len(judged)


@pytest.mark.timeout(600)  # whichever comes first runs them all
def test_on_every_shipped_scenario(shipped_in_memory: ShippedRuns) -> None:
    folder, results = shipped_in_memory.folder, shipped_in_memory.results
    counts = [assert_one_judge(folder / r.name, r) for r in results.scenarios]
    assert len(counts) == len(SHIPPED)
    assert min(counts) > 0


@pytest.mark.timeout(600)  # whichever comes first runs them all
def test_the_recording_alone_gives_what_the_call_has_judged(
    shipped_in_memory: ShippedRuns, tmp_path: Path
) -> None:
    """Without its own notes: the same functions on the whole recording, within 10 ms."""
    results = shipped_in_memory.results
    bare = tmp_path / "bare"
    for result in results.scenarios:
        folder = shutil.copytree(shipped_in_memory.folder / result.name, bare / result.name)
        lines = (folder / "trace.jsonl").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if json.loads(line).get("type") != "answer.judged"]
        assert len(kept) < len(lines)
        (folder / "trace.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    again = build_results([bare / r.name for r in results.scenarios])
    for first, second in zip(results.scenarios, again.scenarios, strict=True):
        for one, other in zip(first.turns, second.turns, strict=True):
            assert one.heard is not None
            assert other.heard is not None
            assert other.heard.start_s == pytest.approx(one.heard.start_s, abs=0.01)
            assert other.heard.end_s == pytest.approx(one.heard.end_s, abs=0.01)


@pytest.mark.parametrize("folder", TRACES, ids=lambda path: path.name)
def test_on_every_recorded_trace(folder: Path) -> None:
    """An old one was judged by an older harness: its verdicts must still be borne out."""
    (result,) = build_results([folder]).scenarios
    trace = read_trace(folder / "trace.jsonl")
    if judged_spans(trace.events):
        assert_one_judge(folder, result)
        return
    quoted = [
        float(e.data["evidence"].split()[2])
        for e in trace.of_type("expectation")
        if e.data["kind"] == "voice_to_voice"
    ]
    found = [turn.latencies.voice_to_voice_s for turn in result.turns]
    for latency_s in quoted:
        assert any(f == pytest.approx(latency_s, abs=0.05) for f in found if f is not None)
    heard = [event.data for event in trace.of_type("heard.recognised")]
    starts = [turn.heard.start_s for turn in result.turns if turn.heard is not None]
    for facts in heard:
        assert any(start == pytest.approx(facts["start_s"], abs=0.05) for start in starts)
