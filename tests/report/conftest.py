"""Runs to report on, made once; Chromium to open reports in."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.browser.launch import Chromium
from harness.report.results import Results
from harness.report.write import write_reports
from harness.score.call_record import CallRecord, load_call
from tests.support.make_trace import make_all


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three runs: rover (passed), table-booking (failed), harbour (broke)."""
    out = tmp_path_factory.mktemp("runs")
    make_all(out)
    return out


@pytest.fixture(scope="session")
def results(runs: Path) -> Results:
    """The results of the three runs, written with their reports into the same folder."""
    return write_reports(runs, [runs / name for name in ("rover", "table-booking", "harbour")])


@pytest.fixture(scope="session")
def rover(runs: Path) -> CallRecord:
    return load_call(runs / "rover")


@pytest.fixture(scope="session")
def chromium(shared_chromium: Chromium) -> Chromium:
    return shared_chromium
