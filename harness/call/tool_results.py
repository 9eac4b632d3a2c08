"""The call of a tool that a result is about."""

from __future__ import annotations

from harness.call.events import CallEvent
from harness.call.recorder import CallRecorder
from harness.call.waits import CallWaits, what_came
from harness.errors import ExpectationFailed


async def called_tool(
    recorder: CallRecorder, waits: CallWaits, name: str, within_s: float
) -> CallEvent:
    """The last call of this tool, once the response that called it is over.

    Raises:
        ExpectationFailed: the tool was not called, or the response goes on.
    """
    calls = [
        event
        for event in recorder.events.snapshot()
        if event.type == "tool.called" and event.data.get("name") == name
    ]
    if not calls:
        raise ExpectationFailed(
            f"The tool “{name}” was not called.",
            expected=f"a call of {name} before its result",
            found=what_came(recorder.events.snapshot()),
        )
    called = calls[-1]
    await waits.event(
        lambda e: e.type == "answer.ended" and e.t_s >= called.t_s,
        within_s,
        "the end of the response that called the tool",
    )
    return called
