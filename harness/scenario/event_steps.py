"""Steps that go by a protocol's events: refused where a scenario says that there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.protocols.choice import NONE

if TYPE_CHECKING:
    from harness.scenario.model import Expectation, Step

EVENT_STEPS = frozenset({"tool_result", "end_turn", "send"})


def refuse_events(protocol: str, steps: Sequence[Step]) -> None:
    """See that a scenario by ear alone asks for nothing that only events can do or tell.

    Raises:
        ValueError: it does; says which step.
    """
    if protocol != NONE:
        return
    for number, step in enumerate(steps, start=1):
        asks = step.kind if step.kind in EVENT_STEPS else None
        if step.expect is not None and _asks_for_tool(step.expect):
            asks = "tool"
        if asks is not None:
            raise ValueError(
                f"step {number} has `{asks}`, and the page is tested by ear alone "
                "(`protocol: none`): there are no events. Name its protocol, or leave it out"
            )


def _asks_for_tool(wanted: Expectation) -> bool:
    if wanted.absent is not None and wanted.absent.tool is not None:
        return True
    return wanted.tool is not None or any(map(_asks_for_tool, wanted.any_of or ()))
