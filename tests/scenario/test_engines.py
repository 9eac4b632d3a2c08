"""Engines for scenarios: which there are, what each is told, and that a run repeats."""

from __future__ import annotations

import asyncio
import html
import json
from pathlib import Path
from typing import Any

import pytest

from harness.resources import fixtures_dir
from harness.scenario.run import run_scenarios
from harness.trace import read_trace

pytestmark = pytest.mark.usefixtures("fresh_speech")

SCENARIOS = fixtures_dir() / "scenarios"


def sequence(folder: Path) -> list[tuple[Any, ...]]:
    """Every event with its time and content; how long the work took is left out."""
    events = read_trace(folder / "trace.jsonl").events
    return [
        (e.seq, e.t_s, e.source, e.type, json.dumps({**e.data, "wall_s": None}, sort_keys=True))
        for e in events
    ]


async def test_a_simulated_run_repeats_event_by_event_and_sample_by_sample(tmp_path: Path) -> None:
    first: list[tuple[Any, ...]] | None = None
    audio = b""
    for number in range(5):
        out = tmp_path / str(number)
        results = await run_scenarios([SCENARIOS / "greeting.yaml"], out=out, engine="simulated")
        assert results.verdict == "passed"
        folder = out / "greeting"
        first = first or sequence(folder)
        audio = audio or (folder / "call.wav").read_bytes()
        assert sequence(folder) == first
        assert (folder / "call.wav").read_bytes() == audio


async def test_another_seed_gives_other_ids_and_the_same_conversation(tmp_path: Path) -> None:
    kinds, texts = [], []
    for seed in (1, 2):
        out = tmp_path / str(seed)
        await run_scenarios([SCENARIOS / "greeting.yaml"], out=out, engine="simulated", seed=seed)
        trace = read_trace(out / "greeting" / "trace.jsonl")
        assert trace.header["seed"] == seed
        kinds.append([(e.t_s, e.type) for e in trace.events])
        texts.append([e.data for e in trace.of_type("answer.started")])
    assert kinds[0] == kinds[1]
    assert texts[0] != texts[1]


async def test_results_say_the_engine_and_both_durations(tmp_path: Path) -> None:
    path = SCENARIOS / "greeting.yaml"
    await run_scenarios([path], out=tmp_path / "warm-up", engine="simulated")
    results = await run_scenarios([path], out=tmp_path / "out", engine="simulated")
    (result,) = results.scenarios
    assert result.engine == "simulated"
    assert result.conversation_s is not None
    assert result.wall_s is not None
    # Far from the figure that `harness run` is measured for: this machine has other work.
    assert result.wall_s < result.conversation_s


async def test_a_page_that_is_not_opened_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("name: s\npage: {url: 'http://127.0.0.1:9/'}\nsteps: [hang_up]\n")
    results = await run_scenarios([path], out=tmp_path / "out", engine="simulated")
    (result,) = results.scenarios
    assert result.verdict == "passed"
    assert any("was not opened" in note for note in result.notes)


async def test_a_failed_expectation_and_an_error_are_told_apart(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("name: wrong\nsteps:\n  - say: goforward\n  - expect: {words: [moon]}\n")
    refused = tmp_path / "refused.yaml"
    refused.write_text("name: refused\nsession: {no_such: 1}\nsteps: [hang_up]\n")
    results = await run_scenarios([wrong, refused], out=tmp_path / "out", engine="simulated")
    assert [s.verdict for s in results.scenarios] == ["failed", "error"]
    error = results.scenarios[1].error
    assert error is not None
    assert error.kind == "ServerRefused"


async def test_a_run_that_is_cancelled_leaves_its_report(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("name: s\nsteps:\n  - silence: 3600\n")
    work = asyncio.create_task(run_scenarios([path], out=tmp_path / "out", engine="simulated"))
    trace = tmp_path / "out" / "s" / "trace.jsonl"
    while not trace.exists():  # noqa: ASYNC110 - a file does not tell that it is there
        await asyncio.sleep(0.01)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert (tmp_path / "out" / "results.json").exists()


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("steps: [{send: {type: nonsense}}, {silence: 1}, hang_up]", "failed"),
        ("steps: [{send: {type: nonsense}}, {wait: {event: error}}, hang_up]", "passed"),
        (
            "allow_problems: [invalid_*]\nsteps: [{send: {type: nonsense}}, {silence: 1}, hang_up]",
            "passed",
        ),
    ],
)
async def test_an_error_of_the_service_fails_the_scenario_unless_planned_for(
    more: str, verdict: str, tmp_path: Path
) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"name: s\n{more}\n")
    results = await run_scenarios([path], out=tmp_path / "out", engine="simulated")
    (result,) = results.scenarios
    assert result.verdict == verdict
    told = "invalid_value: Invalid value: 'nonsense'."
    for report in ("report.html", "junit.xml"):
        text = html.unescape((tmp_path / "out" / report).read_text(encoding="utf-8"))
        assert ("the service reports no problem" in text) is (verdict == "failed")
        assert told in text or verdict == "passed"


async def test_a_model_that_ends_is_told_with_its_date(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    model = "session: {audio: {input: {transcription: {model: whisper-1}}}}"
    path.write_text(f"name: s\n{model}\nsteps: [hang_up]\n")
    results = await run_scenarios([path], out=tmp_path / "out", engine="simulated")
    (result,) = results.scenarios
    assert result.verdict == "passed"
    assert any("whisper-1” on 26 February 2027" in note for note in result.notes)
