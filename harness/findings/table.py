"""Tables of all findings in the docs, written from the catalogue.

``python -m harness.findings.table`` writes them anew; a test holds the page against this.
"""

from __future__ import annotations

import re
from pathlib import Path

from harness.findings.catalogue import FAMILIES

PAGE = Path(__file__).parents[1] / "docs" / "findings.md"
BEGIN, END = "<!-- findings -->", "<!-- end -->"


def tables() -> str:
    """A heading and a table for each family."""
    parts = []
    for family, rules in FAMILIES.items():
        rows = [
            f"| `{kind.name}`<br>{kind.severity} | {kind.means()} | {kind.to_do} |"
            for rule in rules
            for kind in rule.finds
        ]
        head = ["| finding | what it means | what to do |", "| --- | --- | --- |"]
        parts.append("\n".join([f"### {family[0].upper()}{family[1:]}", "", *head, *rows]))
    return "\n\n".join(parts)


def with_tables(page: str) -> str:
    """The page's text with the tables in their place."""
    between = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)
    return between.sub(lambda _: f"{BEGIN}\n\n{tables()}\n\n{END}", page)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
