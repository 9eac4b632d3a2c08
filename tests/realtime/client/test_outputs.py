from __future__ import annotations

import dataclasses

import pytest

from harness.realtime.client.events import Opened
from harness.realtime.client.outputs import Notify, SendEvent, SessionEvent


def test_outputs_are_values() -> None:
    assert SendEvent({"type": "x"}) == SendEvent({"type": "x"})
    output = Notify(SessionEvent(Opened("sess_1", resumed=False), 1.0))
    with pytest.raises(dataclasses.FrozenInstanceError):
        output.event.t_s = 2.0  # type: ignore[misc]
