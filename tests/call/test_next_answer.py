"""Which answer is next, decided from what is known of answers and turns."""

from __future__ import annotations

from harness.call.next_answer import NextAnswer
from harness.score.answers import Answer, Stretch
from harness.speech.spans import Span


class Talk:
    """The user said something from 1 to 2 s, and again from 6 to 7 s."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.turns = [Span(1.0, 2.0), Span(6.0, 7.0)]
        self.next = NextAnswer(lambda: self.answers, lambda: self.turns, lambda: [2.5, 7.5])

    def next_ids(self) -> list[str]:
        return [answer.answer_id for answer in self.answers if self.next.is_next(answer)]


def heard(answer_id: str, start_s: float, over_s: float | None = None) -> Answer:
    return Answer(answer_id, start_s, text="Well.", voice_start_s=start_s, over_s=over_s)


def test_the_answer_to_the_last_turn_is_next() -> None:
    talk = Talk(heard("greeting", 0.5), heard("first", 3.0), heard("second", 8.0))
    assert talk.next_ids() == ["second"]


def test_an_answer_is_to_the_turn_whose_end_was_told_before_though_the_time_was_set_back() -> None:
    assert Talk(heard("second", 7.3)).next_ids() == []
    second = heard("second", 7.3)
    second.turn_ended_s = 7.5
    assert Talk(second).next_ids() == ["second"]


def test_an_answer_is_given_to_one_who_asks() -> None:
    talk = Talk(heard("second", 8.0))
    talk.next.taken.add("second")
    assert talk.next_ids() == []


def test_the_one_the_user_cut_into_is_next_though_it_answers_the_turn_before() -> None:
    talk = Talk(cut := heard("first", 3.0), heard("second", 8.0))
    talk.next.user_interrupts(cut)
    assert talk.next_ids() == ["first", "second"]
    talk.next.user_interrupts(None)
    assert talk.next_ids() == ["second"]


def test_what_began_before_the_user_asked_by_hand_answers_something_else() -> None:
    talk = Talk(heard("second", 8.0), heard("third", 12.0))
    talk.next.user_asks(11.0)
    assert talk.next_ids() == ["third"]
    assert talk.next.asks_s == [11.0]


def test_what_came_after_the_ask_answers_it_though_a_busy_machine_set_the_time_back() -> None:
    talk = Talk(heard("second", 8.0))
    talk.next.user_asks(11.0)
    talk.answers.append(heard("third", 10.7))
    assert talk.next_ids() == ["third"]


def test_a_voice_from_before_the_ask_is_none_to_it_though_it_was_noticed_later() -> None:
    talk = Talk()
    talk.next.user_asks(11.0)
    talk.answers.append(heard("heard-1", 10.7))
    assert talk.next_ids() == []


def test_once_a_tool_has_its_result_what_is_over_is_old() -> None:
    talk = Talk(heard("second", 8.0, over_s=9.0), heard("third", 9.5))
    talk.next.user_gives_result(10.0)
    assert talk.next_ids() == ["third"]


def test_an_answer_that_was_taken_back_unheard_is_nobodys() -> None:
    talk = Talk(Answer("second", 8.0, status="cancelled"))
    assert talk.next_ids() == []


def test_in_place_of_the_next_answer_there_is_the_one_that_still_goes_on() -> None:
    found = Talk(heard("second", 8.0)).next.instead(5.0, [])
    assert found is not None
    assert found.startswith("an answer began 1.0 s after the user's last sound and was not over")


def test_in_place_of_the_next_answer_there_is_an_older_one() -> None:
    assert "turn before came" in (Talk(heard("first", 3.0, 4.0)).next.instead(5.0, []) or "")
    assert "a greeting" in (Talk(heard("hello", 0.2, 0.9)).next.instead(5.0, []) or "")


def test_no_answer_and_ones_own_voice_are_nothing() -> None:
    assert Talk().next.instead(5.0, []) is None
    own = Answer("heard-1", 8.0, voice_start_s=8.0, over_s=9.5, stretches=[Stretch(8.0, 9.0)])
    assert Talk(own).next.instead(5.0, [Span(8.0, 9.0)]) is None
