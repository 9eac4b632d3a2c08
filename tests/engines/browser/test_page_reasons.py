"""Why a step did not work: Playwright's words, and what a page has instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import Error as PlaywrightError

from harness.engines.browser.page_reasons import Seen, in_words, instead_of, read_snapshot
from harness.engines.browser.targets import Wanted, read_target

LOG = """Locator.click: Timeout 1000ms exceeded.
Call log:
  - waiting for locator("#b")
    - locator resolved to <button id="b">x</button>
  - attempting click action
    2 x waiting for element to be visible, enabled and stable
"""
STRICT = """Locator.click: Error: strict mode violation: locator("button") resolved to 2 elements:
    1) <button class="a">One</button> aka get_by_role("button", name="One")
    2) <button class="b">Two</button> aka get_by_role("button", name="Two")

Call log:
  - waiting for locator("button")
"""


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (f"{LOG}      - element is not enabled\n", "it is disabled"),
        (f"{LOG}      - element is not visible\n", "it is there, and not visible"),
        (f"{LOG}      - element is not visible\n    - element is not enabled\n", "it is disabled"),
        (f"{LOG}    - <div id=c></div> intercepts pointer events\n", "it is covered by <div id=c>"),
        (LOG, "Timeout 1000ms exceeded."),
        (STRICT, '2 elements match: <button class="a">One</button>; <button class="b">Two'),
        ('Keyboard.press: Unknown key: "Entr"', 'Unknown key: "Entr"'),
    ],
)
def test_what_hindered_an_act(message: str, words: str) -> None:
    assert in_words(PlaywrightError(message)).startswith(words)


SNAPSHOT = r"""
- heading "Counter desk" [level=1]
- checkbox "I agree"
- text: No call
- button "Call us" [disabled]
- button "Hang up"
- list:
  - listitem: Soup
- textbox "Say \"please\""
- iframe [ref=e2]
"""
SEEN = read_snapshot(SNAPSHOT)


def test_a_snapshot_names_what_is_there() -> None:
    assert Seen("button", "Call us", is_disabled=True) in SEEN
    assert Seen("text", "No call") in SEEN
    assert Seen("listitem", "Soup") in SEEN
    assert Seen("textbox", 'Say "please"') in SEEN


@pytest.mark.parametrize(
    ("wanted", "instead"),
    [
        ({"role": "button", "name": "Call as"}, "button “Call us” (disabled), button “Hang up”"),
        ({"role": "button", "name": "Hang op"}, "button “Hang up”, button “Call us” (disabled)"),
        ({"role": "link"}, "no link, but checkbox “I agree”, button “Call us” (disabled)"),
        ({"text": "No cal"}, "text “No call”"),
        ({"label": "I agr"}, "checkbox “I agree”"),
        ("#none", "button “Hang up”"),
    ],
)
def test_the_most_alike_of_what_is_there_comes_first(wanted: Wanted, instead: str) -> None:
    told = instead_of(read_target(wanted), SEEN)
    assert instead in told if wanted == "#none" else told.startswith(instead)


@given(st.text())
def test_whatever_a_page_shows_can_be_read(snapshot: str) -> None:
    named = instead_of(read_target({"text": "a"}), read_snapshot(snapshot))
    assert named


def test_a_page_without_anything_is_told() -> None:
    assert instead_of(read_target({"role": "link"}), []) == "no link, but nothing of that kind"
