"""Which words are taken for each other."""

import pytest

from harness.score.rivals import rivals, swallowed_negation


@pytest.mark.parametrize(
    ("heard", "rival"),
    [
        ("$15", "$50"),
        ("40.", "14."),
        ("Fifty", "Fifteen"),
        ("thirteen,", "thirty,"),
        ("4:15", "4:50"),
        ("250", "215"),
        ("can't", "can"),
        ("can’t", "can"),
        ("Tuesday.", "Thursday."),
        ("$12.99", "$20.99"),
    ],
)
def test_a_rival_keeps_what_stands_around_it(heard: str, rival: str) -> None:
    assert rival in rivals([heard])


def test_one_word_is_replaced_at_a_time() -> None:
    assert rivals(["four", "fifteen", "dollars"]) == ["four fifty dollars"]
    assert rivals(["we", "can", "go", "Tuesday"]) == ["we can't go Tuesday", "we can go Thursday"]


@pytest.mark.parametrize("tokens", [[], ["hello"], ["0123"], ["1000"], ["candle"], ["105"]])
def test_most_words_have_none(tokens: list[str]) -> None:
    assert rivals(tokens) == []


@pytest.mark.parametrize(
    ("heard", "negated"),
    [
        ("has an", "hasn't"),
        ("You need to", "You needn't"),
        ("has two", None),
        ("table and", None),
    ],
)
def test_a_small_word_behind_a_verb_may_have_been_its_not(heard: str, negated: str | None) -> None:
    assert swallowed_negation(heard.split()) == negated
