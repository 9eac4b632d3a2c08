"""What is typed about a suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.suite_choice import SuiteChoice, read_suite, read_values
from harness.errors import UsageError
from harness.scenario.load import Given
from tests.support.make_suite import make_scenarios


def test_values_are_names_with_texts() -> None:
    assert read_values(["a=1", "b=x=y", "a=", "c= "]) == {"a": "", "b": "x=y", "c": " "}
    for wrong in ("a", "=b", "a-b=c"):
        with pytest.raises(UsageError, match="--set NAME=VALUE"):
            read_values([wrong])


def test_nothing_typed_says_what_may_be() -> None:
    with pytest.raises(UsageError, match="pyproject"):
        read_suite([], Given())


def test_the_project_gives_variables_and_the_choice_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[tool.realtime-harness.variables]\ncity = "Rome"\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    choice = SuiteChoice(values=("a=b",), grep="one", shard="1/1")
    assert choice.given() == Given({"a": "b"}, {"city": "Rome"})
    make_scenarios(tmp_path / "deep" / "er", "one", "two")
    make_scenarios(tmp_path / ".hidden", "three")
    suite = read_suite([str(tmp_path)], Given())
    assert [one.scenario.name for one in suite.scenarios] == ["one", "two"]
    assert [one.scenario.name for one in choice.chosen(suite, None)] == ["one"]
    assert choice.is_one_run(1)
    assert not SuiteChoice(retries=1).is_one_run(1)
