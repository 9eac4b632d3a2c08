"""Writing the reports, also where it cannot be done."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from harness.errors import ArtifactError
from harness.hidden import hidden_values
from harness.report.results import Results
from harness.report.write import write_reports


def test_the_three_reports_are_there(runs: Path, results: Results) -> None:
    assert json.loads((runs / "results.json").read_text())["verdict"] == results.verdict == "error"
    assert (runs / "junit.xml").read_bytes().startswith(b"<?xml")
    assert (runs / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_what_is_recognised_only_now_is_hidden_too(runs: Path, tmp_path: Path) -> None:
    hidden = hidden_values([("${A}", "swordfish")])
    results = write_reports(
        tmp_path, [runs / "table-booking"], recognise=lambda clip: "my swordfish", hidden=hidden
    )
    heard = [turn.heard.recognised for turn in results.scenarios[0].turns if turn.heard]
    assert "my •••" in heard
    assert "swordfish" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_reports_may_go_elsewhere_and_point_back(runs: Path, tmp_path: Path) -> None:
    results = write_reports(tmp_path / "out", [runs / "harbour"], listen=False)
    path = results.scenarios[0].artifacts["trace"]
    assert (tmp_path / "out" / path).resolve() == (runs / "harbour" / "trace.jsonl").resolve()


def test_a_full_disk_is_said_in_plain_words_and_old_reports_stay(
    runs: Path, tmp_path: Path
) -> None:
    write_reports(tmp_path, [runs / "harbour"], listen=False)
    before = (tmp_path / "report.html").read_bytes()
    real_open = Path.open

    def full(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name.endswith(".part"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_open(path, *args, **kwargs)

    with (
        mock.patch.object(Path, "open", full),
        pytest.raises(ArtifactError, match="No space left on device") as caught,
    ):
        write_reports(tmp_path, [runs / "harbour"], listen=False)
    assert caught.value.exit_code == 3
    assert (tmp_path / "report.html").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "junit.xml",
        "report.html",
        "results.json",
    ]


def test_a_folder_that_cannot_be_made_is_an_artifact_error(runs: Path, tmp_path: Path) -> None:
    """A file is in its place."""
    (tmp_path / "out").write_text("")
    with pytest.raises(ArtifactError, match="Could not write"):
        write_reports(tmp_path / "out", [runs / "harbour"], listen=False)


def test_nothing_to_report_on_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="nothing to report"):
        write_reports(tmp_path, [])
