"""What is wrong with scenarios that could be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import load_scenarios
from harness.suite.checks import checks_for
from harness.suite.collect import Found, collect
from tests.support.make_suite import make_scenarios


def test_what_cannot_be_said_and_what_no_engine_can_do_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("name: a\nsteps: [{say: no.wav}, {click: '#call'}]\n", encoding="utf-8")
    (loaded,) = load_scenarios(path)
    unsaid, undone = map(str, checks_for(["simulated", "simulated"])(loaded))
    assert "no.wav" in unsaid
    assert "click" in undone
    assert len(checks_for([])(loaded)) == 1


def test_a_device_that_playwright_does_not_know_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "name: a\npage: {device: Pixl 7}\nsteps: [{say: {text: Hello}}]\n", encoding="utf-8"
    )
    (loaded,) = load_scenarios(path)
    (told,) = map(str, checks_for(["browser"])(loaded))
    assert "a.yaml:2:" in told
    assert "did you mean Pixel 7" in told
    assert checks_for(["simulated"])(loaded) == []


def test_nothing_is_wrong_with_what_is_right(tmp_path: Path) -> None:
    (loaded,) = make_scenarios(tmp_path, "a")
    assert checks_for(["browser", "simulated"])(loaded) == []


def test_a_file_that_cannot_be_read_hides_no_mistake_of_another(tmp_path: Path) -> None:
    """Nor is what only the environment knows told by it."""
    texts = {
        "a": "name: a\nsteps: [{say: no.wav}]\n",
        "b": "name: b\nsteps: [{say: x\n",
        "c": "name: c\nvariables: {api_key: abcdef}\nsteps: [{say: '${api_key}.wav'}]\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    files = [Found(tmp_path / f"{name}.yaml") for name in texts]
    with pytest.raises(ScenarioError) as caught:
        collect(files, check=checks_for([]))
    told = str(caught.value)
    assert told.startswith("3 of 3 cannot be used, and nothing was run.")
    assert "“no.wav”" in told
    assert "abcdef" not in told
    with pytest.raises(ScenarioError) as caught:
        collect(files)
    assert "no.wav" not in str(caught.value), "who does not ask is told what cannot be read"
