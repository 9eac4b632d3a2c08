"""The page of findings has a row for each."""

from __future__ import annotations

from harness.findings.catalogue import FINDINGS
from harness.findings.table import PAGE, with_tables


def test_the_page_is_written_from_the_catalogue() -> None:
    """Else: python -m harness.findings.table."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page)
    assert all(f"`{name}`" in page for name in FINDINGS)
