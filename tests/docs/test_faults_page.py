"""The page about faults: complete, right about defaults, and its examples work."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import harness
from harness.realtime.faults.base import HttpFault, SelectedFault
from harness.realtime.faults.parse import FAULTS, faults_of_header, read_faults
from harness.realtime.server.assistants.script import Script
from harness.scenario.load import load_scenario

PAGE = (Path(harness.__file__).parent / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = {cells[0].strip("` "): cells for cells in (
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines() if line.startswith("| `")
) if len(cells) == 6}  # fmt: skip
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def own_arguments(name: str) -> dict[str, Any]:
    """Arguments that the shared part of the page does not explain, with their defaults."""
    model = FAULTS[name]
    shared = {"fault"}
    for base in (HttpFault, SelectedFault):
        if issubclass(model, base):
            shared |= set(base.model_fields)
    return {key: field.default for key, field in model.model_fields.items() if key not in shared}


def test_every_fault_has_a_row_and_no_other_has() -> None:
    assert set(ROWS) == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_a_row_names_the_arguments_their_defaults_and_its_places(name: str) -> None:
    _, arguments, effect, memory, rule, client = ROWS[name]
    named = re.findall(r"`(\w+)`(?: \(`?([^`;)]+))?", arguments)
    given = {argument: default.strip() for argument, default in named}
    for argument, default in own_arguments(name).items():
        assert argument in given, f"{argument} is missing"
        if default not in (None, 0, 1) or given[argument]:
            written = f"{default:g}" if isinstance(default, float) else str(default)
            assert given[argument] in (written, "every answer"), argument
    assert (memory == "yes", rule == "yes") == (FAULTS[name].in_memory, FAULTS[name].per_answer)
    assert effect
    assert client


def test_both_ways_to_write_a_fault_say_the_same() -> None:
    first, second = read_faults(yaml.safe_load(BLOCKS[0]))
    assert first == second


def test_the_scenario_is_one(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(BLOCKS[1], encoding="utf-8")
    loaded = load_scenario(path).scenario
    script = Script.model_validate(loaded.assistant)
    assert [fault.name for fault in script.all_faults] == ["audio_stalls"]


def test_the_header_and_the_body_are_right() -> None:
    header = re.search(r"`X-Harness-Faults: (.+?)`", PAGE)
    body = re.search(r'`(\{"faults".+?)`', PAGE)
    assert header is not None
    assert body is not None
    assert len(faults_of_header(header[1])) == 2
    assert read_faults(json.loads(body[1]))


def test_the_python_example_compiles_and_its_names_are_there() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    scope: dict[str, Any] = {}
    exec(compile(code, "faults.md", "exec"), scope)  # makes the block, and enters nothing
    assert scope["server"] is not None
