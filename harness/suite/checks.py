"""Checks of scenarios that could be read: everything that is wrong is told before one runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from harness.errors import UsageError
from harness.scenario.load import LoadedScenario
from harness.scenario.prepare import prepare
from harness.scenario.run import RunOptions, check_loaded
from harness.speech.engines import default_synthesiser
from harness.suite.collect import Check


def checks_for(engines: Sequence[str]) -> Check:
    """A check that everything can be said, and that the engines can take every step.

    Args:
        engines: names; none where only what is said matters.
    """
    voices = default_synthesiser()
    checks: list[Callable[[LoadedScenario], object]] = [
        lambda one: prepare([one], voices, assistants=True),
        *(partial(_can_run, engine) for engine in dict.fromkeys(engines)),
    ]

    def check(loaded: LoadedScenario) -> list[UsageError]:
        found: list[UsageError] = []
        for one in checks:
            try:
                one(loaded)
            except UsageError as error:
                if str(error) not in map(str, found):  # two engines may refuse the same
                    found.append(error)
        return found

    return check


def _can_run(engine: str, loaded: LoadedScenario) -> None:
    check_loaded([loaded], RunOptions(engine=engine))
