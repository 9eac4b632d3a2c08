"""Whose words are no answer to whom."""

from __future__ import annotations

from harness.call.callers import Callers
from harness.call.utterance import Utterance, from_file

ONE = from_file("goforward")
OTHER = from_file("booking-thank-you")


def texts(callers: Callers, *utterances: Utterance) -> list[str]:
    caller = callers.join("one")
    for utterance in utterances:
        caller.said(utterance, 1.5)
    return [uttered.text for uttered in caller.uttered]


def test_a_call_knows_its_own_users_words_first_and_then_those_of_others() -> None:
    callers = Callers()
    callers.join("other").said(OTHER, 3.0)
    assert texts(callers, ONE) == [ONE.text, OTHER.text]
    own, other = (callers.join("one"), callers.join("one"))
    own.said(ONE, 2.0)
    assert own.uttered[0].by == "what the user said at 2.000 s"
    assert "another call (“one”)" in other.uttered[-1].by, "two calls may have one name"


def test_what_is_kept_is_the_speech_and_the_latest() -> None:
    callers = Callers(most=2)
    for _ in range(3):
        callers.join("other").said(ONE, 0.0)
    found = callers.join("one").uttered
    assert len(found) == 2
    assert found[0].speech.duration_s < ONE.clip.duration_s
    assert texts(Callers()) == []
