from __future__ import annotations

import pytest

from harness.facts.call import CallHungUp, MicrophoneMuted
from harness.facts.catalogue import CATALOGUE
from harness.facts.tables import FACTS, PAGE, table, with_tables


def test_the_page_s_tables_are_current() -> None:
    """``python -m harness.facts.tables`` writes them."""
    text = PAGE.read_text(encoding="utf-8")
    assert with_tables(text, FACTS) == text


def test_every_fact_is_in_one_table() -> None:
    listed = [known for group in FACTS.values() for known in group]
    assert sorted(listed, key=str) == sorted(CATALOGUE.values(), key=str)


def test_a_row_has_type_class_and_fields() -> None:
    rows = table([CallHungUp, MicrophoneMuted]).splitlines()[2:]
    assert rows[0] == "| `call.hang_up`<br>`CallHungUp` | The harness hung up. |  |"
    assert rows[1].endswith("| `muted`: Whether silence goes out from now on. |")


def test_a_page_without_the_place_is_found_out() -> None:
    with pytest.raises(AssertionError, match="no place for a"):
        with_tables("", {"a": []})
