"""The table of what is no word and how it is said; whole texts are in test_speakable.py."""

from __future__ import annotations

import re

import pytest

from harness.speech.text.speakable_rules import RULES

FIRST_FOUND_IN = {
    "kim@example.com": "kim at example dot com",
    "2026-02-31": "February thirty first, twenty twenty six",
    "2026-13-01": "two oh two six one three oh one",
    "£0.05": "five pence",
    "3/4": "three quarters",
    "13/13/2026": "thirteen slash thirteen",
    "2 mph": "two miles per hour",
    "U.S.": "U S ",
}


@pytest.mark.parametrize(("written", "said"), FIRST_FOUND_IN.items(), ids=list(FIRST_FOUND_IN))
def test_the_first_rule_that_fits_says_it(written: str, said: str) -> None:
    pattern, say = next((p, s) for p, s in RULES if p.fullmatch(written))
    found = pattern.fullmatch(written)
    assert isinstance(found, re.Match)
    assert say(found).strip() == said.strip()
