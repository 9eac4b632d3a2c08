"""What people write of habit from elsewhere is answered with how it is written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import load_scenario


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("steps: [{click: '#a', timeout: 5000}]", "click: {css: '#a', within_s: 5}"),
        ("steps: [{click: {text: a}, within_s: 5}]", "click: {…, within_s: 5}"),
        ("steps:\n  - click: #start", 'quote a selector, as "#start"'),
        ("steps: [{wait_for: 2}]", "`silence: 2`; `wait_for` is for an element"),
        ("steps: [{wait: 1.5}]", "`silence: 1.5`; `wait` is for an event"),
        ("steps: [{hang_up: '#end'}]", "hang_up: {click: '#end'}"),
        ("steps: [screenshot]", "`screenshot: booked`"),
        ("steps: [{click: {xpath: //a}}]", 'css: "xpath=//…"'),
        ("steps: [{evaluate: {script: a}}]", "to do:    `js`"),
        ("steps: [{expect: {page: {text: {role: status, is: a}}}}]", "text: {of: {role: …}, …}"),
        ("steps: [{expect: {page: {count: {css: p, is: 2}}}}]", "count: {of: {css: …}, …}"),
        ("steps: [hang_up]\npage: http://h:3000/", "page: {url: http://h:3000/}"),
    ],
)
def test_how_it_is_written_is_told(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(f"name: s\n{text}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "s.yaml")
    assert told in str(caught.value)


def test_nothing_is_made_up_where_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("name: s\nsteps: [{say: }]\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "s.yaml")
    assert "to do" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [("Ferry desk", "as Ferry-desk"), ("Fähre/früh", "as Fahre-fruh"), ("船", "“.” and “-”\n")],
)
def test_a_name_that_is_no_folder_s_is_told_one_that_is(
    name: str, told: str, tmp_path: Path
) -> None:
    text = f"name: {name}\nsteps: [hang_up]\n"
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "s.yaml")
    assert told in f"{caught.value}\n"
