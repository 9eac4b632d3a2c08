"""What stays after a suite."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import ArtifactError
from harness.report.results import results_json
from harness.suite.write import stale_page, write_suite, write_text
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


def test_a_page_of_the_other_kind_is_stale_and_nobody_elses(tmp_path: Path) -> None:
    assert stale_page(tmp_path, is_one=True) is None, "nothing lies there"
    (tmp_path / "results.json").write_text("[1]", encoding="utf-8")
    assert stale_page(tmp_path, is_one=True) is None, "results of somebody else"
    write_suite(make_suite(tmp_path / "s", {"a": ["passed"]}), tmp_path)
    assert stale_page(tmp_path, is_one=True) == tmp_path / "index.html"
    assert stale_page(tmp_path, is_one=False) is None
    one = make_suite(tmp_path / "s", {"a": ["passed"]}).model_copy(update={"suite": None})
    (tmp_path / "results.json").write_text(results_json(one), encoding="utf-8")
    assert stale_page(tmp_path, is_one=False) == tmp_path / "report.html"
    assert stale_page(tmp_path, is_one=True) is None
