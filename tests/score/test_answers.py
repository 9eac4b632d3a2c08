"""When an answer is really over: ended, played, and silent."""

from harness.score.answers import (
    EARLY_SOUND_S,
    FIRST_SOUND_S,
    LAST_SOUND_S,
    QUIET_ALONE_S,
    QUIET_S,
    AnswerTracker,
)


def spoken(tracker: AnswerTracker, answer_id: str, start_s: float, end_s: float) -> None:
    """A whole answer: made fast, played from start to end, heard 0.2 s later."""
    tracker.on_dialogue_event("answer.started", {"answer_id": answer_id}, start_s)
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": answer_id}, start_s + 0.1)
    tracker.on_dialogue_event(
        "answer.text", {"answer_id": answer_id, "delta": "hello"}, start_s + 0.1
    )
    tracker.on_dialogue_event(
        "answer.ended",
        {"answer_id": answer_id, "status": "completed", "text": "hello"},
        start_s + 0.2,
    )
    tracker.voice_started(start_s + 0.3)
    tracker.on_dialogue_event("answer.audio_stopped", {"answer_id": answer_id}, end_s)
    tracker.voice_stopped(end_s + 0.2)


def test_an_answer_is_over_when_it_ended_and_nothing_is_heard_any_more() -> None:
    tracker = AnswerTracker()
    spoken(tracker, "a", 1.0, 3.0)
    assert tracker.take_over(3.2 + QUIET_S - 0.01) == []
    (answer,) = tracker.take_over(3.2 + QUIET_S)
    assert (answer.answer_id, answer.text, answer.interrupted) == ("a", "hello", False)
    assert answer.voice_start_s == 1.3
    assert tracker.take_over(9.0) == [], "given once"


def test_while_it_is_still_heard_it_is_not_over() -> None:
    tracker = AnswerTracker()
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": "a"}, 1.0)
    tracker.voice_started(1.2)
    tracker.on_dialogue_event("answer.ended", {"answer_id": "a", "status": "completed"}, 1.3)
    tracker.on_dialogue_event("answer.audio_stopped", {"answer_id": "a"}, 2.0)
    assert tracker.take_over(5.0) == []


def test_playback_that_goes_on_after_the_response_ended_is_waited_for() -> None:
    tracker = AnswerTracker()
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": "a"}, 1.0)
    tracker.on_dialogue_event(
        "answer.ended", {"answer_id": "a", "status": "completed", "text": "x"}, 1.3
    )
    assert tracker.take_over(30.0) == []


def test_an_interrupted_answer_is_known_as_such() -> None:
    tracker = AnswerTracker()
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": "a"}, 1.0)
    tracker.voice_started(1.2)
    tracker.on_dialogue_event(
        "answer.ended", {"answer_id": "a", "status": "completed", "text": "x"}, 1.3
    )
    tracker.on_dialogue_event("answer.audio_cleared", {"answer_id": "a"}, 2.0)
    tracker.voice_stopped(2.2)
    (answer,) = tracker.take_over(3.0)
    assert answer.interrupted


def test_an_answer_without_words_or_sound_is_not_spoken() -> None:
    """A tool call alone."""
    tracker = AnswerTracker()
    tracker.on_dialogue_event("answer.started", {"answer_id": "a"}, 1.0)
    tracker.on_dialogue_event("answer.ended", {"answer_id": "a", "status": "completed"}, 1.2)
    (answer,) = tracker.take_over(2.0)
    assert not answer.is_spoken


def test_by_ear_a_voice_that_comes_when_the_user_has_spoken_is_the_next_answer() -> None:
    """However short the silence: the user talked in it."""
    tracker = AnswerTracker()
    cut = tracker.voice_started(1.0)
    tracker.user_speaks(3.0)
    tracker.voice_stopped(2.3)
    reply = tracker.voice_started(3.4)
    assert reply is not cut
    assert (cut.voice_end_s, reply.voice_start_s) == (2.3, 3.4)
    assert tracker.take_over(3.5) == [cut]
    tracker.voice_stopped(4.0)
    assert tracker.take_over(4.0 + QUIET_ALONE_S) == [reply]


def test_by_ear_a_pause_in_which_nobody_spoke_to_an_end_is_one() -> None:
    for user_ends_s in ([], [2.9], [1.5], [2.85]):
        tracker = AnswerTracker()
        answer = tracker.voice_started(1.0)
        for end_s in user_ends_s:
            tracker.user_speaks(end_s)
        tracker.voice_stopped(2.3)
        assert tracker.voice_started(2.8) is answer, user_ends_s


