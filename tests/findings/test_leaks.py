"""Findings of what a page leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from harness.facts.browser import MemoryUsed
from harness.facts.connection import ConnectionClosed, ConnectionCreated, ConnectionState
from harness.facts.media import (
    AudioContextCreated,
    AudioContextState,
    MicrophoneStarted,
    MicrophoneStopped,
)
from harness.facts.page import PageUnloaded
from tests.support.healthy_call import HEALTHY, At, found_in, names_in, ticking, without

METER = "http://a/call.js:12:5"


def test_connections_that_are_left_behind() -> None:
    left = [
        (2.0, ConnectionCreated("connection-1", {})),
        (4.0, ConnectionCreated("connection-2", {})),
        (6.0, ConnectionCreated("connection-3", {})),
        (6.5, ConnectionState("connection-3", "connection", "connected")),
    ]
    (found,) = found_in(HEALTHY, left, ticking(9))
    assert found.name == "connections_leaked"
    assert "connection-1, connection-2" in found.cause
    closed = [(6.1, ConnectionClosed(f"connection-{number}")) for number in (1, 2)]
    assert names_in(HEALTHY, left, closed, ticking(9)) == []


def test_several_connections_that_are_made_at_once_are_one_call() -> None:
    together = [
        (t_s, ConnectionCreated(f"connection-{number}", {}))
        for number, t_s in ((1, 0.2), (2, 0.3), (3, 0.4))
    ]
    assert names_in(HEALTHY, together, ticking(9)) == []


def contexts(at_s: Sequence[float], line: str = METER) -> list[At]:
    """One made at each of these places, by one line of the page's scripts."""
    return [
        (t_s, AudioContextCreated(f"audio-context-{line[-3:]}-{number}", line))
        for number, t_s in enumerate(at_s)
    ]


def closed(made: Sequence[At], after_s: float) -> list[At]:
    """Each of them closed so long after it was made."""
    return [
        (t_s + after_s, AudioContextState(fact.context, "closed"))
        for t_s, fact in made
        if isinstance(fact, AudioContextCreated)
    ]


def test_a_context_for_each_turn_and_none_is_closed() -> None:
    (found,) = found_in(HEALTHY, contexts([2.0, 6.0, 9.0, 12.0]))
    assert found.name == "audio_contexts_leaked"
    assert found.cause.startswith("3 of them")
    assert found.page_line == METER
    assert [one.type for one in found.evidence] == ["audio_context.created"] * 3


def test_contexts_that_are_closed_in_time_are_no_leak() -> None:
    made = contexts([2.0, 6.0, 9.0, 12.0])
    assert names_in(HEALTHY, made, closed(made, 1.0)) == []


def test_contexts_of_a_document_that_is_gone_are_gone() -> None:
    left: At = (7.0, PageUnloaded("http://a/"))
    assert names_in(without(MicrophoneStarted), contexts([2.0, 6.0, 9.0, 12.0]), left) == []


def test_several_contexts_that_are_made_at_once_have_their_uses() -> None:
    assert names_in(HEALTHY, contexts([2.0, 2.1, 2.2, 2.3])) == []


def test_contexts_of_several_places_have_their_uses() -> None:
    made = [contexts([float(second)], f"http://a/call.js:{second}:1") for second in range(2, 8)]
    assert names_in(HEALTHY, *made) == []


def test_contexts_whose_place_nobody_knows_say_nothing() -> None:
    assert names_in(HEALTHY, contexts([2.0, 6.0, 9.0, 12.0], line="")) == []


def microphones(at_s: Sequence[float]) -> list[At]:
    """One opened at each of these places."""
    return [
        (t_s, MicrophoneStarted(f"microphone-{number + 1}", "Microphone", 48_000, "worklet"))
        for number, t_s in enumerate(at_s)
    ]


def test_a_microphone_for_each_turn_and_none_is_stopped() -> None:
    (found,) = found_in(HEALTHY, microphones([4.0, 8.0]))
    assert (found.name, found.at_s) == ("microphones_leaked", 0.04)


def test_microphones_that_are_given_back_or_opened_together_are_no_leak() -> None:
    stopped = [(t_s + 1.0, MicrophoneStopped(f"microphone-{n}")) for n, t_s in ((1, 4.0), (2, 8.0))]
    assert names_in(HEALTHY, microphones([4.0, 8.0, 12.0]), stopped) == []
    assert names_in(HEALTHY, microphones([0.1, 0.2, 0.3])) == []


def memory(mb_at_s: Mapping[float, float], *, garbage_mb: float = 0.0) -> list[At]:
    """What is in use at these places, told with garbage a moment before, and without it then."""
    return [
        (t_s + later_s, MemoryUsed(round((mb + more_mb) * 1e6), collected))
        for t_s, mb in mb_at_s.items()
        for later_s, more_mb, collected in ((0.0, garbage_mb, False), (0.1, 0.0, True))
    ]


def test_memory_that_grows_for_as_long_as_the_call_lasts() -> None:
    (found,) = found_in(HEALTHY, memory({1: 10, 5: 50, 9: 90, 13: 130}), ticking(14))
    assert found.name == "memory_grows"
    assert found.cause == "What the page keeps grew from 10 MB to 130 MB in 12 s."
    assert [one.type for one in found.evidence] == ["page.memory"] * 2


def test_garbage_that_comes_and_goes_is_nothing_that_is_kept() -> None:
    assert names_in(HEALTHY, memory({1: 10, 5: 10, 9: 11, 13: 10}, garbage_mb=200)) == []


def test_garbage_that_nobody_has_collected_yet_says_nothing() -> None:
    told = [(float(second), MemoryUsed(second * 20_000_000)) for second in range(1, 20)]
    assert names_in(HEALTHY, told) == []


@pytest.mark.parametrize(
    "mb_at_s",
    [
        {1: 10, 2: 90, 3: 160},
        {1: 10, 15: 11, 19: 80, 20: 160},
        {1: 200, 5: 230, 10: 260, 15: 290, 20: 320},
        {1: 10, 5: 20, 10: 30, 15: 40, 20: 50},
        {10: 10, 14: 50, 20: 10},
    ],
    ids=["loads at first", "loads at last", "is large", "grows little", "gives back"],
)
def test_what_a_page_loads_or_gives_back_is_no_leak(mb_at_s: dict[float, float]) -> None:
    assert names_in(HEALTHY, memory(mb_at_s), ticking(20)) == []


def test_a_short_call_says_nothing_of_memory() -> None:
    assert names_in(HEALTHY, memory({1: 10, 2: 60, 3: 110, 4: 160}), ticking(5)) == []


def test_what_a_page_loads_before_its_call_does_not_count() -> None:
    before = memory({0.01: 10, 0.05: 90})
    assert names_in(HEALTHY, before, memory({9.0: 170}), ticking(16)) == []
