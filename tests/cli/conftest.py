"""The command line as a person meets it: a process with its two outputs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Harness = Callable[..., subprocess.CompletedProcess[str]]

WITHIN_S = 60


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    """Run ``harness ARGUMENTS`` in an empty folder; nothing of ours is a terminal there."""

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
