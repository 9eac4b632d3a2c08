"""`harness serve`: one line when ready, alive until a signal, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from harness.cli.serve import read_script
from harness.errors import UsageError
from tests.cli.conftest import Harness

WITHIN_S = 60


def test_it_says_where_it_is_and_ends_with_ctrl_c() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "harness", "serve", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert set(ready) == {"url", "page_url", "api_key"}
        with urllib.request.urlopen(ready["page_url"], timeout=WITHIN_S) as page:
            assert page.status == 200
        os.kill(process.pid, signal.SIGINT)
        rest, errors = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 130
    assert rest == ""
    assert "Traceback" not in errors
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(ready["page_url"], timeout=5)


def test_a_taken_port_is_said_plainly(harness: Harness) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = harness("serve", "--port", str(port))
    assert done.returncode == 3
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_script_is_read_from_yaml(tmp_path: Path) -> None:
    path = tmp_path / "assistant.yaml"
    path.write_text("rules:\n  - when: {words: [table]}\n    say: For how many?\n")
    assert read_script(path)["rules"][0]["say"] == "For how many?"


@pytest.mark.parametrize(
    ("text", "found"),
    [("rules: [{sya: x}]", r"rules\.0"), ("rules: [", "while parsing"), ("- 1", "the file")],
)
def test_a_wrong_script_names_the_place(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "assistant.yaml"
    path.write_text(text)
    with pytest.raises(UsageError, match=found):
        read_script(path)


def test_a_missing_script_is_a_usage_error(harness: Harness) -> None:
    done = harness("serve", "--script", "nowhere.yaml")
    assert done.returncode == 2
    assert "nowhere.yaml" in done.stderr
