"""The catalogue: every finding has a name, says what to do, and has its tests and its row."""

from __future__ import annotations

import re
from pathlib import Path

from harness.findings.catalogue import FAMILIES, FINDINGS, RULES
from harness.findings.finding import SEVERITIES

HERE = Path(__file__).parent


def test_names_are_told_apart_and_stable_in_form() -> None:
    kinds = [kind for rule in RULES for kind in rule.finds]
    assert len({kind.name for kind in kinds}) == len(kinds) == len(FINDINGS)
    for kind in kinds:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", kind.name)
        assert kind.severity in SEVERITIES


def test_each_says_in_sentences_what_it_means_and_what_to_do() -> None:
    for kind in FINDINGS.values():
        for text in (kind.means(), kind.to_do):
            assert text[0].isupper(), text
            assert text.endswith("."), text
            assert "  " not in text


def test_each_is_found_in_a_test() -> None:
    """And its tests hold what only looks like it, too."""
    texts = "".join(
        path.read_text() for path in HERE.glob("test_*.py") if path.name != Path(__file__).name
    )
    missing = [name for name in FINDINGS if f'"{name}"' not in texts]
    assert missing == []


def test_the_families_hold_all_rules() -> None:
    assert {rule for rules in FAMILIES.values() for rule in rules} == set(RULES)
