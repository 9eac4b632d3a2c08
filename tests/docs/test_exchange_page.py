"""What the page on exchange shows is so: the list, the limits, the forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.cli.command_line import run_command_line
from harness.cli.export import FORMS
from harness.exchange.load_dump import MOST_JSON_BYTES, MOST_LINES_BYTES
from harness.exchange.rtcstats import MOST_VALUES, VERSION

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "harness" / "docs" / "exchange.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))


def test_the_list_is_what_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    command, _, shown = EXAMPLES["findings"].partition("\n")
    assert run_command_line(command.removeprefix("$ harness ").split()) == 1
    assert capsys.readouterr().out == shown


def test_the_limits_and_forms_are_the_codes() -> None:
    assert f"{MOST_JSON_BYTES / 1e6:g} MB of JSON or {MOST_LINES_BYTES / 1e9:g} GB" in PAGE
    assert f"{MOST_VALUES / 1e6:g} million values" in PAGE
    assert f"Of rtcstats it is format {VERSION}." in PAGE
    assert all(f"| `--{form}` |" in PAGE for form in FORMS)
