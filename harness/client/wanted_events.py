"""Events that somebody asks a client for: by type, by pattern, or by the class of their fact."""

from __future__ import annotations

import fnmatch

from harness.errors import UsageError
from harness.facts.fact import Typed
from harness.realtime.client.events import EVENTS
from harness.realtime.client.outputs import SessionEvent

Wanted = str | type[Typed]
"""A type of event, wildcards allowed, or the class of its fact."""


def type_of(wanted: Wanted) -> str:
    """As it is written: the type, or the pattern."""
    return wanted if isinstance(wanted, str) else wanted.type


def is_wanted(event: SessionEvent, wanted: tuple[Wanted, ...]) -> bool:
    """Whether an event is one of those; where none is named, each is."""
    return not wanted or any(fnmatch.fnmatchcase(event.type, type_of(one)) for one in wanted)


def refuse_unknown(wanted: Wanted) -> None:
    """Nothing, where there are such events.

    Raises:
        UsageError: a type or a class that no event has.
    """
    if isinstance(wanted, str):
        is_known = bool(fnmatch.filter(EVENTS, wanted))
    else:
        is_known = EVENTS.get(wanted.type) is wanted
    if not is_known:
        raise UsageError(
            "There is no such event.", expected=", ".join(sorted(EVENTS)), found=f"{wanted}"
        )
