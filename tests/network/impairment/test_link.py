"""A link: when each packet arrives, if it does. Time is an argument, and so are the lots."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.network.impairment.conditions import HEADER_BYTES, Conditions
from harness.network.impairment.link import Link, make_links
from tests.network.impairment.test_conditions import CONDITIONS

PACKETS = st.lists(st.tuples(st.floats(0, 0.1), st.integers(1, 1200)), max_size=60)
"""Seconds since the packet before, and bytes."""


def run(link: Link, packets: list[tuple[float, int]]) -> list[tuple[float, tuple[float, ...]]]:
    """When each packet came, and when it arrives."""
    now_s, fates = 0.0, []
    for after_s, size in packets:
        now_s += after_s
        fates.append((now_s, link.pass_on(now_s, size)))
    return fates


def every_20_ms(count: int, size: int = 100) -> list[tuple[float, int]]:
    return [(0.02, size)] * count


@given(conditions=CONDITIONS, packets=PACKETS, seed=st.integers())
def test_every_packet_is_counted_once_and_none_comes_before_it_was_sent(
    conditions: Conditions, packets: list[tuple[float, int]], seed: int
) -> None:
    link = Link(conditions, Random(seed))
    fates = run(link, packets)
    counts = link.counts
    passed = sum(bool(arrivals) for _, arrivals in fates)
    assert counts.packets == len(packets)
    assert counts.bytes == sum(size for _, size in packets)
    assert passed + counts.lost + counts.overflowed + counts.blacked_out == counts.packets
    assert counts.duplicated == sum(len(arrivals) == 2 for _, arrivals in fates)
    assert all(arrives_s >= now_s for now_s, arrivals in fates for arrives_s in arrivals)


@given(conditions=CONDITIONS, packets=PACKETS, seed=st.integers())
def test_one_seed_is_one_fate(
    conditions: Conditions, packets: list[tuple[float, int]], seed: int
) -> None:
    first, second = (run(Link(conditions, Random(seed)), packets) for _ in range(2))
    assert first == second


@given(first=CONDITIONS, second=CONDITIONS, packets=PACKETS, seed=st.integers())
def test_packets_keep_their_order_unless_asked_otherwise(
    first: Conditions, second: Conditions, packets: list[tuple[float, int]], seed: int
) -> None:
    link = Link(first, Random(seed))
    fates = run(link, packets)
    link.change(second)
    last_s = sum(after_s for after_s, _ in packets)
    fates += [(last_s + n, link.pass_on(last_s + n / 100, 50)) for n in range(20)]
    arrivals = [arrivals[0] for _, arrivals in fates if arrivals]
    overtook = sum(later < earlier for earlier, later in pairwise(arrivals))
    assert overtook <= link.counts.overtaken
    if not first.reorder and not second.reorder:
        assert link.counts.overtaken == 0


def test_a_delay_is_what_was_asked() -> None:
    fates = run(Link(Conditions(delay_ms=80), Random(1)), every_20_ms(10))
    assert [arrivals for _, arrivals in fates] == [(now_s + 0.08,) for now_s, _ in fates]


def test_jitter_spreads_around_the_delay_and_reorders_where_asked() -> None:
    link = Link(Conditions(delay_ms=50, jitter_ms=40, reorder=True), Random(1))
    delays = [arrivals[0] - now_s for now_s, arrivals in run(link, every_20_ms(2_000))]
    assert 0.01 - 1e-9 <= min(delays) < 0.015
    assert 0.085 < max(delays) <= 0.09 + 1e-9
    assert sum(delays) / len(delays) == pytest.approx(0.05, abs=0.003)
    assert link.counts.overtaken > 100


def test_a_rate_lets_packets_out_one_after_the_other() -> None:
    link = Link(Conditions(rate_kbps=8), Random(1))  # a byte each millisecond
    sizes = [(0.0, 100 - HEADER_BYTES)] * 3
    assert [arrivals[0] for _, arrivals in run(link, sizes)] == pytest.approx([0.1, 0.2, 0.3])


def test_a_full_queue_drops_what_comes_last() -> None:
    link = Link(Conditions(rate_kbps=8, queue_bytes=1_500), Random(1))
    fates = run(link, [(0.0, 500 - HEADER_BYTES)] * 5)
    assert [bool(arrivals) for _, arrivals in fates] == [True, True, True, False, False]
    assert link.counts.overflowed == 2
    assert link.pass_on(0.5, 500 - HEADER_BYTES)  # one has left meanwhile


def test_in_a_blackout_nothing_passes_and_what_is_under_way_arrives() -> None:
    link = Link(Conditions(delay_ms=100), Random(1))
    assert link.pass_on(0.0, 100) == (0.1,)
    link.change(Conditions(delay_ms=100, blackout=True))
    assert link.pass_on(0.05, 100) == ()
    link.change(Conditions())
    assert link.pass_on(0.08, 100) == (0.1,)  # and not before the one that is under way
    assert link.pass_on(0.2, 100) == (0.2,)


def test_a_change_of_delay_leaves_the_losses_in_their_place() -> None:
    """Else each step of a scenario would begin a block anew, and the share would be off."""
    link = Link(Conditions(loss=0.05), Random(3))
    for number in range(10):
        link.change(Conditions(loss=0.05, delay_ms=number))
        run(link, every_20_ms(10))
    assert link.counts.lost == pytest.approx(5, abs=1)


def test_each_direction_has_lots_of_its_own() -> None:
    up, down = make_links(Conditions(loss=0.3), Conditions(loss=0.3), seed=1)
    assert run(up, every_20_ms(100)) != run(down, every_20_ms(100))
