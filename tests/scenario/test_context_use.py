"""The context that a scenario names."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.context.approval import ToolRequest
from harness.context.load import LoadedContext
from harness.errors import ScenarioError
from harness.scenario.context_use import context_of
from harness.scenario.load import load_scenario
from tests.support.contexts import write_context


def scenario(folder: Path, context: str, steps: str = "  - type: Hello.\n") -> Path:
    path = folder / "talk.yaml"
    path.write_text(f"name: talk\n{context}steps:\n{steps}", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("written", "user"),
    [("context: shop.yaml\n", None), ("context: {file: shop.yaml, user: kim}\n", "kim")],
)
def test_its_file_is_read_beside_the_scenario(
    tmp_path: Path, written: str, user: str | None
) -> None:
    write_context(tmp_path)
    choice = context_of(load_scenario(scenario(tmp_path, written)))
    assert choice is not None
    assert isinstance(choice.what, LoadedContext)
    assert (choice.what.definition.name, choice.user) == ("shop", user)


def test_the_tools_that_it_names_are_agreed_to(tmp_path: Path) -> None:
    write_context(tmp_path)
    path = scenario(tmp_path, "context: {file: shop.yaml, approve: [order_boat]}\n")
    choice = context_of(load_scenario(path))
    assert choice is not None
    assert choice.approve is not None
    assert choice.approve(ToolRequest("harbour", "order_boat", {})) is True
    assert choice.approve(ToolRequest("harbour", "sink_boat", {})) is False


def test_a_scenario_may_have_none(tmp_path: Path) -> None:
    assert context_of(load_scenario(scenario(tmp_path, ""))) is None


def test_a_users_context_needs_the_user(tmp_path: Path) -> None:
    write_context(tmp_path, "name: shop\nowner: user\n")
    path = scenario(tmp_path, "context: shop.yaml\n")
    with pytest.raises(ScenarioError) as caught:
        context_of(load_scenario(path))
    assert f"{path}:2:" in str(caught.value)
    assert "context: {file: shop.yaml, user: kim}" in str(caught.value)


@pytest.mark.parametrize(
    ("context", "steps", "said"),
    [
        ("context: {fil: shop.yaml}\n", "  - type: Hi.\n", "did you mean “file”?"),
        ("", "  - type: ''\n", "at least 1 character"),
        ("", "  - expect: {thread: {wrds: [a]}}\n", "did you mean “words”?"),
        (
            "",
            "  - expect: {thread: {}}\n",
            "give words, pattern, by, tool, widget, attachment or count",
        ),
    ],
)
def test_mistakes_are_told(tmp_path: Path, context: str, steps: str, said: str) -> None:
    with pytest.raises(ScenarioError, match="talk") as caught:
        load_scenario(scenario(tmp_path, context, steps))
    assert said in str(caught.value)
