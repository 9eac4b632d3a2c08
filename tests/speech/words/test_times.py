import pytest

from harness.speech.words import find_phrase

SPELLINGS = [
    ["7:30", "seven thirty", "half past seven", "half past 7", "7.30"],
    ["7:45 pm", "19:45", "quarter to eight p.m.", "seven forty-five in the evening"],
    ["12:00 pm", "noon", "twelve p.m.", "12 pm"],
    ["twenty-five past nine", "9:25", "nine twenty-five"],
    ["March 4th", "the fourth of March", "4 March", "March four", "4th March"],
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_every_spelling_is_found_in_every_other(spellings: list[str]) -> None:
    for text in spellings:
        for phrase in spellings:
            assert find_phrase(text.split(), phrase), (text, phrase)


def test_spellings_of_one_time_are_found_for_no_other() -> None:
    for row in SPELLINGS:
        for other in SPELLINGS:
            if row is not other:
                assert find_phrase(row[0].split(), other[0]) is None
