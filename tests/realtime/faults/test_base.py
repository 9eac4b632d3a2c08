"""What kinds of faults have in common."""

from __future__ import annotations

import pytest

from harness.realtime.faults.parse import FAULTS


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_says_where_it_can_be(name: str) -> None:
    model = FAULTS[name]
    needs_a_network = ("http", "sdp", "ice", "secret", "crash", "never_opens", "wrong_id")
    assert model.in_memory is not any(word in name for word in needs_a_network)
    needs_its_own_negotiation = ("sdp", "ice", "http", "secret", "session", "never_opens")
    assert not (model.per_answer and any(word in name for word in needs_its_own_negotiation))
