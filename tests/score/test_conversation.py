"""Who answers whom, from spans alone."""

import pytest

from harness.score.conversation import ANSWER_PAUSE_S, LATEST_ANSWER_S, conversation_of
from harness.speech.spans import Span


def spans(*pairs: tuple[float, float], doubt_s: float = 0.01) -> list[Span]:
    return [Span(start_s, end_s, doubt_s, doubt_s) for start_s, end_s in pairs]


def test_an_answer_belongs_to_the_turn_before_it() -> None:
    found = conversation_of(spans((1, 2), (5, 6)), spans((2.8, 4), (6.5, 8)))
    assert [turn.voice_to_voice_s for turn in found.turns] == pytest.approx([0.8, 0.5])
    assert found.turns[0].uncertainty_s == pytest.approx(0.01414, abs=1e-4)
    assert found.interruptions == ()


def test_a_pause_of_the_user_does_not_end_the_turn_and_one_of_the_agent_is_one_answer() -> None:
    found = conversation_of(spans((1, 2), (3, 4)), spans((5, 6), (9, 10)))
    (turn,) = found.turns
    assert turn.voice_to_voice_s == pytest.approx(1.0)
    assert turn.agent is not None
    assert turn.agent.end_s == 10


def test_an_answer_ends_after_a_long_silence() -> None:
    """What an agent says half an hour later was asked for by nobody."""
    found = conversation_of(spans((1, 2), (1840, 1841)), spans((3, 5), (1805, 1807), (1842, 1843)))
    answer, again, last = found.turns
    assert answer.agent is not None
    assert answer.agent.end_s == 5
    assert (again.user, again.voice_to_voice_s, again.is_greeting) == (None, None, False)
    assert again.silence_s == 1800
    assert again.why == "the agent spoke again after 1800 s of silence: it answers nothing"
    assert last.voice_to_voice_s == pytest.approx(1.0)


@pytest.mark.parametrize("more_s", [0.0, 0.1])
def test_how_long_a_silence_of_an_answer_may_be(more_s: float) -> None:
    again_s = 5 + ANSWER_PAUSE_S + more_s
    found = conversation_of(spans((1, 2)), spans((3, 5), (again_s, again_s + 1)))
    assert len(found.turns) == (2 if more_s else 1)


def test_a_silence_in_which_the_user_speaks_is_none() -> None:
    """An agent that cut in and fell silent again, while the user spoke on, still answers."""
    (turn,) = conversation_of(spans((1, 19)), spans((3, 5), (20, 22))).turns
    assert turn.agent is not None
    assert (turn.agent.start_s, turn.agent.end_s) == (3, 22)


def test_a_late_answer_is_an_answer() -> None:
    """A slow agent is not forgiven for being very slow."""
    (turn,) = conversation_of(spans((1, 2)), spans((62, 63))).turns
    assert turn.voice_to_voice_s == pytest.approx(60)
    (latest,) = conversation_of(spans((1, 2)), spans((2 + LATEST_ANSWER_S, 130))).turns
    assert latest.voice_to_voice_s == pytest.approx(LATEST_ANSWER_S)


def test_what_comes_minutes_later_is_no_answer() -> None:
    """Of several calls in one recording the greeting of each would answer the goodbye before it."""
    turn, greets, asks = conversation_of(
        spans((1, 2), (905, 906)), spans((900, 903), (907, 908))
    ).turns
    assert (turn.agent, turn.voice_to_voice_s) == (None, None)
    assert (greets.user, greets.silence_s) == (None, 898)
    assert greets.why == "the agent spoke again after 898 s of silence: it answers nothing"
    assert asks.voice_to_voice_s == pytest.approx(1.0)


def test_an_agent_that_greets_twice_greeted_once() -> None:
    greeting, again, turn = conversation_of(
        spans((30, 31)), spans((1, 2), (20, 21), (32, 33))
    ).turns
    assert greeting.is_greeting
    assert again.silence_s == 18
    assert turn.user is not None


def test_a_greeting_answers_nothing() -> None:
    found = conversation_of(spans((3, 4)), spans((0.5, 2), (5, 6)))
    greeting, turn = found.turns
    assert greeting.user is None
    assert greeting.voice_to_voice_s is None
    assert "spoke first" in greeting.why
    assert turn.voice_to_voice_s == pytest.approx(1.0)


def test_a_turn_without_an_answer_says_so() -> None:
    first, second = conversation_of(spans((1, 2), (6, 7)), spans((8, 9))).turns
    assert first.voice_to_voice_s is None
    assert first.why == "no answer was heard"
    assert second.voice_to_voice_s == pytest.approx(1.0)


def test_an_answer_that_cuts_the_user_off_has_a_negative_latency() -> None:
    (turn,) = conversation_of(spans((1, 4)), spans((3.5, 6))).turns
    assert turn.voice_to_voice_s == pytest.approx(-0.5)


def test_an_interruption_and_the_answer_to_it() -> None:
    found = conversation_of(spans((1, 2), (4, 6)), spans((3, 4.4), (6.7, 8)))
    (cut,) = found.interruptions
    assert cut.reaction_s == pytest.approx(0.4)
    assert cut.agent_stopped_s == 4.4
    assert [turn.voice_to_voice_s for turn in found.turns] == pytest.approx([1.0, 0.7])


def test_an_agent_that_speaks_on_has_no_reaction() -> None:
    found = conversation_of(spans((1, 2), (4, 5)), spans((3, 9)))
    (cut,) = found.interruptions
    assert cut.agent_stopped_s is None
    assert cut.reaction_s is None
    assert cut.why == "the agent spoke on"


def test_a_sound_of_assent_is_no_turn() -> None:
    found = conversation_of(spans((1, 2), (4, 4.4), (10, 11)), spans((3, 9), (12, 13)))
    assert len(found.turns) == 2
    assert found.interruptions[0].went_on


def test_what_is_too_uncertain_is_withheld() -> None:
    found = conversation_of(spans((1, 2), (4, 6), doubt_s=0.2), spans((3, 4.4), doubt_s=0.2))
    assert found.turns[0].voice_to_voice_s is None
    assert "cannot tell" in found.turns[0].why
    assert found.interruptions[0].reaction_s is None
    assert "cannot tell" in found.interruptions[0].why


def test_nobody_says_nothing() -> None:
    assert conversation_of([], []).turns == ()
    assert conversation_of([], spans((1, 2))).turns[0].user is None
