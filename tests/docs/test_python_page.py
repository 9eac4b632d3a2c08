"""The page about Python: its program runs, and what it shows beside it has the names it uses."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import harness
from harness.realtime.client.events import EVENTS

PAGE = (Path(harness.__file__).parent / "docs" / "python.md").read_text(encoding="utf-8")
PROGRAM, FRAGMENT = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.browser
@pytest.mark.realtime
def test_the_program_runs(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    answered, *states = ran.stdout.splitlines()
    assert float(answered.split()[-1]) > 0, "transcript and voice to voice"
    assert any(" peer_connection.state" in line for line in states)


def test_the_fragment_compiles_and_waits_for_an_event_there_is() -> None:
    compile(FRAGMENT, "python.md", "exec", flags=0x2000)  # PyCF_ALLOW_TOP_LEVEL_AWAIT
    (event,) = re.findall(r'events\("(\w+)"\)', FRAGMENT)
    assert event in EVENTS
