"""``harness pack``, and every command that takes what it makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli.pack import seconds_of
from harness.errors import UsageError
from tests.cli.conftest import Harness
from tests.exchange.test_pack import run


def test_a_run_becomes_a_file_that_is_reported_and_judged(harness: Harness, tmp_path: Path) -> None:
    run(tmp_path / "call", 2)
    done = harness("pack", "call", "--json")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["file"] == str(tmp_path / "call.zip")
    assert told["bytes"] < told["was_bytes"]
    found = harness("findings", "call.zip", "--json")
    assert found.returncode == 0
    assert json.loads(found.stdout)["calls"] == [{"name": "call", "findings": []}]
    reported = harness("report", "call.zip", "--json")
    assert reported.returncode == 0
    assert json.loads(reported.stdout)["scenarios"][0]["name"] == "call"
    assert (tmp_path / "call-unpacked" / "report.html").is_file()
    assert (tmp_path / "call-unpacked" / "call.wav").is_file()


def test_what_cannot_be_packed_is_told(harness: Harness, tmp_path: Path) -> None:
    assert "no trace at" in harness("pack", "nothing").stderr
    run(tmp_path / "call", 1)
    harness("pack", "call")
    assert "is a file already" in harness("pack", "call.zip").stderr
    assert "as 90s, 10m or 1h" in harness("pack", "call", "--keep", "long").stderr


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("1.5 m", 90), ("1h", 3600)]
)
def test_times_are_as_people_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-1", "10 days", "nan"])
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        seconds_of(text)
