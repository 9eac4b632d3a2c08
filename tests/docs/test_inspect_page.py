"""What the page on inspecting shows is so: commands, list, limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.cli.command_line import run_command_line
from harness.exchange.index import MOST_BYTES
from harness.inspection import commands as typed

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "harness" / "docs" / "inspect.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))


def test_every_line_that_is_typed_is_a_command() -> None:
    kinds = {type(typed.read_command(line)) for line in EXAMPLES["typed"].splitlines()}
    every = {type(command) for command in typed._ALONE.values()}
    assert kinds >= every
    assert kinds >= {typed.SayText, typed.SayFile, typed.Click, typed.WaitAnswer}


def test_the_list_is_what_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    command, _, shown = EXAMPLES["findings"].partition("\n")
    assert run_command_line(command.removeprefix("$ harness ").split()) == 1
    assert capsys.readouterr().out == shown


def test_the_limit_is_the_codes() -> None:
    assert f"larger unpacked than {MOST_BYTES / 1e9:g} GB" in PAGE
