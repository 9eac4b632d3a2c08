"""What stays after a suite."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import ArtifactError
from harness.suite.write import write_suite, write_text
from tests.support.make_suite import make_suite


def test_three_files_are_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    write_suite(make_suite(tmp_path, {"a": ["passed"]}), out)
    assert sorted(path.name for path in out.iterdir()) == [
        "index.html",
        "junit.xml",
        "results.json",
    ]
    written = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert written["suite"]["verdict"] == "passed"


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArtifactError):
        write_text(tmp_path / "file" / "a.md", "x")
