"""A report looked at in Chromium; pace of frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench.viewer import look_at, slowest_fps
from harness.browser.launch import Chromium
from harness.report.write import write_reports
from tests.support.make_trace import make_failed


async def test_a_report_is_opened_and_zoomed(shared_chromium: Chromium, tmp_path: Path) -> None:
    make_failed(tmp_path / "run")
    write_reports(tmp_path, [tmp_path / "run"], listen=False)
    looked = await look_at(shared_chromium, tmp_path / "report.html")
    assert looked.open_s > 0
    assert looked.zoom_fps_p5 > 0
    assert 0 < looked.empty_fps_p5 <= 1000
    assert looked.zoom_step_ms > 0.1
    assert looked.report_mb > 0.1


def test_one_frame_in_twenty_may_be_slow() -> None:
    assert slowest_fps([20.0] * 96 + [500.0] * 4) == pytest.approx(50)
    assert slowest_fps([20.0] * 94 + [50.0] * 6) == pytest.approx(20)
