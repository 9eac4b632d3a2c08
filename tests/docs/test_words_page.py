"""What the page on words says, tried."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import harness
from harness.speech.words import find_phrase, missing_words, normal_form

PAGE = (Path(harness.__file__).parent / "docs" / "words.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the table whose first line begins so."""
    lines = PAGE[PAGE.index(f"| {heading}") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def phrases(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


@pytest.mark.parametrize("row", table("rule | heard"), ids=lambda row: row[0])
def test_every_rule_does_what_its_example_says(row: list[str]) -> None:
    _, heard, holds, holds_not = row
    assert missing_words(heard, phrases(holds)) == []
    assert missing_words(heard, phrases(holds_not)) == phrases(holds_not)
    assert phrases(holds) or phrases(holds_not)


@pytest.mark.parametrize(("text", "form"), table("text | normal form"))
def test_the_normal_forms_are_these(text: str, form: str) -> None:
    assert [normal_form(text)] == phrases(form)


def test_the_example_prints_what_it_says() -> None:
    code, printed = re.findall(r"```(?:python)?\n(.*?)```", PAGE, re.DOTALL)[:2]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(code, {})
    assert output.getvalue() == printed


def test_near_is_no_proof() -> None:
    match = find_phrase(["Chevonne"], "Siobhan")
    assert match is not None
    assert match.how == "near"


@pytest.mark.parametrize(
    ("heard", "phrase"),
    [
        ("Write it down", "right"),
        ("may be", "maybe"),
        ("seven thirty", "$7.30"),
        ("five dollars ten people", "$5.10"),
        ("10-15 minutes", "10:15"),
        ("21 Elm St.", "street"),
        ("21 Elm St.", "saint"),
    ],
)
def test_what_cannot_be_told_apart_is_not(heard: str, phrase: str) -> None:
    assert missing_words(heard, [phrase]) == []
