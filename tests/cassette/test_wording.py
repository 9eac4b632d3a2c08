"""The same turn in other words, or another turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cassette.wording import difference, nearest


@pytest.mark.parametrize(
    ("recorded", "said"),
    [
        ("Go forward ten meters.", "go forward 10 metres"),
        ("I would like four rolls for Thursday.", "I'd like 4 rolls for Thursday"),
        ("Is there a parking lot near the museum?", "is there a barking lot near the museum"),
        ("It's $42.50.", "it is 42 dollars 50 cents"),
    ],
)
def test_another_spelling_and_a_misheard_word_are_the_same_turn(recorded: str, said: str) -> None:
    assert nearest([recorded], said) is None


@pytest.mark.parametrize(
    ("recorded", "said", "words"),
    [
        ("A table for two on Monday evening.", "a table for four on Monday evening", "four"),
        ("A table for two on Monday evening.", "a table for two on Sunday evening", "Sunday"),
        ("Please cancel it now.", "please do not cancel it now", "not"),
        ("Turn the lamp on the left on.", "turn the lamp on the right on", "right"),
        ("yes", "no", "no"),
        ("What does it cost?", "sing me a song", "song"),
        ("Good morning.", "", "missing"),
    ],
)
def test_another_number_day_negation_or_sentence_is_another_turn(
    recorded: str, said: str, words: str
) -> None:
    found = nearest([recorded], said)
    assert found is not None
    assert words in found.in_words


def test_the_nearest_of_several_wordings_is_told() -> None:
    found = nearest(["Sing me a song.", "A table for two."], "a table for three")
    assert found is not None
    assert found.in_words == "“two” in the cassette, “three” here"


@given(st.text(max_size=60))
def test_every_text_is_like_itself(text: str) -> None:
    assert difference(text, text) is None
