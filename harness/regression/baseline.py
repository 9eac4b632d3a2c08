"""Baselines: facts of a good run in a small text file that people review and keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from harness import yaml12
from harness.errors import ScenarioError, UsageError
from harness.plain_data import Data
from harness.regression.facts import Calls, ScenarioFacts
from harness.regression.kept_audio import drop_audio, keep_audio, with_voices
from harness.suite.collect import BASELINE_KEY, is_baseline
from harness.suite.write import write_text
from harness.yaml_file import read_yaml

BASELINE_SUFFIXES = (".yaml", ".yml")
KEY = BASELINE_KEY
MAX_BYTES = 20_000_000
HEAD = "# What a good run was; “harness compare THIS NEW” says what is worse.\n"


class Baseline(Data):
    """The file."""

    harness_baseline: Literal[1]
    source: str = ""
    machine: str | None = None
    model: str | None = None
    scenarios: tuple[ScenarioFacts, ...] = Field(min_length=1)


def baseline_text(calls: Calls) -> str:
    """A baseline as text: stable, in the order of the run, without what is not known."""
    facts = calls.model_dump(mode="json", exclude_defaults=True)
    data: dict[str, Any] = {KEY: 1, **facts}
    return HEAD + yaml12.dump(data, sort_keys=False, flow_style=None)


def write_baseline(calls: Calls, path: Path, *, audio: bool = False) -> None:
    """Write it whole or not at all; folders are made.

    Args:
        audio: keep the answers' audio beside it; what was kept before goes otherwise.

    Raises:
        UsageError: the file's name is none of a baseline, or another file of that name is there.
        ArtifactError: it cannot be written.
    """
    check_place(path)
    kept = keep_audio(calls, path) if audio else drop_audio(calls, path)
    write_text(path, baseline_text(kept))


def check_place(path: Path) -> None:
    """See that a baseline may be written there: a scenario of that name is not overwritten.

    Raises:
        UsageError: it may not.
    """
    if path.suffix not in BASELINE_SUFFIXES:
        raise UsageError(
            f"{path} is no name for a baseline.",
            expected=f"a file ending in {' or '.join(BASELINE_SUFFIXES)}",
            found=path.name,
            hint="--to baselines/voice.yaml",
        )
    is_empty = path.is_file() and path.stat().st_size == 0
    if path.exists() and not is_empty and not is_baseline(path):
        raise UsageError(
            f"{path} is no baseline, and is not overwritten.",
            expected="a name that is free, or a baseline that is to be replaced",
            found="a folder" if path.is_dir() else "another file",
            hint="--to with another name, such as baselines/voice.yaml",
        )


def read_baseline(path: Path) -> Calls:
    """Read one.

    Raises:
        UsageError: it is none; the message has file and line.
    """
    file = read_yaml(path, "baseline", f"{KEY}: 1 and scenarios", MAX_BYTES)
    try:
        baseline = Baseline.model_validate(file.data)
    except ValidationError as error:
        first = error.errors()[0]
        raise ScenarioError(
            f"{file.place(first['loc'])}: this is no baseline that can be read.",
            expected=f"what “harness baseline accept” writes, {KEY}: 1",
            found=f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
            hint="accept it anew from a good run, or take the last version of the file",
        ) from error
    calls = Calls(
        source=str(path),
        machine=baseline.machine,
        model=baseline.model,
        scenarios=baseline.scenarios,
    )
    return with_voices(calls, path)


def find_baselines(folder: Path) -> list[Path]:
    """Every baseline in a folder and below it, by name; hidden folders are left out."""
    found = [path for suffix in BASELINE_SUFFIXES for path in folder.rglob(f"*{suffix}")]
    return sorted(
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and is_baseline(path)
    )
