"""Events that somebody asks a client for."""

from __future__ import annotations

import pytest

from harness.client.wanted_events import is_wanted, refuse_unknown, type_of
from harness.errors import UsageError
from harness.facts.fact import Typed
from harness.realtime.client.events import Opened
from harness.realtime.client.outputs import SessionEvent

OPENED = SessionEvent(Opened("sess_1", resumed=False), 0.0)


def test_an_event_is_wanted_by_its_type_a_pattern_or_its_class() -> None:
    assert all(is_wanted(OPENED, one) for one in ((), ("opened",), ("no", "op*"), (Opened,)))
    assert not is_wanted(OPENED, ("closed",))
    assert (type_of(Opened), type_of("op*")) == ("opened", "op*")


class Unknown(Typed):
    """Of nobody."""

    type = "opened"


@pytest.mark.parametrize("wanted", ["no_such", Unknown])
def test_what_no_event_is_is_refused_with_what_there_is(wanted: str | type[Typed]) -> None:
    refuse_unknown("op*")
    refuse_unknown(Opened)
    with pytest.raises(UsageError, match="There is no such event") as told:
        refuse_unknown(wanted)
    assert "opened" in (told.value.expected or "")
