"""Text as people write it, turned into words as people say them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import SpeechError
from harness.speech.text.speakable import MOST_CHARACTERS, speakable_text

SAID = {
    "That is $42.50.": "That is forty two dollars and fifty cents.",
    "It costs €1,250.": "It costs one thousand two hundred fifty euros.",
    "It rose to $3.5 million.": "It rose to three point five million dollars.",
    "That is -$5 for you": "That is minus five dollars for you",
    "Room 204.": "Room two oh four.",
    "Suite 12": "Suite twelve",
    "It is 7:30 pm.": "It is seven thirty P M.",
    "We close at 10 p.m. Good night.": "We close at ten P M. Good night.",
    "from 9 a.m. on": "from nine A M on",
    "Your code is A7B.": "Your code is A seven B.",
    "S-M-I-T-H": "S, M, I, T, H",
    "Call (212) 555-0199.": "Call two one two, five five five, oh one nine nine.",
    "Call 555-0199.": "Call five five five, oh one nine nine.",
    "on 2026-03-04": "on March fourth, twenty twenty six",
    "on March 4th": "on March fourth",
    "on 4 March 2027": "on the fourth of March twenty twenty seven",
    "on 31/12/2026": "on December thirty first, twenty twenty six",
    "kim.lee7@example.com": "kim dot lee seven at example dot com",
    "see https://www.shop.example/help?a=1": "see shop dot example",
    "15% off": "fifteen percent off",
    "72°F today": "seventy two degrees Fahrenheit today",
    "-23 degrees": "minus twenty three degrees",
    "5-7 days": "five to seven days",
    "3.5 km": "three point five kilometers",
    "1 kg": "one kilogram",
    "Dr. Brown of Main St.": "Doctor Brown of Main Street",
    "e.g. tea": "for example, tea",
    "Q&A": "Q and A",
    "order #48213": "order number four eight two one three",
    "No. 5": "number five",
    "the 22nd": "the twenty second",
    "1/2 cup": "one half cup",
    "1 2 3 4": "one two three four",
    "in 1995": "in nineteen ninety five",
    "10,000 people": "ten thousand people",
    "ZIP 10001": "ZIP one oh oh oh one",
    "24/7": "twenty four seven",
    "call 911": "call nine one one",
    "**Bold** and _it_": "Bold and it",
    "[our page](https://example.com/a/b)": "our page",
    "Great 😀👍🏽 news": "Great news",
    "<speak>Hello <break time='1s'/> there</speak>": "Hello there",
    "tea and/or milk": "tea and or milk",
    "tea/coffee": "tea or coffee",
    "$5-$10": "five dollars to ten dollars",
    "9am-5pm": "nine A M to five P M",
    "9:00-17:00": "nine o'clock to seventeen hundred",
    "5–10 kg": "five to ten kilograms",
    "10-15%": "ten to fifteen percent",
    "on 4/3": "on April third",
    "3/4 cup": "three quarters cup",
    "2 1/2 cups": "two and a half cups",
    "2026/03/04": "March fourth, twenty twenty six",
    "in the 90s": "in the nineties",
    "the 1900s": "the nineteen hundreds",
    "10k": "ten thousand",
    "2x": "two times",
    "a 50/50 chance": "a fifty fifty chance",
}


@pytest.mark.parametrize(("written", "said"), SAID.items(), ids=list(SAID))
def test_a_text_is_said_as_people_read_it_out(written: str, said: str) -> None:
    assert speakable_text(written) == said


@given(st.text(st.characters(codec="latin-1"), max_size=80))
def test_no_text_breaks_it_and_no_digit_is_left(text: str) -> None:
    assert not re.search(r"\d", speakable_text(text))


@given(st.text(st.sampled_from("0123456789-/:.,$%#@ apmAB°()"), max_size=30))
def test_no_heap_of_numbers_and_signs_breaks_it(text: str) -> None:
    assert not re.search(r"\d", speakable_text(text))


@given(st.lists(st.sampled_from(["please", "bring", "the", "green", "tea", "now"]), min_size=1))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    assert speakable_text(" ".join(words)) == " ".join(words)


@pytest.mark.parametrize("text", ["Привет, как дела?", "こんにちは", "مرحبا", "Γειά σου"])
def test_another_script_is_refused(text: str) -> None:
    with pytest.raises(SpeechError, match="no voice here speaks"):
        speakable_text(text)


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(SpeechError, match="too long"):
        speakable_text("a" * (MOST_CHARACTERS + 1))
