"""Closed classes hold what must never be "near"."""

import pytest

from harness.speech.words import find_phrase
from harness.speech.words.closed import CLOSED, DAYS, MONTHS, NUMBERS


@pytest.mark.parametrize("words", [sorted(DAYS), sorted(MONTHS), sorted(NUMBERS - {"oh", "zero"})])
def test_no_member_is_found_for_another(words: list[str]) -> None:
    for heard in words:
        for wanted in words:
            if heard != wanted:
                assert find_phrase([heard], wanted.capitalize()) is None, (heard, wanted)


def test_a_name_is_in_no_closed_class() -> None:
    assert "siobhan" not in CLOSED
