"""The remote peer of benchmark calls."""

from __future__ import annotations

import numpy as np
import pytest

from harness.bench.callee import open_callee, steady_tone
from harness.errors import PeerError
from harness.peer.backends import peer_factory
from harness.testing.peer_contract_tools import hear, loudest_hz, one_side


async def test_it_answers_echoes_and_sings_in_a_process_of_its_own() -> None:
    """And counts what it had to make up."""
    async with open_callee("wrtc") as far, one_side(peer_factory("wrtc")) as near:
        near.peer.open_channel("bench")
        await near.peer.accept_answer(await far.answer(await near.peer.create_offer()))
        await near.listener.until(lambda: bool(near.listener.opened))
        near.peer.send("bench", "hello")
        await near.listener.until(lambda: bool(near.listener.messages))
        assert near.listener.messages == [("bench", "hello")]
        await hear(near, 0.3)
        assert loudest_hz(await hear(near, 0.3)) == pytest.approx(440.0, abs=5.0)
        concealed, played = await far.counts()
        assert 0 <= concealed <= played
        await far.hang_up()
        assert await far.counts() == (0, 0)


async def test_an_offer_that_cannot_be_used_is_an_error_and_not_the_end() -> None:
    """The next one is answered."""
    async with open_callee("wrtc") as far:
        with pytest.raises(PeerError, match="SDP offer"):
            await far.answer("nonsense")
        assert await far.counts() == (0, 0)


def test_the_tone_has_no_click_where_it_starts_again() -> None:
    pull = steady_tone()
    samples = np.concatenate([pull(960) for _ in range(60)])
    assert np.abs(np.diff(samples)).max() < 0.1 * 2 * np.pi * 440 / 48_000 * 1.01
