"""Reading of runs: ``results.json``, folders with some, baselines, as facts to compare."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeGuard

from pydantic import ValidationError

from harness.errors import UsageError
from harness.regression.baseline import BASELINE_SUFFIXES, read_baseline
from harness.regression.facts import MEASURES, Calls, RunFacts, ScenarioFacts, TurnFacts
from harness.regression.quality import RATINGS
from harness.regression.recorded import Sound, recording_of, sound_of
from harness.regression.traces import TraceFacts, events_ms, trace_facts
from harness.report.results import Results, ScenarioResult, Turn
from harness.suite.outcome import reason_of
from harness.yaml_file import similar_file

RESULTS = "results.json"
EARLY_S = 0.05
"""An event of a turn may be placed so much before its first sound."""


def read_calls(path: Path, named: Path | None = None) -> Calls:
    """One side of a comparison.

    Args:
        path: a ``results.json``, a folder of a run or of several runs, or a baseline.
        named: the file that the folder was taken out of, for people.

    Raises:
        UsageError: nothing of that kind is there, or it is broken; the message names the place.
    """
    if path.suffix in BASELINE_SUFFIXES and not path.is_dir():
        return read_baseline(path)
    return joined([_read(file) for file in run_files(path, named)], str(named or path))


def joined(sides: list[Calls], source: str) -> Calls:
    """Several runs as one side: the same scenario of each is one more run of it."""
    scenarios: dict[tuple[str, str], ScenarioFacts] = {}
    for one in (scenario for side in sides for scenario in side.scenarios):
        known = scenarios.get((one.name, one.engine))
        runs = (*known.runs, *one.runs) if known else one.runs
        scenarios[one.name, one.engine] = (known or one).model_copy(update={"runs": runs})
    machines = dict.fromkeys(side.machine for side in sides if side.machine)
    models = dict.fromkeys(side.model for side in sides if side.model)
    return Calls(
        source=source,
        machine=" and ".join(machines) or None,
        model=" and ".join(models) or None,
        scenarios=tuple(scenarios.values()),
    )


def run_files(path: Path, named: Path | None = None) -> list[Path]:
    """The results of a run, or of several in a folder.

    Args:
        path: a ``results.json``, or a folder.
        named: the file that the folder was taken out of, for people.

    Raises:
        UsageError: there are none.
    """
    if path.is_file():
        return [path]
    if (path / RESULTS).is_file():
        return [path / RESULTS]
    inside = sorted(path.glob(f"*/{RESULTS}")) if path.is_dir() else []
    if inside:
        return inside
    without = (
        "a folder with none of these"
        if named in (None, path)
        else f"a packed call without {RESULTS}"
    )
    raise UsageError(
        f"There is no run at {named or path}.",
        expected=f"{RESULTS}, a folder with one (the --out of a run) or with several of those, "
        f"one of them packed, or a baseline ({' or '.join(BASELINE_SUFFIXES)})",
        found=without if path.is_dir() else "nothing",
        hint="pack the --out of the run, not one call in it"
        if named not in (None, path)
        else similar_file(path),
    )


def read_results(path: Path) -> Results:
    """The results of a run.

    Raises:
        UsageError: the file is none, or cannot be read.
    """
    try:
        return Results.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(
            f"{path} is no {RESULTS} of a run.",
            expected="the file that “harness run” writes, version 1",
            found=f"{where}: {first['msg']}" if where else first["msg"],
            hint=_instead_of(path),
        ) from error
    except OSError as error:
        raise UsageError(f"Cannot read {path}.", found=str(error)) from error


def _instead_of(path: Path) -> str:
    """What to name, or to do, where a file is not the results of a run."""
    if path.name == RESULTS:
        return "write it anew with “harness report”"
    beside = path.with_name(RESULTS)
    return f"did you mean {beside}?" if beside.is_file() else f"name a run's folder or {RESULTS}"


def _read(path: Path) -> Calls:
    return calls_of(read_results(path), path.parent, str(path))


def calls_of(results: Results, folder: Path, source: str) -> Calls:
    """The facts of results whose artifacts are in that folder."""
    sides = []
    for result in _first_attempts(results):
        trace = trace_facts(folder, result)
        run = RunFacts(
            verdict=result.verdict,
            reason=reason_of(result),
            turns=tuple(_turns(result, folder, trace)),
            events=trace.kinds,
        )
        scenario = ScenarioFacts(
            name=result.name,
            engine=result.engine,
            protocol=result.protocol,
            expects=tuple(dict.fromkeys(one.text for one in result.expectations)),
            runs=(run,),
        )
        machine = trace.header.get("machine")
        sides.append(Calls(machine=machine, model=trace.model, scenarios=(scenario,)))
    return joined(sides, source)


def _first_attempts(results: Results) -> Iterator[ScenarioResult]:
    """A retry is no further run: it is made because the first attempt did not pass."""
    attempts = (
        [run.attempt for row in results.suite.scenarios for run in row.runs]
        if (results.suite)
        else [0] * len(results.scenarios)
    )
    for result, attempt in zip(results.scenarios, attempts, strict=False):
        if attempt == 0:
            yield result


def _turns(result: ScenarioResult, folder: Path, trace: TraceFacts) -> Iterator[TurnFacts]:
    recording = recording_of(folder, result)
    edges = [*(_start_s(turn) - EARLY_S for turn in result.turns), math.inf]
    for turn, (start_s, end_s) in zip(result.turns, pairwise(edges), strict=True):
        events = events_ms(trace.events, start_s, end_s)
        yield _turn(turn, sound_of(turn, recording), events)


def _start_s(turn: Turn) -> float:
    first = turn.said or turn.heard
    return first.start_s if first is not None else math.inf


def _turn(turn: Turn, sound: Sound | None, events: dict[str, float]) -> TurnFacts:
    latencies = turn.latencies.model_dump()
    times: dict[str, float] = {}
    uncertain: dict[str, float] = {}
    for measure in MEASURES:
        if _is_known(value := latencies.get(f"{measure}_s")):
            times[measure] = round(value * 1000, 1)
            if _is_known(doubt := latencies.get(f"{measure}_uncertainty_s")):
                uncertain[measure] = round(doubt * 1000, 1)
    heard, answer = turn.heard, turn.answer
    return TurnFacts(
        said=(turn.said.text or turn.said.file or "…") if turn.said else None,
        understood=turn.user_transcript,
        answer=(answer and answer.text) or (heard and heard.transcript) or None,
        heard=heard.recognised if heard else None,
        audible=heard is not None,
        status=answer.status if answer else None,
        interrupted=turn.interrupted,
        tools=tuple(
            f"{tool.name}({json.dumps(tool.arguments, sort_keys=True, ensure_ascii=False)})"
            for tool in (answer.tools if answer else [])
        ),
        times_ms=times,
        uncertain_ms=uncertain,
        speech_s=round(heard.end_s - heard.start_s, 3) if heard else None,
        level_dbfs=sound.level_dbfs if sound else None,
        ratings=_ratings(turn),
        events_ms=events,
        recorded=sound.recorded if sound else None,
        voice=sound.voice if sound else None,
    )


def _ratings(turn: Turn) -> dict[str, float]:
    rated = {name: getattr(turn.quality, name) for name in RATINGS}
    return {name: round(value, 2) for name, value in rated.items() if _is_known(value)}


def _is_known(value: float | None) -> TypeGuard[float]:
    """Whether there is a number: "NaN", which some JSON has, is none."""
    return value is not None and math.isfinite(value)
