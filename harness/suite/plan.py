"""Plans of a suite: which scenario runs in which engine, how often, and into which folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.errors import UsageError
from harness.scenario.load import LoadedScenario

MAX_REPEATS = 1_000


@dataclass(frozen=True)
class Job:
    """One run of one scenario."""

    scenario: int
    """Its place among the scenarios of the plan."""

    engine: str
    repeat: int
    """From 1."""

    attempt: int
    """0, and more where it is tried again."""

    folder: str
    """Below the folder of the suite."""

    def again(self) -> Job:
        """The next attempt. No scenario's name holds a “~”, so folders stay apart."""
        attempt = self.attempt + 1
        base = self.folder if self.attempt == 0 else self.folder.rpartition("~retry")[0]
        return replace(self, attempt=attempt, folder=f"{base}~retry{attempt}")


def jobs_of(
    scenarios: Sequence[LoadedScenario], engines: Sequence[str], repeat: int = 1
) -> list[Job]:
    """Every run: all scenarios once before any of them the second time, engine by engine.

    Raises:
        UsageError: more repeats than make sense.
    """
    if not 1 <= repeat <= MAX_REPEATS:
        raise UsageError(
            "So many repeats are not possible.", expected=f"1 to {MAX_REPEATS}", found=str(repeat)
        )
    return [
        Job(index, engine, number, 0, _folder(loaded.scenario.name, engine, number, engines))
        for engine in engines
        for number in range(1, repeat + 1)
        for index, loaded in enumerate(scenarios)
    ]


def _folder(name: str, engine: str, number: int, engines: Sequence[str]) -> str:
    folder = name if len(engines) == 1 else f"{name}@{engine}"
    return folder if number == 1 else f"{folder}~{number}"
