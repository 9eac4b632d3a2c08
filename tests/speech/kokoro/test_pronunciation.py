"""English words to Kokoro's phonemes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.speech.kokoro.model import TOKENS
from harness.speech.kokoro.pronunciation import Accent, is_word_of_english, phonemes_of


def said(text: str, accent: Accent = "us") -> str:
    return phonemes_of(text.split(), accent)


def test_words_of_the_dictionary_are_said_as_it_says() -> None:
    assert said("a pizza for Monday") == "ɐ pˈitsə fɔɹ mˈʌndˌA"


def test_a_briton_says_them_otherwise() -> None:
    assert said("water", "gb") == "wˈɔːtə"
    assert said("water") == "wˈɔɾəɹ"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I read it", "ɹˈid"),
        ("I have read it", "ɹˈɛd"),
        ("we live here", "lˈɪv"),
        ("a live show", "lˈIv"),
        ("please record this", "ɹəkˈɔɹd"),
        ("the record is here", "ɹˈɛkəɹd"),
        ("the use of it", "jˈus"),
        ("to use it", "jˈuz"),
    ],
)
def test_neighbours_choose_between_pronunciations(text: str, word: str) -> None:
    assert word in said(text).split()


def test_small_words_are_reduced_before_others() -> None:
    assert said("the apple").startswith("ði ")
    assert said("the table") == "ðə tˈAbᵊl"
    assert said("to go").startswith("tə ")


def test_a_single_capital_is_a_letter() -> None:
    assert said("gate B") == "ɡˈAt bˈi"
    assert said("A seven B").startswith("ˈA ")
    assert said("A table").startswith("ɐ ")
    assert said("I am") == "ˈI æm"


@pytest.mark.parametrize(
    ("word", "sounds"),
    [("textables", "z"), ("microwaved", "d"), ("microwaving", "ɪŋ"), ("dishwashers", "z")],
)
def test_forms_of_known_words_keep_their_endings(word: str, sounds: str) -> None:
    assert said(word).endswith(sounds)


def test_what_no_dictionary_has_is_guessed_with_a_stress() -> None:
    assert "ˈ" in said("Zorblaxin")


def test_a_word_of_the_other_accent_is_said_in_ones_own() -> None:
    assert said("lasagne") == "ləzˈænjə"
    assert said("Siobhan", "gb") == "ʃəvˈɔn"


def test_short_capitals_that_are_no_word_are_spelled() -> None:
    assert said("XQZ") == "ˈɛks kjˈu zˈi"


def test_accents_are_read_past() -> None:
    assert said("résumé") == said("resume") or "ɹ" in said("résumé")
    assert said("Zoë")


@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=1))
@pytest.mark.parametrize("accent", ["us", "gb"])
def test_any_word_of_letters_becomes_signs_that_the_network_knows(
    accent: Accent, word: str
) -> None:
    assert set(phonemes_of([word], accent)) <= set(TOKENS)


def test_everyday_words_are_english_and_others_are_not() -> None:
    assert all(is_word_of_english(word) for word in ("tables", "booked", "isn't", "quickly"))
    assert not any(is_word_of_english(word) for word in ("hätte", "personen", "voudrais"))
