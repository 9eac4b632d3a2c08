"""Playwright's choice of a locator, as a scenario names the element."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.codegen.locators import locator_of
from harness.scenario.locators import ROLES, Locator

NAMED = [
    ('internal:role=button[name="Call us"i]', {"role": "button", "name": "Call us"}),
    ("internal:role=textbox", {"role": "textbox"}),
    (
        'internal:role=button[name="More"s] >> nth=1',
        {"role": "button", "name": "More", "exact": True, "nth": 1},
    ),
    ('internal:testid=[data-testid="bill"s]', {"test_id": "bill"}),
    ('internal:label="Guest"i', {"label": "Guest"}),
    ('internal:attr=[placeholder="Who comes?"i]', {"placeholder": "Who comes?"}),
    ('internal:text="Say \\"hi\\""s', {"text": 'Say "hi"', "exact": True}),
]
KEPT = [
    "#call",
    "form > button >> nth=0",
    'internal:role=row[name="Kim"i] >> internal:role=button',
    'internal:role=wizard[name="Merlin"i]',
    'internal:attr=[alt="A door"i]',
    'internal:testid=[data-qa="bill"s]',
    'internal:text=""i',
]


@pytest.mark.parametrize(("selector", "locator"), NAMED)
def test_what_a_user_sees_has_a_word(selector: str, locator: dict[str, Any]) -> None:
    assert locator_of(selector) == locator
    Locator(**locator)  # a scenario takes it


@pytest.mark.parametrize("selector", KEPT)
def test_everything_else_stays_a_selector(selector: str) -> None:
    assert locator_of(selector) == {"css": selector}


@given(st.sampled_from(sorted(ROLES)), st.text(min_size=1, max_size=30), st.booleans())
def test_any_name_comes_through(role: str, name: str, exact: bool) -> None:
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    found = locator_of(f"internal:role={role}[name={quoted}{'s' if exact else 'i'}]")
    assert found == {"role": role, "name": name} | ({"exact": True} if exact else {})


@given(st.text(min_size=1, max_size=30))
def test_any_label_comes_through(label: str) -> None:
    assert locator_of(f"internal:label={json.dumps(label, ensure_ascii=False)}i") == {
        "label": label
    }


@given(st.text(min_size=1, max_size=60))
def test_any_selector_names_an_element(selector: str) -> None:
    assert Locator(**locator_of(selector)).names_an_element
