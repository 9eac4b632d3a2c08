"""Steps after the call was hung up: those that need it are refused before anything runs."""

from __future__ import annotations

from collections.abc import Iterator

from harness.errors import ScenarioError
from harness.scenario.load import LoadedScenario
from harness.scenario.model import Step
from harness.scenario.page_steps import HangUp, PageStep

SPEAK_OR_SEND = frozenset(
    {"say", "converse", "interrupt", "hold", "end_turn", "send", "tool_result"}
)
"""Kinds of steps that act in the call."""


def refuse_after_hang_up(loaded: LoadedScenario) -> None:
    """See that no step acts in a call that an earlier one has closed.

    Expectations may follow, of the page too, and so may steps on the page: one of these may begin
    another call where the page was kept.

    Raises:
        ScenarioError: one does; with file, line and step.
    """
    too_late = list(_too_late(loaded.scenario.steps))
    if not too_late:
        return
    closed = too_late[0][0]
    named = ", ".join(f"step {number + 1} ({kind})" for _, number, kind in too_late)
    raise ScenarioError(
        f"{loaded.place('steps', too_late[0][1])}: {named} "
        f"{'needs' if len(too_late) == 1 else 'need'} the call, and it is closed by then.",
        expected="nothing but expectations and steps on the page after hang_up",
        found=f"hang_up is step {closed + 1}, at {loaded.place('steps', closed)}",
        hint="put hang_up behind them, or take them out",
    )


def _too_late(steps: list[Step]) -> Iterator[tuple[int, int, str]]:
    """The number of a hang_up, of a step that comes too late, from 0, and that one's kind."""
    closed: int | None = None
    keeps_page = False
    for number, step in enumerate(steps):
        if step.hang_up is not None:
            closed = number if closed is None else closed
            keeps_page = isinstance(step.hang_up, HangUp)
        elif keeps_page and step.kind in PageStep.model_fields:
            closed = None
        elif closed is not None and (step.kind in SPEAK_OR_SEND or _waits(step, keeps_page)):
            yield closed, number, step.kind


def _waits(step: Step, keeps_page: bool) -> bool:
    """Whether it waits for a time of the call, which goes on where a page keeps its microphone."""
    no_answer = step.expect is not None and step.expect.no_answer is not None
    return not keeps_page and (step.silence is not None or no_answer)
