"""The command line with its two outputs: in this process, or in its own as a person meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli.command_line import run_command_line

Harness = Callable[..., subprocess.CompletedProcess[str]]

WITHIN_S = 200


@pytest.fixture
def harness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Harness:
    """Run ``harness ARGUMENTS`` in an empty folder; nothing of ours is a terminal there."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        capfd.readouterr()
        with monkeypatch.context() as during:
            during.chdir(tmp_path)
            for name, value in variables.items():
                during.setenv(name, value)
            code = run_command_line(arguments)
        return subprocess.CompletedProcess(arguments, code, *capfd.readouterr())

    return run


@pytest.fixture
def harness_process(tmp_path: Path) -> Harness:
    """The same as a process, where what Python or a shell makes of it is in question."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "harness", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **variables},
            timeout=WITHIN_S,
            check=False,
        )

    return run
