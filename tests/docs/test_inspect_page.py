"""What the page on inspecting shows is so: commands, list, limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.cli.command_line import run_command_line
from harness.exchange.index import MOST_BYTES
from harness.typed_commands import INSPECT

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "harness" / "docs" / "inspect.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))


def test_every_command_is_typed_in_the_example() -> None:
    lines = EXAMPLES["typed"].splitlines()
    assert None not in [INSPECT.read(line) for line in lines]
    assert {line.split()[0] for line in lines} == set(INSPECT.words)


def test_the_list_is_what_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    command, _, shown = EXAMPLES["findings"].partition("\n")
    assert run_command_line(command.removeprefix("$ harness ").split()) == 1
    assert capsys.readouterr().out == shown


def test_the_limit_is_the_codes() -> None:
    assert f"larger unpacked than {MOST_BYTES / 1e9:g} GB" in PAGE
