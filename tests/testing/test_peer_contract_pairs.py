"""The part of the suite that is about two ends finds who breaks it."""

from __future__ import annotations

import pytest

from harness.testing.peer_contract_pairs import LONG_TEXT
from harness.testing.simulated_peer import SimulatedPeer
from tests.support.broken_peers import HalfVolume, Quiet, StatesTwice, TextOnly, run_check


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        (TextOnly, "test_binary_stays_binary"),
        (Quiet, "test_the_far_end_going_away_is_told"),
        (StatesTwice, "test_states_come_in_order"),
        (HalfVolume, "test_the_microphone_is_heard_while_attached"),
    ],
)
async def test_a_broken_adapter_is_found(
    kind: type[SimulatedPeer], check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by the check that is about it."""
    monkeypatch.setattr("harness.testing.peer_contract_tools.LEFT_WITHIN_S", 0.1)
    with pytest.raises((AssertionError, TimeoutError)):
        await run_check(kind, check)


def test_the_long_text_is_as_long_as_promised() -> None:
    assert len(LONG_TEXT.encode()) == 60_000
