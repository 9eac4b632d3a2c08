"""The call of a page in a recorded session: from when on it was up, and when the page ended it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.call.call_end import CallEnd
from harness.call.events import CallEvent


@dataclass(frozen=True, slots=True)
class PageCall:
    """The call of the page, on its timeline."""

    up_s: float
    """When it had come up: what was done before made it call."""

    ended_s: float | None = None
    """When the page had ended it; None: it had not."""


def page_call_of(events: Iterable[CallEvent], up_s: float) -> PageCall:
    """When the page ended its call: nothing of it was left, and none came again.

    Args:
        events: of the call, in order.
        up_s: when it had come up.
    """
    end, was_up, ended_s = CallEnd(), False, None
    for event in events:
        end.on_call_event(event)
        if not end.is_whole:
            was_up, ended_s = True, None
        elif was_up and ended_s is None:
            ended_s = event.t_s
    return PageCall(up_s, ended_s)