def test_a_page_without_protocol_is_judged_by_ear_alone() -> None:
    tracker = AnswerTracker()
    answer = tracker.voice_started(1.0)
    tracker.voice_stopped(2.0)
    assert tracker.take_over(2.0 + QUIET_ALONE_S - 0.1) == []
    assert tracker.take_over(2.0 + QUIET_ALONE_S) == [answer]
    assert answer.is_spoken


def test_a_pause_inside_a_played_answer_does_not_end_it() -> None:
    tracker = AnswerTracker()
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": "a"}, 1.0)
    tracker.voice_started(1.2)
    tracker.voice_stopped(2.0)
    tracker.on_dialogue_event(
        "answer.ended", {"answer_id": "a", "status": "completed", "text": "x"}, 1.5
    )
    assert tracker.take_over(4.0) == []
    tracker.voice_started(4.0)
    assert len(tracker.answers) == 1


def test_two_answers_keep_their_own_sounds() -> None:
    tracker = AnswerTracker()
    spoken(tracker, "a", 1.0, 3.0)
    tracker.take_over(4.0)
    spoken(tracker, "b", 5.0, 6.0)
    (second,) = tracker.take_over(7.0)
    assert second.answer_id == "b"
    assert second.voice_start_s == 5.3


def test_an_answer_that_follows_without_a_pause_has_a_voice_of_its_own() -> None:
    tracker = AnswerTracker()
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": "a"}, 1.0)
    tracker.voice_started(1.2)
    tracker.on_dialogue_event(
        "answer.ended", {"answer_id": "a", "status": "completed", "text": "x"}, 1.5
    )
    tracker.on_dialogue_event("answer.audio_stopped", {"answer_id": "a"}, 2.0)
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": "b"}, 2.1)
    first, second = tracker.answers
    assert first.voice_end_s == 2.1
    assert second.voice_start_s == 2.1


def cut(tracker: AnswerTracker, cleared_s: float) -> None:
    """An answer that was talked into, and is over."""
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": "a"}, 1.0)
    tracker.voice_started(1.2)
    tracker.on_dialogue_event("answer.ended", {"answer_id": "a", "status": "cancelled"}, cleared_s)
    tracker.on_dialogue_event("answer.audio_cleared", {"answer_id": "a"}, cleared_s)
    tracker.voice_stopped(cleared_s + 0.1)
    (answer,) = tracker.take_over(cleared_s + 0.1 + QUIET_S)
    assert answer.interrupted


def test_the_last_sound_of_an_answer_that_was_cut_is_no_answer() -> None:
    """A jitter buffer that starved plays on after a pause; nobody answered anything."""
    tracker = AnswerTracker()
    cut(tracker, 2.0)
    assert tracker.voice_started(2.0 + LAST_SOUND_S - 0.1).answer_id == "a"
    tracker.voice_stopped(2.0 + LAST_SOUND_S)
    assert tracker.take_over(20.0) == []
    assert len(tracker.answers) == 1


def test_a_voice_long_after_a_cut_is_an_answer_of_its_own() -> None:
    tracker = AnswerTracker()
    cut(tracker, 2.0)
    assert tracker.voice_started(2.0 + LAST_SOUND_S).answer_id == "heard-2"


def test_sound_that_outruns_its_events_is_that_answer() -> None:
    """Audio and events come by different roads: on a busy machine the sound may be first."""
    tracker = AnswerTracker()
    tracker.on_dialogue_event("session.created", {}, 0.1)
    heard = tracker.voice_started(6.1)
    tracker.on_dialogue_event("answer.started", {"answer_id": "a"}, 5.4)
    assert tracker.take_over(6.2) == [], "it has only begun"
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": "a"}, 5.9)
    tracker.on_dialogue_event(
        "answer.ended", {"answer_id": "a", "status": "completed", "text": "x"}, 6.4
    )
    tracker.voice_stopped(7.9)
    tracker.on_dialogue_event("answer.audio_stopped", {"answer_id": "a"}, 8.0)
    (answer,) = tracker.take_over(8.4)
    assert answer is heard
    assert (answer.answer_id, answer.started_s, answer.voice_start_s) == ("a", 5.4, 6.1)
    assert len(tracker.answers) == 1


def test_an_answer_told_after_the_end_of_a_turn_started_no_earlier() -> None:
    """A busy machine's time was set back between the two events."""
    tracker = AnswerTracker()
    tracker.on_dialogue_event("user.speech_stopped", {"turn_id": "t"}, 5.7)
    tracker.on_dialogue_event("answer.started", {"answer_id": "a"}, 5.3)
    (answer,) = tracker.answers
    assert (answer.began_s, answer.latest_start_s) == (5.3, 5.7)


