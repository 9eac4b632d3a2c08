"""Changes of what a call's microphone does to its sound."""

from __future__ import annotations

from collections.abc import Callable

from harness.call.recorder import CallRecorder
from harness.facts.microphone import MicrophoneChanged
from harness.line.interface import Line
from harness.line.microphone_wish import MicrophoneLike, read_microphone
from harness.speech.tools import Offload


async def change_microphone(
    line: Line,
    recorder: CallRecorder,
    microphone: MicrophoneLike,
    offload: Offload,
    now: Callable[[], float],
) -> None:
    """Another microphone from here on, noted in the trace.

    Args:
        offload: does what takes some time: making the filter.
        now: gives the time on the call's timeline.

    Raises:
        UsageError: there is no such microphone, or it is the browser's own device.
    """
    wish = read_microphone(microphone)
    plan = await offload(wish.plan)
    since_s = await line.microphone.set_effects(plan)
    given = wish.model_dump(exclude_defaults=True)
    fact = MicrophoneChanged(does=wish.in_words, conditions=given, since_s=since_s)
    recorder.note(fact, since_s if since_s is not None else now())
