"""What needs the call cannot follow its end, and that is seen before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.after_hang_up import refuse_after_hang_up
from harness.scenario.load import LoadedScenario, load_scenario
from harness.scenario.run import RunOptions, check_loaded

CLICK = "hang_up: {click: '#end'}"


def loaded(folder: Path, *steps: str) -> LoadedScenario:
    path = folder / "s.yaml"
    path.write_text("name: s\nsteps:\n" + "".join(f"  - {step}\n" for step in steps), "utf-8")
    return load_scenario(path)


@pytest.mark.parametrize(
    "steps",
    [
        ("hang_up", "say: goforward"),
        ("hang_up", "end_turn"),
        ("hang_up", "silence: 1"),
        ("hang_up", "expect: {no_answer: true}"),
        (CLICK, "tool_result: {name: look, output: x}"),
    ],
)
def test_a_step_that_needs_the_call_is_refused(steps: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"s\.yaml:4: step 2 \(\w+\) needs the call"):
        refuse_after_hang_up(loaded(tmp_path, *steps))


def test_all_of_them_are_named_and_where_the_call_was_closed(tmp_path: Path) -> None:
    late = loaded(tmp_path, "hang_up", "say: goforward", "mute: true", "send: {type: x}")
    with pytest.raises(ScenarioError) as caught:
        check_loaded([late], RunOptions(engine="simulated"))
    assert f"{late.path}:4: step 2 (say), step 4 (send) need the call" in str(caught.value)
    assert f"hang_up is step 1, at {late.path}:3" in str(caught.value)


@pytest.mark.parametrize(
    "steps",
    [
        ("say: goforward", "hang_up"),
        ("hang_up", "expect: {event: peer_connection.closed}"),
        ("hang_up", "wait: {answer: true}", "hang_up"),
        (CLICK, "expect: {page: {visible: '#done'}}", "screenshot: end"),
        (CLICK, "silence: 1"),
        (CLICK, "click: '#call-again'", "say: goforward"),
    ],
)
def test_what_only_looks_may_follow(steps: tuple[str, ...], tmp_path: Path) -> None:
    refuse_after_hang_up(loaded(tmp_path, *steps))
