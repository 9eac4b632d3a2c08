"""Changes of words, whatever their spelling."""

from __future__ import annotations

import string
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.regression import word_changes
from harness.regression.word_changes import (
    agreeing,
    always_changed,
    count_agreeing,
    has_variants,
    is_said_twice,
    word_change,
)
from harness.speech.words import Pair, align

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


@pytest.mark.parametrize(
    ("base", "new"),
    [
        ("Ask for Catherine.", "Ask for Kathryn."),
        ("Ask for Stephen Petersen.", "ask for Steven Peterson"),
    ],
)
def test_names_that_sound_the_same_are_no_difference(base: str, new: str) -> None:
    assert word_change(base, new).kept == len(base.split())
    assert always_changed([base], [new]) is None


def test_a_name_that_sounds_nearly_like_it_is_neither_gone_nor_new() -> None:
    change = word_change("Ask for Siobhan, please.", "Ask for Chevonne, please.")
    assert change.is_in_names
    assert (change.gone, change.new, change.names) == ((), (), (("Siobhan", "Chevonne"),))
    assert change.kept == 4


@pytest.mark.parametrize(
    ("base", "new"),
    [
        ("Ask for Brown.", "Ask for Green."),  # another name
        ("The price is high.", "The prize is high."),  # words, and no names
        ("Price is high.", "Prize is high."),  # a capital that the sentence gives
        ("Good. Price is high.", "Good. Prize is high."),
        ("THE PRICE IS HIGH", "THE PRIZE IS HIGH"),
        ("Come on Tuesday.", "Come on Thursday."),  # days are never near
    ],
)
def test_only_names_are_near(base: str, new: str) -> None:
    change = word_change(base, new)
    assert change.gone
    assert change.new
    assert not change.names


def test_names_count_where_each_text_has_them() -> None:
    base = ["Ask for Siobhan now.", "Now ask for Siobhan."]
    change = always_changed(base, ["Ask for Chevonne now."])
    assert change is not None
    assert change.names == (("Siobhan", "Chevonne"),)
    assert always_changed(["Ask for Siobhan."], ["Ask for Siobhan.", "Ask for Chevonne."]) is None


def test_hundreds_of_texts_that_vary_are_counted_by_what_can_be_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laid: list[Sequence[str]] = []

    def counted(a: Sequence[str], b: Sequence[str]) -> list[Pair]:
        laid.append(a)
        return align(a, b)

    monkeypatch.setattr(word_changes, "align", counted)
    names = [f"{one}{other}" for one in string.ascii_lowercase for other in string.ascii_lowercase]
    texts = [f"{n} {n}x {n}y {n}z is what I say" for n in names[:400]]
    assert not any(agreeing(texts, [text.replace("say", "hear") + " now a b" for text in texts]))
    assert len(laid) < len(texts)
    assert all(agreeing(texts, texts))


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
