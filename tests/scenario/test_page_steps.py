"""Steps on the page, as scenarios have them and as engines take them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from harness.engines.browser.page_acts import KINDS, read_act
from harness.errors import ScenarioError
from harness.scenario.load import load_scenario
from harness.scenario.model import Step
from harness.scenario.page_steps import PAGE_KINDS, Fill, PageOnlyStep, act_of, acts_of, page_text


def test_scenarios_and_engines_have_the_same_steps() -> None:
    assert set(PAGE_KINDS) == set(KINDS)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"click": "#a"}, "#a"),
        ({"click": {"role": "button", "name": "A"}}, "the button “A”"),
        ({"fill": {"#a": "1", "#b": "2"}}, "“#a”, “#b”"),
        ({"fill": {"label": "Password", "value": "window-seat"}}, "the field “Password”"),
        ({"press": "Enter"}, "Enter"),
        ({"press": {"key": "Enter", "label": "N"}}, "Enter in the field “N”"),
        ({"select": {"label": "T", "value": ["a", "b"]}}, "the field “T”"),
        ({"check": {"label": "T"}}, "the field “T”"),
        ({"uncheck": "#a"}, "#a"),
        ({"goto": {"url": "/menu", "page": "popup"}}, None),
        ({"goto": {"url": "/menu"}}, "/menu"),
        ({"wait_for": {"text": "a", "state": "hidden"}}, "hidden: the text “a”"),
        ({"wait_for": {"url": "**/menu"}}, "**/menu"),
        ({"screenshot": "end"}, "end"),
        ({"evaluate": {"js": "1", "frame": "#f"}}, "1"),
    ],
)
def test_a_step_is_what_engines_take(given: dict[str, Any], text: str | None) -> None:
    if text is None:
        with pytest.raises(ValidationError):
            PageOnlyStep.model_validate(given)
        return
    step = PageOnlyStep.model_validate(given)
    assert Step.model_validate(given).needs_page
    assert page_text(step) == text
    kind, _, within_s = read_act(act_of(step, Path(), 4.0))
    assert (kind, within_s) == (step.kind, 4.0)


def test_a_step_keeps_its_time_and_finds_its_files() -> None:
    [upload, click] = acts_of(
        [
            PageOnlyStep.model_validate({"upload": {"css": "input", "files": ["a.txt"]}}),
            PageOnlyStep.model_validate({"click": {"text": "a", "within_s": 1}}),
        ],
        Path("/scenarios"),
        5.0,
    )
    assert upload == {"upload": {"css": "input", "files": ["/scenarios/a.txt"]}, "within_s": 5.0}
    assert click == {"click": {"text": "a"}, "within_s": 1.0}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "exactly one of click, fill"),
        ({"click": "#a", "press": "a"}, "exactly one of"),
        ({"fill": {"label": "n"}}, "value"),
        ({"fill": {}}, "value"),
        ({"fill": {"label": "n", "value": "a", "nick": "b"}}, "not permitted"),
        ({"press": {"label": "n"}}, "key"),
        ({"upload": {"css": "a", "files": []}}, "at least 1 item"),
        ({"wait_for": {"state": "visible"}}, "waits for an element"),
        ({"wait_for": {"text": "a", "url": "b"}}, "waits for an element"),
        ({"screenshot": "../a"}, "pattern"),
        ({"click": {"text": "a", "within_s": 0}}, "greater than 0"),
    ],
)
def test_what_is_no_step_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        PageOnlyStep.model_validate(given)


@pytest.mark.parametrize("given", [{}, {"key": "t", "css": "#a"}])
def test_an_element_or_a_key_is_held(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="holds an element"):
        Step.model_validate({"hold": {**given, "while": "goforward"}})


def test_no_file_is_both_forms_of_a_fill_to_an_editor() -> None:
    short, long = PageOnlyStep.model_json_schema()["properties"]["fill"]["anyOf"][0]["oneOf"][::-1]
    assert short["propertyNames"] == {"not": {"enum": list(Fill.model_fields)}}
    assert long == {"$ref": "#/$defs/Fill"}


@pytest.mark.parametrize(
    ("step", "message", "expected"),
    [
        ("click: {rol: button}", "“rol” is not known here.", "did you mean “role”?"),
        ("click: {role: butn}", "click.role: “butn” is no role", "did you mean “button”?"),
        ("fill: {label: n}", "“value” is missing.", "a value for “value”"),
        ("fill: {'#a': 3}", "fill.#a: Input should be a valid string.", "3"),
        ("hold: {css: '#a'}", "“while” is missing.", "a value for “while”"),
        ("hang_up: {press: '#a'}", "“press” is not known here.", "one of click, within_s"),
        ("hang_up: {within_s: 2}", "“click” is missing.", "a value for “click”"),
        ("evaluate: {js: 1}", "evaluate.js: Input should be a valid string.", "1"),
        ("expect: {page: {seen: '#a'}}", "“seen” is not known here.", "one of visible, hidden"),
        (
            "expect: {page: {text: {of: '#a', iss: b}}}",
            "“iss” is not known here.",
            "did you mean “is”?",
        ),
        ("expect: {page: {count: {of: a, is: -1}}}", "expect.page.count.is:", "at least 0"),
        ("click: {css: a, frame: {nick: b}}", "“nick” is not known here.", "one of role, name"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_line(
    step: str, message: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"name: s\nsteps:\n  - say: goforward\n  - {step}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    told = str(caught.value)
    assert told.startswith(f"{path}:4: step 2 ({step.partition(':')[0]}): {message}")
    assert expected in told
