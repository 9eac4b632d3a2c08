"""A text in sentences and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.speech.text.sentences import split_sentences, split_words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Hello there. How are you?", ["Hello there. ", "How are you?"]),
        ("It is 3.5 metres wide.", ["It is 3.5 metres wide."]),
        ("Ask Dr. Who about it. Now!", ["Ask Dr. Who about it. ", "Now!"]),
        ("「はい。」「いいえ。」", ["「はい。」", "「いいえ。」"]),
        ("no mark", ["no mark"]),
        ("", []),
        ("  ", []),
    ],
)
def test_a_text_is_split_after_its_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(st.text(alphabet=st.sampled_from("ab .!?…\n")))
def test_sentences_and_words_joined_give_the_text_back(text: str) -> None:
    assert "".join(split_sentences(text)) == text.strip()
    assert "".join(split_words(text)) == text.strip()
    assert all(sentence.strip() for sentence in split_sentences(text))


def test_no_sentence_is_endless() -> None:
    assert max(len(part) for part in split_sentences("x" * 5000 + " word" * 500)) <= 400
