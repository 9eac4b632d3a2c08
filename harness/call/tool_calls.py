"""Tool calls of a running call: the one that is to be answered, once it may be."""

from __future__ import annotations

from harness.call.events import matching
from harness.call.recorder import CallRecorder
from harness.call.waits import CallWaits, what_came
from harness.errors import ExpectationFailed


async def called_tool(name: str, recorder: CallRecorder, waits: CallWaits, within_s: float) -> str:
    """The id of the tool call that was made last under this name.

    Waits until the response that called it is over: a server refuses another one before.

    Raises:
        ExpectationFailed: the tool was not called.
    """
    all_calls = recorder.events.reader(from_start=True, match=matching("tool.called"))
    calls = [e for e in all_calls.take_available() if e.data.get("name") == name]
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
    return str(called.data["call_id"])
