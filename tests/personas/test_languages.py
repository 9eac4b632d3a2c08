"""Languages by name and by tag."""

from __future__ import annotations

import pytest

from harness.personas.languages import NAMES, name_of, tag_of


@pytest.mark.parametrize(
    ("language", "tag", "name"),
    [
        ("English", "en", "English"),
        ("german", "de", "german"),
        ("de", "de", "German"),
        ("pt-BR", "pt-BR", "Portuguese, pt-BR"),
        ("gsw", "gsw", "gsw"),
        ("Swiss German", None, "Swiss German"),
    ],
)
def test_a_language_has_a_tag_and_a_name(language: str, tag: str | None, name: str) -> None:
    assert (tag_of(language), name_of(language)) == (tag, name)


def test_every_name_leads_back_to_its_tag() -> None:
    assert {tag_of(name): name for name in NAMES.values()} == NAMES
