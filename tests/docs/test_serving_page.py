"""The page about serving a team: its metrics are the server's, its options the command's."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

import harness
from harness.cli.app import app
from harness.server.calls.registry import MOST_CALLS, Calls
from harness.server.status.monitor import Monitor

PAGE = (Path(harness.__file__).parent / "docs" / "serving.md").read_text(encoding="utf-8")


def test_the_table_of_metrics_is_complete() -> None:
    families = Monitor(Calls()).meter.registry.collect()
    exported = {f.name + ("_total" if f.type == "counter" else "") for f in families}
    named = set(re.findall(r"^\| `(harness_\w+)` \|", PAGE, re.MULTILINE))
    assert named == exported


def test_every_option_exists() -> None:
    page_options = set(re.findall(r"(--[a-z][a-z-]+)", PAGE))
    runner = CliRunner()
    known = "".join(
        runner.invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
        for command in ("serve", "bench")
    )
    assert page_options <= set(re.findall(r"(--[a-z][a-z-]+)", known))


def test_the_default_limit_is_the_code_s() -> None:
    assert f"one more is answered 429 | {MOST_CALLS} |" in PAGE
