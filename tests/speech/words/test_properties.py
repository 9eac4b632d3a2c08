"""What holds for any text."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.speech.words import (
    align,
    can_be_looked_for,
    find_phrase,
    missing_words,
    normal_form,
    sound_distance,
    word_error_rate,
)

EVERYDAY = """the a to for one two five oh seven eleven fifteen twenty forty fifty hundred thousand
    and minus point dollars cents $42.50 €5 -3 7:30 19:05 p.m. am noon half past quarter march may
    4th first twenty-first of can't I'm it's Kim's not can um OK Wi-Fi check-in good bye St. Dr. no.
    5 555 0199 (415) 1,234 3.5 15% 2026 A7B B c & kim@example.com 1st double o'clock km 10km mm
    2026-03-04 U.S. – — ... 🎉 café Müller ½ 2½ $3 million per cent percent is not"""
WORDS = st.sampled_from(EVERYDAY.split())
SENTENCES = st.lists(WORDS, max_size=12).map(" ".join)
TEXTS = st.one_of(st.text(max_size=60), SENTENCES)


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_a_text_is_found_in_itself(text: str) -> None:
    match = find_phrase(text.split(), text)
    if can_be_looked_for(text):
        assert match is not None
        assert match.how == "same"
        assert 0 <= match.first <= match.last < len(text.split())
    else:
        assert match is None


@given(SENTENCES, TEXTS)
@settings(max_examples=200, deadline=None)
def test_nothing_raises_and_places_are_places(text: str, phrase: str) -> None:
    tokens = text.split()
    match = find_phrase(tokens, phrase)
    if match is not None:
        assert 0 <= match.first <= match.last < len(tokens)
    assert 0.0 <= sound_distance(text, phrase) <= 1.0
    missing_words(text, [phrase])


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_an_alignment_covers_both_texts_once(a: str, b: str) -> None:
    pairs = align(a.split(), b.split())
    for one, other in itertools.pairwise(pairs):
        assert one.a_end <= other.a_first
        assert one.b_end <= other.b_first
    for index, token in enumerate(a.split()):
        if can_be_looked_for(token):
            assert any(pair.a_first <= index < pair.a_end for pair in pairs), token


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_text_has_no_errors_against_itself(text: str) -> None:
    assert word_error_rate(text, text) == 0.0


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_the_normal_form_never_raises(text: str) -> None:
    form = normal_form(text)
    assert bool(form) == can_be_looked_for(text)


@given(
    st.sampled_from(
        [
            "to",
            "two",
            "too",
            "four",
            "for",
            "ate",
            "eight",
            "won",
            "one",
            "sea",
            "see",
            "kim",
            "kym",
            "their",
            "there",
        ]
    )
)
def test_homophones_are_so_both_ways(word: str) -> None:
    for other in ("two", "four", "eight", "one", "sea", "kim", "there", "to", "for"):
        there = find_phrase([word], other)
        back = find_phrase([other], word)
        assert (there is None) == (back is None)


def test_very_long_texts_are_compared() -> None:
    words = ["the", "price", "is", "forty", "two", "dollars", "and", "fifty", "cents"] * 300
    text = " ".join(words)
    assert find_phrase(words, text) is not None
    for sign in ("a.", "a.aa.", "1,", "$1", "one ", "hundred ", "5 ", "a@", "-", "point one "):
        hostile = sign * 2000
        assert find_phrase(hostile.split(), hostile) is not None or not can_be_looked_for(hostile)


NUMERIC_WORDS = """0.1 2.5 20 three twenty hundred million point and minus 5th oh double 4,217 7:30
    $3.50 half a 1/2 % ٣ triple POINT0"""
NUMERIC = st.lists(st.sampled_from(NUMERIC_WORDS.split()), max_size=7).map(" ".join)


@given(NUMERIC)
@settings(max_examples=300, deadline=None)
def test_numbers_in_any_order_never_raise(text: str) -> None:
    assert isinstance(normal_form(text), str)
