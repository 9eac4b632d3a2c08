"""The step `converse` as it is written; mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import load_scenario


@pytest.mark.parametrize(
    ("step", "told"),
    [("{turns: 3}", "persona"), ("{persona: guest.yaml, turns: 0}", "turns"),
     ("{persona: guest.yaml, end: any}", "end")],
)  # fmt: skip
def test_what_the_step_cannot_say_is_told_with_file_and_line(
    tmp_path: Path, step: str, told: str
) -> None:
    path = tmp_path / "talk.yaml"
    path.write_text(f"name: talk\nsteps:\n- silence: 1\n- converse: {step}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"talk\.yaml:4") as caught:
        load_scenario(path)
    assert told in str(caught.value)
