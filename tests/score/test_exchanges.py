"""Who said what to whom."""

from __future__ import annotations

from harness.score.call_record import CallRecord
from harness.score.exchanges import exchanges_of
from tests.support.call_events import answer, clip, event, record


def test_each_answer_belongs_to_the_turn_before_it() -> None:
    events = [
        clip(1.0, 2.0),
        *answer("a", 2.5, (2.7, 3.8)),
        clip(5.0, 6.0),
        *answer("b", 6.5, (6.7, 7.8)),
    ]
    first, second = exchanges_of(record(events, heard=[(2.8, 3.9), (6.8, 7.9)]))
    assert (first.said_end_s, first.heard_start_s, first.heard_end_s) == (2.0, 2.8, 3.9)
    assert (second.said_end_s, second.heard_start_s, second.heard_end_s) == (6.0, 6.8, 7.9)


def test_a_greeting_is_an_exchange_without_a_users_part() -> None:
    events = [*answer("g", 0.5, (0.6, 1.5)), clip(2.0, 3.0), *answer("a", 3.4, (3.5, 4.0))]
    greeting, first = exchanges_of(record(events, heard=[(0.7, 1.6), (3.6, 4.1)]))
    assert greeting.said == ()
    assert greeting.heard_start_s == 0.7
    assert first.heard_start_s == 3.6


def test_what_is_heard_after_an_interruption_began_still_belongs_to_the_cut_answer() -> None:
    """The interrupted answer has a pause, and a last word after the user has finished."""
    events = [
        clip(1.0, 2.0),
        *answer("a", 2.4, (2.5, 5.2), "cancelled", cleared=True),
        clip(4.0, 4.4, interrupts=True),
        *answer("b", 5.4, (5.6, 6.5)),
    ]
    first, second = exchanges_of(record(events, heard=[(2.6, 4.2), (4.6, 5.3), (5.8, 6.6)]))
    assert first.heard_end_s == 5.3
    assert first.was_cut
    assert second.heard_start_s == 5.8


def test_a_pause_that_ends_no_turn_keeps_the_turn_together() -> None:
    events = [clip(1.0, 2.0, "a table"), clip(2.6, 3.0, "for two"), *answer("a", 3.5, (3.6, 4.0))]
    (only,) = exchanges_of(record(events, heard=[(3.7, 4.1)]))
    assert [said.text for said in only.said] == ["a table", "for two"]
    assert only.said_end_s == 3.0


def test_a_pause_taken_for_the_end_makes_two_turns() -> None:
    events = [
        clip(1.0, 2.0),
        event("user.speech_stopped", 2.4, turn_id="u1"),
        clip(2.6, 3.0),
        *answer("a", 3.5, (3.6, 4.0)),
    ]
    assert len(exchanges_of(record(events, heard=[(3.7, 4.1)]))) == 2


def test_an_answer_that_talks_over_the_user_belongs_to_the_running_turn() -> None:
    events = [
        clip(1.0, 4.0),
        event("user.speech_stopped", 2.2, turn_id="u1"),
        *answer("a", 2.4, (2.5, 3.0)),
    ]
    (only,) = exchanges_of(record(events, heard=[(2.6, 3.1)]))
    assert only.heard_start_s == 2.6


def test_without_any_dialogue_the_audio_alone_decides() -> None:
    exchanges = exchanges_of(record([], heard=[(2.5, 3.0), (6.5, 7.0)], sent=[(1, 2), (5, 6)]))
    assert [exchange.heard_start_s for exchange in exchanges] == [2.5, 6.5]
    assert exchanges[0].said[0].text is None


def test_the_made_call_has_its_three_exchanges(rover: CallRecord) -> None:
    exchanges = exchanges_of(rover)
    assert [e.said[0].text for e in exchanges] == [
        "Go forward ten meters.",
        "Go somewhere and do something.",
        "Stop, please.",
    ]
    assert [e.was_cut for e in exchanges] == [False, True, False]


def test_facts_of_another_shape_do_not_break_the_reading() -> None:
    """A server may send nonsense where an identifier or a status should be."""
    nonsense = [
        event("answer.started", 2.4, answer_id=["a"]),
        event("answer.ended", 2.6, answer_id="b", status={"odd": 1}, reason=[2], text=3),
    ]
    (only,) = exchanges_of(record([clip(1.0, 2.0), *nonsense], heard=[]))
    (known,) = only.answers
    assert (known.status, known.reason, known.text) == ("{'odd': 1}", "[2]", "3")
