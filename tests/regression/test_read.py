"""Reading of runs: turns, levels, traces, repeats and retries."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from harness.audio.wav import write_wav
from harness.errors import UsageError
from harness.regression.baseline import write_baseline
from harness.regression.read import calls_of, read_calls
from harness.report.results import Answer, Quality, Results, ToolCall, collect, results_json
from tests.support.make_suite import make_result, make_suite


def write_run(folder: Path, level: float = 0.1) -> Results:
    """A run with its recording and its trace; the answer is from 2.8 to 5 s."""
    made = make_result("booking")
    answer = Answer(status="completed", text="y", tools=[ToolCall(name="book", arguments={"n": 2})])
    turns = [one.model_copy(update={"answer": answer}) for one in made.turns]
    artifacts = {"audio": "booking/call.wav", "trace": "booking/trace.jsonl"}
    results = collect([made.model_copy(update={"turns": turns, "artifacts": artifacts})])
    (folder / "booking").mkdir(parents=True)
    samples = np.zeros((6 * 8000, 2), np.float32)
    samples[int(2.8 * 8000) : 5 * 8000, 1] = level
    write_wav(folder / "booking" / "call.wav", samples, 8000)
    created = json.dumps({"type": "session.created", "session": {"model": "gpt-realtime-2.1"}})
    lines = [
        {"harness_trace": 1, "machine": "Linux x86_64, 2 cores"},
        {"seq": 0, "t_s": 0.1, "source": "page", "type": "data_channel.message", "data": created},
        {"seq": 1, "t_s": 0.2, "source": "dialogue", "type": "answer.started", "data": {}},
        {"seq": 2, "t_s": 0.3, "source": "dialogue", "type": "answer.started", "data": {}},
    ]
    trace = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "booking" / "trace.jsonl").write_text(trace, encoding="utf-8")
    (folder / "results.json").write_text(results_json(results), encoding="utf-8")
    return results


def test_a_run_is_read_with_its_recording_and_its_trace(tmp_path: Path) -> None:
    write_run(tmp_path)
    calls = read_calls(tmp_path)
    assert (calls.machine, calls.model) == ("Linux x86_64, 2 cores", "gpt-realtime-2.1")
    ((run,),) = (one.runs for one in calls.scenarios)
    assert run.events == ("answer.started",)
    (turn,) = run.turns
    assert (turn.said, turn.answer, turn.heard) == ("x", "y", "y")
    assert turn.tools == ('book({"n": 2})',)
    assert turn.times_ms == {"voice_to_voice": 800.0}
    assert turn.level_dbfs == pytest.approx(-20.0, abs=0.2)
    assert turn.speech_s == 2.2


def test_a_run_in_which_nobody_spoke_has_no_turns(tmp_path: Path) -> None:
    results = write_run(tmp_path)
    (one,) = results.scenarios
    silent = results.model_copy(update={"scenarios": [one.model_copy(update={"turns": []})]})
    calls = calls_of(silent, tmp_path, "a")
    assert calls.scenarios[0].runs[0].turns == ()


def test_what_is_not_there_any_more_is_not_known(tmp_path: Path) -> None:
    results = write_run(tmp_path)
    calls = calls_of(results, tmp_path / "elsewhere", "a")
    assert calls.machine is None
    assert calls.scenarios[0].runs[0].turns[0].level_dbfs is None
    (tmp_path / "booking" / "call.wav").write_bytes(b"no recording")
    (tmp_path / "booking" / "trace.jsonl").write_text("{", encoding="utf-8")
    assert read_calls(tmp_path / "results.json").scenarios == calls.scenarios


def test_several_runs_in_a_folder_are_repeats(tmp_path: Path) -> None:
    write_run(tmp_path / "monday")
    write_run(tmp_path / "tuesday")
    (scenario,) = read_calls(tmp_path).scenarios
    assert len(scenario.runs) == 2


def test_repeats_of_a_suite_count_and_retries_do_not(tmp_path: Path) -> None:
    repeated = make_suite(tmp_path, {"a": ["passed", "failed", "passed"]}, 3)
    (scenario,) = calls_of(repeated, tmp_path, "a").scenarios
    assert [run.verdict for run in scenario.runs] == ["passed", "failed", "passed"]
    assert str(scenario.runs[1].reason).startswith("step 1")
    retried = make_suite(tmp_path, {"a": ["failed", "passed"], "b": ["passed"]})
    found = calls_of(retried, tmp_path, "a").scenarios
    assert [[run.verdict for run in one.runs] for one in found] == [["failed"], ["passed"]]


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no run at"):
        read_calls(tmp_path)
    with pytest.raises(UsageError, match="nothing"):
        read_calls(tmp_path / "none")
    (tmp_path / "results.json").write_text('{"version": 7}', encoding="utf-8")
    with pytest.raises(UsageError, match="version: Input should be 1"):
        read_calls(tmp_path)
    (tmp_path / "results.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="json of a run"):
        read_calls(tmp_path)


def test_ratings_are_read_and_kept_in_a_baseline(tmp_path: Path) -> None:
    made = make_result("booking")
    rated = made.turns[0].model_copy(update={"quality": Quality(pesq=3.914, received_stoi=0.97)})
    calls = calls_of(collect([made.model_copy(update={"turns": [rated]})]), tmp_path, "a")
    write_baseline(calls, tmp_path / "voice.yaml")
    (turn,) = read_calls(tmp_path / "voice.yaml").scenarios[0].runs[0].turns
    assert turn.ratings == {"pesq": 3.91, "received_stoi": 0.97}


def test_a_number_that_is_none_is_not_known(tmp_path: Path) -> None:
    results = collect([make_result("booking", latency_s=0.8125)])
    text = results_json(results)
    assert "0.8125" in text or "0.812" in text
    path = tmp_path / "results.json"
    path.write_text(re.sub(r'("voice_to_voice_s": )0\.81\d+', r"\1NaN", text), encoding="utf-8")
    assert "NaN" in path.read_text(encoding="utf-8")
    ((run,),) = (one.runs for one in read_calls(path).scenarios)
    assert run.turns[0].times_ms == {}


def test_a_folder_that_is_called_like_a_baseline_is_a_run(tmp_path: Path) -> None:
    write_run(tmp_path / "v1.yaml")
    assert [one.name for one in read_calls(tmp_path / "v1.yaml").scenarios] == ["booking"]


def test_a_path_that_was_mistyped_is_guessed(tmp_path: Path) -> None:
    write_run(tmp_path / "monday")
    with pytest.raises(UsageError, match="There is no run at") as caught:
        read_calls(tmp_path / "mondya")
    assert caught.value.hint == f"did you mean {tmp_path / 'monday'}?"


def test_another_file_of_a_run_leads_to_its_results(tmp_path: Path) -> None:
    write_run(tmp_path / "monday")
    (tmp_path / "monday" / "junit.xml").write_text("<testsuites/>", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_calls(tmp_path / "monday" / "junit.xml")
    assert caught.value.hint == f"did you mean {tmp_path / 'monday' / 'results.json'}?"
    (tmp_path / "voice.sqlite").write_bytes(b"SQLite format 3\0")
    with pytest.raises(UsageError) as caught:
        read_calls(tmp_path / "voice.sqlite")
    assert caught.value.hint == "name a run's folder or results.json"
