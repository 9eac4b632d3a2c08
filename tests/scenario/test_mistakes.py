"""Mistakes have their place; test_load.py has what is said of each kind of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from harness import yaml12
from harness.all_mistakes import each_of
from harness.errors import ScenarioError
from harness.scenario.load import load_scenario, load_scenarios
from harness.scenario.mistakes import no_value
from harness.scenario.model import STEP_KINDS, Expectation
from harness.scenario.variables import NoValue

FILE = "name: a\nsteps:\n  - say: x\n  - expect:\n      words: [a]\n"


def test_a_reference_without_a_value_has_step_and_line() -> None:
    error = no_value(
        "a.yaml:5",
        yaml12.load(FILE),
        NoValue("the environment variable A is not set", expected="x", found="y", hint="z"),
        ("steps", 1, "expect", "words", 0),
        " (with t.csv:2)",
    )
    assert isinstance(error, ScenarioError)
    assert "a.yaml:5 (with t.csv:2): step 2 (expect): expect.words: the env" in str(error)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("steps: [{expect: {absent: {tool: cancel}}}]", "expected: {name: cancel}"),
        ("steps: [{expect: {tool: cancel}}]", "tool: a tool is written with its name."),
        (
            "steps: [hang_up]\nbudgets: [{number: voice_to_voic_s, at_most_s: 1}]",
            "did you mean “voice_to_voice_s”?",
        ),
        (
            "steps: [hang_up]\nnoise: {kind: cafe, file: x.wav}",
            "takes only one of `kind` and `file`, and both are given",
        ),
        ("steps: [{expect: {findings: none}}]", "it belongs at the left margin, beside “steps”"),
        ("steps: [hang_up]\nredirect: openai", "it belongs under “page”"),
        ("steps: [hang_up]\nsay: Hello", "it belongs among the steps, as “- say: …”"),
        ("steps: [{say: {text: a, phrase: b}}]", "it belongs into an “expect”"),
        ("steps: [{expect: {words: 'a, b'}}]", "expected: a list: [one, two]"),
        ("steps: [{expect: {voice_to_voice_s: 1.5s}}]", "write the number alone: 1.5"),
        ("steps: [{interrupt: {say: a, after_ms: half}}]", "expected: a whole number"),
        ("steps: [{expect: {voice_to_voice_s: soon}}]", "expected: a number"),
        ("steps: [{fill: {'#a': 3}}]", 'write it in quotes: "3"'),
        ("steps: [hang_up]\npage: first", "expected: {key: value, …}"),
        ("steps: [{expect: {page: {text: Ready}}}]", "{key: value, …} with within_s, is, contains"),
        ("steps: [{expect: {page: {text: Ready}}}]", "expect.page.text: it has keys of its own."),
        ("steps: [{wait: a second}]", "{key: value, …} with event, from, answer"),
        ("steps: [hang_up]\npage: {camera: perhaps}", "expected: true or false"),
        ("steps: [{expect: {visible: '#a'}}]", "expect: {page: {visible: …}}"),
        ("steps: [hang_up]\npage: {microphone: denied}", "did you mean “deny”?"),
        (
            "steps: [hang_up]\npage: {dialogs: [{contain: a}]}",
            "expected: one of contains, answer, prompt",
        ),
        ("steps: [hang_up]\npage: {redirect: [openai]}", "{key: value, …} with from, to"),
        ("steps: [{sleep: 2}]", "to do:    `silence: 2`"),
    ],
)
def test_what_was_meant_is_said(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(f"name: s\n{text}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "s.yaml")
    assert told in str(caught.value)


def test_each_mistake_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "name: s\ndescr: x\nsteps:\n  - sya: x\n  - silence: -1\n"
        "  - expect: {wrods: [a], no_anser: true}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "s.yaml")
    told = [str(one).partition("\n")[0].rpartition("s.yaml:")[2] for one in each_of(caught.value)]
    assert told == [
        "2: “descr” is not known here.",
        "4: step 1 (sya): “sya” is not known here.",
        "5: step 2 (silence): silence: Input should be greater than 0.",
        "6: step 3 (expect): “wrods” is not known here.",
        "6: step 3 (expect): “no_anser” is not known here.",
    ]


NOT_MAPPINGS = {"end_turn", "send", "no_answer"}
"""These hold a word alone, or anything at all."""


@pytest.mark.parametrize(
    "step",
    [{kind: {"xyzzy": 1}} for kind in STEP_KINDS if kind not in NOT_MAPPINGS]
    + [
        {"expect": {name: {"xyzzy": 1}}}
        for name in Expectation.model_fields
        if name not in NOT_MAPPINGS
    ],
    ids=str,
)
def test_a_mistake_in_any_step_says_what_may_stand_there(step: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(yaml12.dump({"name": "a", "steps": [step]}), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenarios(path)
    text = str(caught.value)
    assert re.search("expected: (?!one of $).*[a-z]{2}", text, re.MULTILINE)
    assert not re.search(r"\.[A-Z]\w+[.:]", text), "the name of a class of ours"
