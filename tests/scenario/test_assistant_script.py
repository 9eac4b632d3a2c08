"""Mistakes in an assistant's rules have their line, and the word that was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.all_mistakes import each_of
from harness.errors import ScenarioError
from harness.scenario.assistant_script import script_of
from harness.scenario.load import LoadedScenario, load_scenario


def loaded(folder: Path, *rules: str) -> LoadedScenario:
    path = folder / "s.yaml"
    written = "".join(f"    - {rule}\n" for rule in rules)
    path.write_text(f"name: s\nsteps: [hang_up]\nassistant:\n  rules:\n{written}", "utf-8")
    return load_scenario(path)


def test_rules_are_read(tmp_path: Path) -> None:
    assert script_of(loaded(tmp_path, "say: Hello.")).rules[0].say == "Hello."


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("sya: Hello.", ["assistant.rules.0: “sya” is not known here", "did you mean “say”?"]),
        ("{when: {word: [a]}, say: b}", ["rules.0.when: “word”", "did you mean “words”?"]),
        ("{say: b, delay_ms: -100}", ["rules.0.delay_ms", "expected: at least 0", "-100"]),
        ("{say: b, delay_ms: 700000}", ["expected: at most 600000"]),
        ("{when: {outcome: filed}, say: b}", ["did you mean “failed”?"]),
        ("call: {named: look}", ["assistant.rules.0.call: “named”", "did you mean “name”?"]),
        ("delay_ms: 1", ["a rule needs `say`", "expected: rules as data"]),
    ],
)
def test_a_mistake_has_its_line_and_what_was_meant(
    rule: str, told: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        script_of(loaded(tmp_path, rule))
    assert "s.yaml:5: " in str(caught.value)
    for words in told:
        assert words in str(caught.value)


def test_every_rule_that_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        script_of(loaded(tmp_path, "sya: Hello.", "say: Hi.", "{say: b, delay_ms: -1}"))
    first, second = map(str, each_of(caught.value))
    assert ":5: assistant.rules.0: “sya”" in first
    assert ":7: assistant.rules.2.delay_ms" in second
