from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from harness.facts.call import CallHungUp, MicrophoneMuted, OwnVoiceHeard
from harness.facts.fact import Unknown
from harness.facts.server import FaultApplied


def test_the_fields_are_the_data_in_their_order() -> None:
    assert CallHungUp().to_data() == {}
    assert list(OwnVoiceHeard(1.0, 2.0, delay_s=0.25).to_data()) == ["start_s", "end_s", "delay_s"]


def test_a_field_is_left_out_while_it_has_its_default() -> None:
    applied = FaultApplied(name="event_lost", detail="one", uncertainty_s=0.0)
    assert applied.to_data() == {"name": "event_lost", "detail": "one", "uncertainty_s": 0.0}


def test_a_fact_does_not_change() -> None:
    muted = MicrophoneMuted(True)
    with pytest.raises(FrozenInstanceError):
        muted.muted = False  # type: ignore[misc]


def test_what_is_not_known_keeps_its_data() -> None:
    assert Unknown("page", "hologram.started", {"depth_m": 2}).to_data() == {"depth_m": 2}
