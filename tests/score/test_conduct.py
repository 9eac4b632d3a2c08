"""Planted faults of turn-taking: each is found by its own number and by no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pytest

from harness.score.conduct import conduct_of
from harness.score.exchanges import exchanges_of
from harness.trace import TraceEvent
from tests.support.call_events import answer, clip, event, record

Pairs = Sequence[tuple[float, float]]


def found(events: list[TraceEvent], heard: Pairs, sent: Pairs = ()) -> dict[str, int]:
    """The faults that are not 0, and not absent."""
    made = record(events, heard=heard, sent=sent)
    numbers = asdict(conduct_of(made.events, exchanges_of(made), made.sent_spans))
    return {name: count for name, count in numbers.items() if count}


def cut(name: str, started_s: float, played_s: tuple[float, float], text: str) -> list[TraceEvent]:
    return answer(name, started_s, played_s, "cancelled", text, cleared=True)


GOOD = [clip(1, 2), *answer("a", 2.4, (2.5, 4.0), text="one two three")]
DOUBLED = [*GOOD, *answer("b", 4.2, (4.3, 5.0), text="and again")]
INTERRUPTED = [
    clip(1, 2),
    *cut("a", 2.4, (2.5, 4.3), "the table is free at seven"),
    clip(4.0, 5.0, interrupts=True),
]
RESTARTED = [*INTERRUPTED, *answer("b", 5.4, (5.5, 7.0), text="The table is free at seven.")]
WENT_ON = [*INTERRUPTED, *answer("b", 5.4, (5.5, 7.0), text="Eight it is then.")]
STOPPED = [clip(1, 2), *cut("a", 2.4, (2.5, 5.5), "the table is free at seven")]
EARLY = [clip(1, 4), event("user.speech_stopped", 2.3), *answer("a", 2.4, (2.6, 3.0))]
HUMMED = [clip(1, 2), *answer("a", 2.4, (2.5, 6.0)), clip(4, 4.4, "mm-hmm")]
HUMMED_OFF = [clip(1, 2), *cut("a", 2.4, (2.5, 4.6), "one two three"), clip(4, 4.4, "mm-hmm")]


@pytest.mark.parametrize(
    ("events", "heard", "sent", "faults"),
    [
        pytest.param(GOOD, [(2.6, 4.1)], [], {}, id="nothing"),
        pytest.param(DOUBLED, [(2.6, 4.1), (4.4, 5.1)], [], {"double_answers": 1}, id="doubled"),
        pytest.param(RESTARTED, [(2.6, 4.4), (5.6, 7.1)], [], {"restarts": 1}, id="restarted"),
        pytest.param(WENT_ON, [(2.6, 4.4), (5.6, 7.1)], [], {}, id="another answer"),
        pytest.param(STOPPED, [(2.6, 5.5)], [(1, 2)], {"false_interruptions": 1}, id="stopped"),
        pytest.param(
            STOPPED, [(2.6, 5.5)], [(1, 2), (4.0, 5.0)], {"echo_interruptions": 1}, id="echo"
        ),
        pytest.param(EARLY, [(2.7, 3.1)], [], {"cut_offs": 1}, id="cut off in a pause"),
        pytest.param(HUMMED, [(2.6, 6.1)], [], {"backchannels": 1}, id="went on over it"),
        pytest.param(
            HUMMED_OFF,
            [(2.6, 4.7)],
            [],
            {"backchannels": 1, "backchannel_stops": 1},
            id="stopped by it",
        ),
    ],
)
def test_each_number_finds_its_own_fault_alone(
    events: list[TraceEvent], heard: Pairs, sent: Pairs, faults: dict[str, int]
) -> None:
    assert found(events, heard, sent) == faults


def test_an_answer_that_a_tool_was_called_for_is_no_second_one() -> None:
    tool = event("tool.called", 4.1, call_id="c", name="book", arguments="{}")
    assert found([*GOOD, tool, *DOUBLED[len(GOOD) :]], [(2.6, 4.1), (4.4, 5.1)]) == {}


def test_what_long_work_came_to_is_told_in_an_answer_of_its_own() -> None:
    told = event("thinking.delivered", 4.1, job="work-1", where="session", waited_s=0.0)
    assert found([*GOOD, told, *DOUBLED[len(GOOD) :]], [(2.6, 4.1), (4.4, 5.1)]) == {}


def test_an_answer_that_the_user_stopped_on_the_page_is_no_fault() -> None:
    click = event("page.acted", 5.3, "harness", kind="click", took_s=0.1)
    assert found([*STOPPED, click], [(2.6, 5.5)]) == {}


def test_what_nothing_could_have_shown_is_absent_and_not_0() -> None:
    made = record([clip(1, 2)])
    numbers = asdict(conduct_of(made.events, exchanges_of(made), ()))
    assert set(numbers.values()) == {None}
