from __future__ import annotations

from harness.facts.tables import PAGE, with_tables
from harness.realtime.client.event_table import SESSION


def test_the_page_s_table_is_current() -> None:
    """``python -m harness.realtime.client.event_table`` writes it."""
    text = PAGE.read_text(encoding="utf-8")
    assert with_tables(text, SESSION) == text
