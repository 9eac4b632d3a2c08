"""Reading of runs: ``results.json``, folders with some, baselines, as facts to compare."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.audio.level import rms_dbfs
from harness.audio.side_of_file import SideOfFile
from harness.errors import ArtifactError, HarnessError, UsageError
from harness.regression.baseline import BASELINE_SUFFIXES, read_baseline
from harness.regression.facts import MEASURES, Calls, RunFacts, ScenarioFacts, TurnFacts
from harness.report.results import Results, ScenarioResult, Turn
from harness.suite.outcome import reason_of

RESULTS = "results.json"
AGENT_CHANNEL = 1
MODEL = re.compile(r'\\\\?"model\\\\?":\s?\\\\?"([^"\\]+)')
DIALOGUE = re.compile(r'"source": "dialogue", "type": "([a-z_.]+)"')
MOST_LINES = 200_000
"""Of a trace: a call of hours is not read to its end for the kinds of its events."""


def read_calls(path: Path) -> Calls:
    """One side of a comparison.

    Args:
        path: a ``results.json``, a folder of a run or of several runs, or a baseline.

    Raises:
        UsageError: nothing of that kind is there, or it is broken; the message names the place.
    """
    if path.suffix in BASELINE_SUFFIXES:
        return read_baseline(path)
    return joined([_read(file) for file in run_files(path)], str(path))


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


def run_files(path: Path) -> list[Path]:
    """The results of a run, or of several in a folder.

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
    raise UsageError(
        f"There is no run at {path}.",
        expected=f"{RESULTS}, a folder with one (the --out of a run) or with several of those, "
        f"or a baseline ({' or '.join(BASELINE_SUFFIXES)})",
        found="a folder without" if path.is_dir() else "nothing",
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
            hint="write it anew with “harness report”",
        ) from error
    except OSError as error:
        raise UsageError(f"Cannot read {path}.", found=str(error)) from error


def _read(path: Path) -> Calls:
    return calls_of(read_results(path), path.parent, str(path))


def calls_of(results: Results, folder: Path, source: str) -> Calls:
    """The facts of results whose artifacts are in that folder."""
    sides = []
    for result in _first_attempts(results):
        header, events, model = _of_trace(folder, result)
        run = RunFacts(
            verdict=result.verdict,
            reason=reason_of(result),
            turns=tuple(_turn(turn, _recording(folder, result)) for turn in result.turns),
            events=events,
        )
        scenario = ScenarioFacts(
            name=result.name,
            engine=result.engine,
            protocol=result.protocol,
            expects=tuple(dict.fromkeys(one.text for one in result.expectations)),
            runs=(run,),
        )
        machine = header.get("machine")
        sides.append(Calls(machine=machine, model=model, scenarios=(scenario,)))
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


def _turn(turn: Turn, recording: SideOfFile | None) -> TurnFacts:
    latencies = turn.latencies.model_dump()
    times: dict[str, float] = {}
    uncertain: dict[str, float] = {}
    for measure in MEASURES:
        if (value := latencies.get(f"{measure}_s")) is not None:
            times[measure] = round(value * 1000, 1)
            if (doubt := latencies.get(f"{measure}_uncertainty_s")) is not None:
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
        level_dbfs=_level(turn, recording),
    )


def _recording(folder: Path, result: ScenarioResult) -> SideOfFile | None:
    name = result.artifacts.get("audio")
    if name is None or not (folder / name).is_file():
        return None
    import soundfile

    try:
        info = soundfile.info(str(folder / name))
    except (soundfile.LibsndfileError, OSError):
        return None
    if info.channels <= AGENT_CHANNEL:
        return None
    return SideOfFile(folder / name, AGENT_CHANNEL, info.frames, info.samplerate)


def _level(turn: Turn, recording: SideOfFile | None) -> float | None:
    if turn.heard is None or recording is None:
        return None
    try:
        samples = recording.between(turn.heard.start_s, turn.heard.end_s).samples
    except ArtifactError:
        return None
    return round(rms_dbfs(samples[:, 0] if samples.ndim > 1 else samples), 1)


def trace_header(folder: Path, result: ScenarioResult) -> dict[str, Any]:
    """What a run's trace says of the run; empty where there is no trace any more."""
    name = result.artifacts.get("trace")
    if name is None:
        return {}
    try:
        with (folder / name).open(encoding="utf-8", errors="replace") as file:
            header = json.loads(file.readline())
    except (OSError, ValueError):
        return {}
    return header if isinstance(header, dict) else {}


def _of_trace(
    folder: Path, result: ScenarioResult
) -> tuple[dict[str, Any], tuple[str, ...], str | None]:
    """Header, kinds of events, and the model; empty where there is no trace any more."""
    name = result.artifacts.get("trace")
    if name is None:
        return {}, (), None
    kinds: dict[str, None] = {}
    model: str | None = None
    try:
        with (folder / name).open(encoding="utf-8", errors="replace") as file:
            header = json.loads(file.readline())
            for _, line in zip(range(MOST_LINES), file, strict=False):
                if (found := DIALOGUE.search(line, 0, 200)) is not None:
                    kinds[found[1]] = None
                elif model is None and "session.created" in line:
                    model = match[1] if (match := MODEL.search(line)) else None
    except (OSError, ValueError, HarnessError):
        return {}, (), None
    return (header if isinstance(header, dict) else {}), tuple(kinds), model
