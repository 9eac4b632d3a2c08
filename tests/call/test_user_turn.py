"""Which transcripts are of what the user said last."""

from harness.call.events import CallEvent
from harness.call.user_turn import UserTurn


def event(kind: str, t_s: float, turn: str, **data: str) -> CallEvent:
    return CallEvent(t_s, "dialogue", f"user.{kind}", {"turn_id": turn, **data})


def turn_of(*events: CallEvent) -> UserTurn:
    """Of what was said from 4 to 6 s."""
    turn = UserTurn(4.0, 6.0)
    for each in events:
        turn.on_call_event(each)
    return turn


def test_the_transcript_may_come_later() -> None:
    turn = turn_of(event("committed", 6.5, "b"))
    assert not turn.is_told
    assert not turn.completed_by(CallEvent(7.0, "dialogue", "answer.started", {"answer_id": "a"}))
    assert turn.completed_by(event("transcript", 9.0, "b", text="a table"))
    assert turn.text == "a table"


def test_the_turn_before_is_not_this_one_however_late_it_is_transcribed() -> None:
    turn = turn_of(event("committed", 3.9, "a"), event("transcript", 6.8, "a", text="go forward"))
    assert (turn.is_told, turn.text) == (False, None)


def test_nor_is_one_that_was_noticed_before_and_committed_into_this_one() -> None:
    turn = turn_of(
        event("speech_started", 2.0, "a"),
        event("committed", 4.1, "a"),
        event("transcript", 4.5, "a", text="go forward"),
    )
    assert turn.text is None


def test_two_utterances_that_were_taken_for_one_turn_are_it() -> None:
    turn = turn_of(
        event("speech_started", 2.0, "a"),
        event("committed", 6.5, "a"),
        event("transcript", 7.0, "a", text="go forward, please"),
    )
    assert (turn.is_told, turn.text) == (True, "go forward, please")


def test_a_pause_that_made_two_turns_of_it_is_waited_out() -> None:
    turn = turn_of(event("committed", 5.0, "b"), event("transcript", 5.4, "b", text="a table"))
    assert not turn.is_told, "the user has not ended"
    assert turn.text == "a table"
    turn.on_call_event(event("committed", 6.5, "c"))
    assert turn.completed_by(event("transcript", 7.0, "c", text="for two"))
    assert turn.text == "a table for two"


def test_words_without_a_turn_are_of_what_was_said_when_they_came() -> None:
    """Some protocols tell words and no turns; each piece has a name of its own."""
    turn = turn_of(
        event("transcript", 3.0, "s1", text="go forward"), event("transcript", 5.0, "s2", text="a")
    )
    assert (turn.is_told, turn.text) == (False, "a")
    assert turn.completed_by(event("transcript", 6.4, "s3", text="table"))
    assert turn.text == "a table"


def test_words_that_come_before_their_turn_is_over_count_once() -> None:
    turn = turn_of(
        event("speech_started", 4.2, "b"),
        event("transcript", 5.0, "b", text="a"),
        event("committed", 6.5, "b"),
        event("transcript", 6.8, "b", text="a table"),
    )
    assert (turn.is_told, turn.text) == (True, "a table")


def test_a_transcription_that_failed_is_told_and_says_nothing() -> None:
    turn = turn_of(event("committed", 6.5, "b"), event("transcript_failed", 7.0, "b"))
    assert (turn.is_told, turn.text) == (True, None)


def test_fragments_of_one_turn_grow_and_the_last_of_them_counts() -> None:
    """Of a protocol that tells words while they are spoken, and no end."""
    turn = turn_of(event("transcript", 5.0, "b", text="a"))
    assert (turn.is_told, turn.settled_at_s(0.8)) == (False, 5.8)
    assert turn.grown_by(event("transcript", 6.5, "b", text="a table"))
    assert (turn.is_told, turn.text, turn.settled_at_s(0.8)) == (True, "a table", 7.3)
    assert not turn.grown_by(event("transcript", 6.6, "b", text="a table"))


def test_where_turns_are_told_nothing_is_loose() -> None:
    turn = turn_of(event("committed", 6.5, "b"), event("transcript", 7.0, "b", text="a table"))
    assert turn.settled_at_s(0.8) == 0.0
