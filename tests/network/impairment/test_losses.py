"""Losses: as many as asked, in the places and bursts that were asked for."""

from __future__ import annotations

from itertools import groupby
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.network.impairment.losses import BurstLosses, EvenLosses


@given(share=st.floats(0, 1), blocks=st.integers(1, 20), seed=st.integers())
def test_even_losses_are_as_many_as_asked_to_the_packet(
    share: float, blocks: int, seed: int
) -> None:
    losses = EvenLosses(share, Random(seed))
    lost = sum(losses.next() for _ in range(blocks * 100))
    assert abs(lost - share * blocks * 100) <= 1


@given(kinds=st.lists(st.booleans(), min_size=300, max_size=300), seed=st.integers())
def test_media_lose_their_share_whatever_is_between_them(kinds: list[bool], seed: int) -> None:
    losses = EvenLosses(0.2, Random(seed))
    drawn = [(is_media, losses.next(is_media=is_media)) for is_media in kinds]
    of_media = [lost for is_media, lost in drawn if is_media]
    whole = len(of_media) // 100 * 100
    assert sum(of_media[:whole]) == pytest.approx(whole * 0.2, abs=1)


def test_even_losses_lie_at_places_that_the_lots_say() -> None:
    def drawn(seed: int) -> list[bool]:
        losses = EvenLosses(0.1, Random(seed))
        return [losses.next() for _ in range(100)]

    assert drawn(1) == drawn(1) != drawn(2)


@pytest.mark.parametrize(
    ("share", "burst", "burst_loss"), [(0.03, 3, 1.0), (0.2, 8, 1.0), (0.1, 20, 0.5)]
)
def test_bursts_have_the_share_and_the_length_that_were_asked_for(
    share: float, burst: float, burst_loss: float
) -> None:
    losses = BurstLosses(share, burst, burst_loss, Random(7))
    drawn = [losses.next() for _ in range(200_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(share, rel=0.1)
    runs = [len(list(run)) for lost, run in groupby(drawn) if lost]
    if burst_loss == 1:
        assert sum(runs) / len(runs) == pytest.approx(burst, rel=0.1)
