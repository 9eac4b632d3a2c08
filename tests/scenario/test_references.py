"""References as they are written; test_variables.py has what becomes of them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.scenario.references import NoValue, is_one_reference, parts_of, references_in


def test_a_text_falls_into_pieces() -> None:
    assert [p for p in parts_of("a ${b} $${c} ${d:-e}.") if p != ""] == [
        "a ",
        ("b", None),
        " ",
        "$",
        "{",
        "c} ",
        ("d", "e"),
        ".",
    ]
    assert references_in("a ${b} $${c} ${d:-e} ${") == [("b", None), ("d", "e")]


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    parts: list[object] = []
    with contextlib.suppress(NoValue):  # what begins like a reference, and is none
        parts += parts_of(text)
    assert "${" in text or parts == [text]
    assert [part for part in parts if not isinstance(part, str)] in ([], references_in(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [("${a}", "a"), ("${a:-b}", None), ("${a} ", None), ("$${a}", None), ("${a}${b}", None)],
)
def test_a_reference_alone_is_more_than_a_text(text: str, name: str | None) -> None:
    assert is_one_reference(text) == name
