"""``harness baseline``: accept a run as what is good, show one, list them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from harness.errors import UsageError
from harness.exchange.opened import opened_run
from harness.paths import what_is_at
from harness.regression.acceptable import refuse_failed
from harness.regression.baseline import find_baselines, read_baseline, write_baseline
from harness.regression.facts import Calls
from harness.regression.read import joined, read_calls


def accept_baseline(
    runs: Sequence[Path],
    to: Path | None,
    *,
    as_json: bool,
    allow_failed: bool = False,
    audio: bool = False,
) -> int:
    """Write runs, several of them as repeats, as a baseline.

    Args:
        runs: folders, their results, or packed.
        to: the file.
        as_json: what was accepted, as one JSON object.
        allow_failed: also where a run did not pass, or the whole was interrupted.
        audio: keep the answers' audio beside it.

    Raises:
        UsageError: no run or no file is named, the run cannot be read, or not all of it passed.
    """
    if not runs or to is None:
        raise UsageError(
            "A baseline is made of a run, and kept in a file.",
            expected="harness baseline accept RUN --to FILE.yaml",
            found="no run" if not runs else "no --to",
            hint="harness baseline accept out/demo --to baselines/voice.yaml",
        )
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(opened_run(run)) for run in runs]
        sides = [read_calls(place, run) for place, run in zip(opened, runs, strict=True)]
        calls = joined(sides, ", ".join(map(str, runs)))
        if not allow_failed:
            refuse_failed(opened, calls)
        gone = _gone(to, calls)
        write_baseline(calls, to, audio=audio)
    if as_json:
        print(json.dumps({"file": str(to), **_summary(calls), "gone": gone}))
    else:
        print(f"{to}: {_in_words(calls)}, from {calls.source}")
        if gone:
            print(f"no longer in it: {', '.join(gone)}")
    return 0


def _gone(to: Path, calls: Calls) -> list[str]:
    """The scenarios that a baseline loses when these calls replace it."""
    with contextlib.suppress(UsageError):  # a broken one is what is to be replaced
        before = read_baseline(to).scenarios if to.is_file() else ()
        now = {one.name for one in calls.scenarios}
        return [name for name in dict.fromkeys(one.name for one in before) if name not in now]
    return []


def show_baselines(paths: Sequence[Path], *, as_json: bool) -> int:
    """Print what is in baselines: scenarios, runs, turns, the usual wait.

    Raises:
        UsageError: none is named, or one cannot be read.
    """
    if not paths:
        raise UsageError(
            "Which baseline?",
            expected="harness baseline show FILE",
            found="none",
            hint="harness baseline list shows those below this folder",
        )
    baselines = [read_baseline(path) for path in paths]
    if as_json:
        print(json.dumps([one.model_dump(mode="json", exclude_defaults=True) for one in baselines]))
        return 0
    for calls in baselines:
        print(f"{calls.source}: {_in_words(calls)}")
        rows = [
            (
                one.name,
                one.engine,
                f"{sum(run.verdict == 'passed' for run in one.runs)} of {len(one.runs)} passed",
                f"{max(len(run.turns) for run in one.runs)} turns",
                _wait(Calls(scenarios=(one,))),
            )
            for one in calls.scenarios
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            print("  " + "  ".join(map(str.ljust, row, widths)).rstrip())
    return 0


def list_baselines(folders: Sequence[Path], *, as_json: bool) -> int:
    """Print every baseline in the folders, this one where none is named.

    Raises:
        UsageError: a folder is not there, or a baseline is broken.
    """
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(
                f"There is no folder {folder}.",
                expected="folders in which baselines are looked for",
                found=what_is_at(folder),
                hint=f"harness baseline show {folder}" if folder.is_file() else None,
            )
    paths = [path for folder in folders or [Path()] for path in find_baselines(folder)]
    baselines = [read_baseline(path) for path in paths]
    if as_json:
        print(json.dumps([{"file": one.source, **_summary(one)} for one in baselines]))
        return 0
    width = max((len(one.source) for one in baselines), default=0)
    for calls in baselines:
        print(f"{calls.source:<{width}}  {_in_words(calls)}")
    if not baselines:
        print("no baseline here: harness baseline accept RUN --to FILE.yaml")
    return 0


def refuse_option(action: str, option: str) -> None:
    """End here: only “accept” writes a file.

    Raises:
        UsageError: always.
    """
    raise UsageError(
        f"“harness baseline {action}” has no option {option}.",
        found=option,
        hint="harness baseline accept RUN --to FILE.yaml",
    )


def _summary(calls: Calls) -> dict[str, object]:
    return {
        "scenarios": [one.name for one in calls.scenarios],
        "runs": sum(len(one.runs) for one in calls.scenarios),
        "machine": calls.machine,
        "model": calls.model,
    }


def _in_words(calls: Calls) -> str:
    scenarios, runs = len(calls.scenarios), sum(len(one.runs) for one in calls.scenarios)
    parts = [
        f"{scenarios} scenario{'s' * (scenarios != 1)}",
        f"{runs} run{'s' * (runs != 1)}",
        _wait(calls),
        calls.machine or "",
        calls.model or "",
    ]
    return ", ".join(part for part in parts if part)


def _wait(calls: Calls) -> str:
    times = [
        turn.times_ms["voice_to_voice"]
        for one in calls.scenarios
        for run in one.runs
        for turn in run.turns
        if "voice_to_voice" in turn.times_ms
    ]
    return f"voice to voice {median(times):.0f} ms" if times else ""
