"""The contract suite finds adapters that break the rules; tests/contract runs it on ours."""

from __future__ import annotations

import pytest

from harness.testing.peer_contract import PeerContract
from harness.testing.simulated_peer import SimulatedPeer
from tests.support.broken_peers import Careless, TalksOn, run_check


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        (TalksOn, "test_nothing_is_told_after_the_end"),
        (Careless, "test_closing_leaves_nothing_behind"),
    ],
)
async def test_a_broken_adapter_is_found(
    kind: type[SimulatedPeer], check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by the check that is about it."""
    monkeypatch.setattr("harness.testing.peer_contract_tools.LEFT_WITHIN_S", 0.1)
    with pytest.raises((AssertionError, TimeoutError)):
        await run_check(kind, check)


def test_a_suite_without_a_factory_says_what_to_do() -> None:
    """The fixture to override is named."""
    factory = PeerContract.make_peer.__wrapped__  # type: ignore[attr-defined]
    with pytest.raises(NotImplementedError, match="make_peer"):
        factory(PeerContract())
