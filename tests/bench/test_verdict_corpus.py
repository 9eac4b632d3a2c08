"""The corpus says what it means: the telling word is in its sentence and not in the twin."""

from __future__ import annotations

import pytest

from harness.bench.verdict_corpus import Pair, corpus, read_pair, spread
from harness.scenario.model import Expectation
from harness.speech.words import contains_words, missing_words, normalise


def test_there_are_enough_sentences_on_everything_people_talk_about() -> None:
    pairs = corpus()
    assert len(pairs) >= 200
    assert {pair.topic for pair in pairs} >= {
        "restaurants", "travel", "banking", "health", "deliveries", "support",
    }  # fmt: skip
    texts = [normalise(s.text) for pair in pairs for s in (pair.right, pair.twin)]
    assert len(set(texts)) == len(texts), "no sentence stands there twice"


@pytest.mark.parametrize("pair", corpus(), ids=lambda pair: pair.right.text)
def test_a_pair_differs_in_what_is_looked_for(pair: Pair) -> None:
    for one, other in ((pair.right, pair.twin), (pair.twin, pair.right)):
        Expectation(words=list(one.words))
        assert contains_words(one.text, one.words)
        assert missing_words(other.text, one.words) == [one.words[0]]


def test_a_line_is_a_sentence_and_its_twin() -> None:
    pair = read_pair("x", "We {can|can't} go. | go, we")
    assert (pair.right.text, pair.right.words) == ("We can go.", ("can", "go", "we"))
    assert (pair.twin.text, pair.twin.words) == ("We can't go.", ("can't", "go", "we"))
    with pytest.raises(ValueError, match=r"no \{right"):
        read_pair("x", "We can go. | go")


def test_some_of_them_are_from_everywhere() -> None:
    some = spread(corpus(), 20)
    assert len(some) == 20
    assert {pair.topic for pair in some} == {pair.topic for pair in corpus()}
    assert spread(corpus(), 10_000) == list(corpus())
