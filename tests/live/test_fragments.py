"""Words on the grid of the timeline."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.live.fragments import GRID_MS, Fragments
from harness.live.state import LiveState
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.server.outputs import SendEvent

WORDS = st.lists(st.sampled_from(["a", "bread", "seven-thirty", "é"]), min_size=1, max_size=8)


def told(state: LiveState) -> list[dict[str, Any]]:
    return [output.event for output in state.take_outputs() if isinstance(output, SendEvent)]


def made() -> tuple[LiveState, Fragments]:
    state = LiveState({}, Echo(), Ids(1), "webrtc")
    return state, Fragments(state, "x")


def test_a_slot_s_words_are_one_fragment_told_when_it_is_over() -> None:
    state, fragments = made()
    fragments.add("one two", 210)
    fragments.add("three", 390)
    fragments.advance(399)
    assert told(state) == []
    fragments.advance(400)
    fragments.advance(4_000)
    (event,) = told(state)
    assert (event["delta"], event["start_ms"], event["end_ms"]) == ("one two three", 200, 400)


def test_words_that_come_late_count_as_the_latest() -> None:
    state, fragments = made()
    fragments.add("second", 1_000)
    fragments.add("late", 100)
    fragments.flush()
    assert [event["start_ms"] for event in told(state)] == [1_000]


@given(turns=st.lists(st.tuples(WORDS, st.integers(0, 5_000), st.integers(0, 5_000)), max_size=5))
def test_fragments_join_to_what_was_said_and_run_forwards(
    turns: list[tuple[list[str], int, int]],
) -> None:
    state, fragments = made()
    for words, start_ms, length_ms in turns:
        fragments.spread(" ".join(words), start_ms, start_ms + length_ms)
    events = told(state)
    said = " ".join(word for words, _, _ in turns for word in words)
    assert "".join(event["delta"] for event in events) == said
    starts = [event["start_ms"] for event in events]
    assert starts == sorted(starts)
    assert all(
        e["start_ms"] % GRID_MS == 0 and e["end_ms"] - e["start_ms"] == GRID_MS for e in events
    )
