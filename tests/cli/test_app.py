"""Arguments, help, exit codes: what a shell and a script rely on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Harness

COMMANDS = ["run", "list", "validate", "init", "serve", "report", "doctor", "cache", "bench"]


def test_help_lists_the_commands(harness: Harness) -> None:
    done = harness("--help")
    assert done.returncode == 0
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(harness: Harness, command: str) -> None:
    done = harness(command, "--help")
    assert done.returncode == 0
    assert f"  harness {command}" in done.stdout
    assert "--json" in done.stdout


def test_help_needs_nothing_heavy() -> None:
    """So it answers at once: what takes time is imported by the command that needs it."""
    code = (
        "import sys; from harness.cli.command_line import run_command_line as r; r(['--help'])\n"
        "print(*sorted(m.split('.')[0] for m in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "playwright", "aiohttp", "openai", "yaml", "asyncio"}
    assert not heavy & set(done.stderr.split())


def test_no_command_shows_help_and_is_a_mistake(harness_process: Harness) -> None:
    """A script with an empty variable must not look as if it had passed."""
    done = harness_process()
    assert done.returncode == 2
    assert "Commands:" in done.stderr
    assert done.stdout == ""


def test_the_version_is_printed(harness_process: Harness) -> None:
    assert harness_process("--version").stdout.startswith("harness 0.")


def test_a_missing_scenario_is_a_usage_error_before_anything_runs(harness: Harness) -> None:
    done = harness("run", "rovr.yaml", "--out", "out")
    assert done.returncode == 2
    assert "did you mean rover" in done.stderr
    assert done.stdout == ""


def test_a_mistake_in_a_scenario_names_file_and_line(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: bad\nsteps:\n  - sya: goforward\n")
    done = harness("run", "bad.yaml")
    assert done.returncode == 2
    assert "bad.yaml:3" in done.stderr


def test_nothing_is_coloured_in_a_pipe(harness_process: Harness) -> None:
    for arguments in (["--help"], ["rnu"], ["report", "nowhere"]):
        done = harness_process(*arguments)
        assert "\x1b" not in done.stdout + done.stderr
