"""The JavaScript types that are generated from the schema."""

from __future__ import annotations

from harness.line.envelope import ENVELOPE_DATA
from harness.line.envelope_types import generate, types_path


def test_the_types_in_the_repository_are_current() -> None:
    """``python -m harness.line.envelope_types`` writes them."""
    assert types_path().read_text(encoding="utf-8") == generate()


def test_every_type_of_envelope_is_there() -> None:
    """One line for each in EnvelopeData."""
    text = generate()
    for name in ENVELOPE_DATA:
        assert f'"{name}": ' in text
