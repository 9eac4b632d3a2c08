"""Changes of words, whatever their spelling."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.regression.word_changes import (
    always_changed,
    count_agreeing,
    has_variants,
    is_said_twice,
    word_change,
)

words = st.lists(st.sampled_from(["red", "blue", "seven", "table", "Anna"]), max_size=8)


@pytest.mark.parametrize(
    ("base", "new", "gone", "added"),
    [
        ("A table for ten.", "a table for 10", (), ()),
        ("A table for ten.", "A table for twelve.", ("ten",), ("twelve",)),
        ("Yes, it is red.", "It is red", ("Yes",), ()),
        ("It is red.", "It is very red.", (), ("very",)),
        ("It costs $42.50", "it costs 42 dollars and 50 cents", (), ()),
    ],
)
def test_numbers_are_the_same_in_any_spelling(
    base: str, new: str, gone: tuple[str, ...], added: tuple[str, ...]
) -> None:
    change = word_change(base, new)
    assert (change.gone, change.new) == (gone, added)


def test_what_ends_early_is_cut_and_one_word_less_is_not() -> None:
    assert word_change("I have a room for you.", "I have a").is_cut
    assert not word_change("I have a room.", "I have a").is_cut
    assert not word_change("I have a room for you.", "a room for you.").is_cut


def test_something_else_altogether() -> None:
    assert word_change("A table for two.", "Goodbye and thanks.").is_other
    assert not word_change("A table for two.", "A table for three.").is_other


def test_a_text_that_both_sides_have_makes_them_agree() -> None:
    assert always_changed(["It is ten.", "Ten it is."], ["it is 10"]) is None
    assert always_changed([], ["a"]) is None


def test_of_texts_that_vary_only_what_is_always_gone_counts() -> None:
    change = always_changed(["A table at seven.", "At seven, a table."], ["A table.", "The table."])
    assert change is not None
    assert change.gone == ("seven",) or set(change.gone) == {"at", "seven"}
    assert has_variants(["It is ten.", "It is nine."])
    assert not has_variants(["It is ten.", "it is 10"])


def test_texts_of_one_side_agree_with_others_and_not_with_themselves() -> None:
    assert count_agreeing(["ten", "10", "two"]) == 2
    assert count_agreeing(["ten", "right", "two", "two"], ["10", "write", "one"]) == 2
    assert count_agreeing([], ["ten"]) == count_agreeing(["ten"]) == 0


def test_said_twice() -> None:
    assert is_said_twice("It is ten.", "It is 10. It is ten!")
    assert not is_said_twice("It is ten.", "It is ten.")
    assert not is_said_twice("", "")


@settings(deadline=None, max_examples=50)
@given(words, words)
def test_what_is_kept_and_gone_is_the_base(base: list[str], new: list[str]) -> None:
    change = word_change(" ".join(base), " ".join(new))
    assert change.kept + len(change.gone) == len(base)
    assert len(change.new) <= len(new)
    assert word_change(" ".join(base), " ".join(base)).gone == ()
