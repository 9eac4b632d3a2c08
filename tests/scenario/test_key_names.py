"""Names of keys: what Playwright presses is taken, else it is told what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Error as PlaywrightError

from harness.browser.launch import Chromium
from harness.errors import ScenarioError
from harness.scenario.key_names import KEYS, known_key, known_keys
from harness.scenario.load import load_scenario


@pytest.mark.browser
async def test_playwright_can_press_each_of_them(shared_chromium: Chromium) -> None:
    context = await shared_chromium.browser.new_context()
    try:
        page = await context.new_page()
        for name in [*KEYS, "a", "~", "\n"]:
            await page.keyboard.down(name)
            await page.keyboard.up(name)
        with pytest.raises(PlaywrightError, match="Unknown key"):
            await page.keyboard.down("é")
    finally:
        await context.close()


@pytest.mark.parametrize(
    "name", ["Enter", "a", "+", " ", "Control+A", "Control++", "Shift+Control+ArrowLeft", "\n"]
)
def test_keys_and_what_is_pressed_together_are_taken(name: str) -> None:
    assert known_keys(name) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Entr", "did you mean Enter"),
        ("enter", "did you mean Enter?"),
        ("Return", "did you mean Enter?"),
        ("esc", "did you mean Escape?"),
        ("Ctrl+a", "“Ctrl”; did you mean Control?"),
        ("Control+Del", "did you mean Delete?"),
        ("hello there", "as Playwright does"),
        ("é", "`fill` writes any text"),
    ],
)
def test_another_name_is_told_with_the_nearest(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        known_keys(name)


def test_one_key_is_one() -> None:
    assert known_key("Space") == "Space"
    with pytest.raises(ValueError, match="there is no key “Control\\+A”"):
        known_key("Control+A")


@pytest.mark.parametrize(
    "step",
    [
        "press: Entr",
        "press: {key: Entr}",
        "press: {key: Entr, css: '#x'}",
        "hold: {key: Entr, while: {text: Hello}}",
    ],
)
def test_a_scenario_is_told_its_line(step: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"name: a\nsteps:\n  - {step}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"a\.yaml:3: .*did you mean Enter"):
        load_scenario(path)