def test_a_voice_that_was_only_heard_started_when_it_was() -> None:
    tracker = AnswerTracker()
    tracker.on_dialogue_event("user.committed", {"turn_id": "t"}, 5.7)
    assert tracker.voice_started(5.3).latest_start_s == 5.3


def test_a_sound_long_before_an_answer_is_not_that_answer() -> None:
    """A page that plays music while it waits."""
    tracker = AnswerTracker()
    tracker.voice_started(1.0)
    tracker.on_dialogue_event("answer.started", {"answer_id": "a"}, 1.1 + EARLY_SOUND_S)
    assert [answer.answer_id for answer in tracker.answers] == ["heard-1", "a"]


def test_a_page_that_falls_silent_itself_cuts_what_it_plays() -> None:
    """The other side talks on, and nobody hears it."""
    tracker = AnswerTracker()
    tracker.on_dialogue_event("answer.audio_started", {"answer_id": "a"}, 1.0)
    tracker.silenced(1.1)
    assert not tracker.answers[0].interrupted, "nothing of it was heard yet"
    tracker.voice_started(1.2)
    tracker.on_dialogue_event(
        "answer.ended", {"answer_id": "a", "status": "completed", "text": "x"}, 1.3
    )
    tracker.silenced(2.0)
    tracker.voice_stopped(2.0)
    (answer,) = tracker.take_over(2.0 + QUIET_S)
    assert (answer.interrupted, answer.voice_end_s) == (True, 2.0)
    tracker.on_dialogue_event("answer.audio_stopped", {"answer_id": "a"}, 6.0)
    assert answer.interrupted, "what the other side sent to its end, nobody heard"
    assert (answer.ended_s, answer.audio_ended_s) == (2.0, 6.0)


def unended() -> AnswerTracker:
    """Of a protocol that tells words of answers, and not where they end."""
    tracker = AnswerTracker()
    tracker.endings_are_told = False
    return tracker


def test_words_that_are_told_at_once_wait_for_their_sound() -> None:
    """As LiveKit's transcripts are, where nothing paces them by the voice."""
    tracker = unended()
    tracker.on_dialogue_event("answer.started", {"answer_id": "a"}, 1.0)
    ended = {"answer_id": "a", "status": "completed", "text": "hello there"}
    tracker.on_dialogue_event("answer.ended", ended, 1.1)
    assert tracker.take_over(1.1 + QUIET_ALONE_S) == []
    tracker.voice_started(3.5)
    tracker.voice_stopped(5.0)
    assert tracker.take_over(5.0 + QUIET_ALONE_S - 0.01) == []
    (answer,) = tracker.take_over(5.0 + QUIET_ALONE_S)
    assert (answer.answer_id, answer.voice_start_s, answer.text) == ("a", 3.5, "hello there")


def test_words_whose_sound_never_comes_are_over_after_a_while() -> None:
    tracker = unended()
    tracker.on_dialogue_event("answer.started", {"answer_id": "a"}, 1.0)
    ended = {"answer_id": "a", "status": "completed", "text": "hello there"}
    tracker.on_dialogue_event("answer.ended", ended, 1.0)
    (answer,) = tracker.take_over(1.0 + FIRST_SOUND_S)
    assert answer.voice_start_s is None


def test_where_no_end_is_told_an_answer_is_over_by_ear_and_keeps_its_words() -> None:
    tracker = unended()
    tracker.on_dialogue_event("answer.started", {"answer_id": "a"}, 1.0)
    tracker.on_dialogue_event("answer.text", {"answer_id": "a", "delta": "hello"}, 1.0)
    assert tracker.take_over(1.1) == [], "its sound is yet to come"
    tracker.voice_started(1.2)
    tracker.on_dialogue_event("answer.text", {"answer_id": "a", "delta": " there"}, 2.0)
    assert tracker.take_over(9.0) == [], "it is heard"
    tracker.voice_stopped(9.0)
    assert tracker.take_over(9.0 + QUIET_ALONE_S - 0.01) == []
    (answer,) = tracker.take_over(9.0 + QUIET_ALONE_S)
    assert (answer.text, answer.status, answer.interrupted) == ("hello there", None, False)


def test_where_no_end_is_told_a_voice_after_the_user_s_words_is_the_next_answer() -> None:
    tracker = unended()
    tracker.on_dialogue_event("answer.started", {"answer_id": "a"}, 1.0)
    tracker.voice_started(1.2)
    tracker.voice_stopped(2.0)
    tracker.user_speaks(2.6)
    tracker.voice_started(3.2)
    tracker.on_dialogue_event("answer.started", {"answer_id": "b"}, 3.3)
    assert [answer.answer_id for answer in tracker.answers] == ["a", "b"]
    assert tracker.answers[1].voice_start_s == 3.2
