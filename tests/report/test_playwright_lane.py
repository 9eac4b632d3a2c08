"""The lane of a Playwright trace in a report."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from harness.errors import ArtifactError, UsageError
from harness.exchange.playwright_trace import NAME, PlaywrightAction
from harness.facts.call import CallOpened
from harness.report.build import build_scenario
from harness.report.html import report_html
from harness.report.playwright_lane import action_bars, playwright_lane
from harness.report.results import collect
from harness.report.write import write_reports
from harness.score.call_record import CallRecord
from tests.exchange.test_playwright_trace import OPTIONS, WALL_MS, after, before, trace
from tests.support.call_events import event, record

CLICK = [before("1", 1_500, "Frame", "click", selector="#call"), after("1", 2_000)]


def called(folder: Path, zero_ms: float | None = WALL_MS) -> CallRecord:
    opened = CallOpened("browser", "http://a/", 0.001, zero_ms)
    return dataclasses.replace(
        record(
            [
                event("call.opened", 0.5, "harness", **dataclasses.asdict(opened)),
                event("note", 9.0, "harness", text="the end"),
            ]
        ),
        folder=folder,
    )


def test_actions_stand_where_they_were_and_those_outside_are_left_out() -> None:
    bars = action_bars(
        [
            PlaywrightAction("goto", "http://a/", 500.0, 900.0),
            PlaywrightAction("click", "#a", 900.0, 1_500.0),
            PlaywrightAction("fill", "#b", 3_000.0, 3_250.0, "Timeout"),
            PlaywrightAction("expect", "#c", 4_000.0),
            PlaywrightAction("close", "", 99_000.0, 99_001.0),
        ],
        1_000.0,
        10.0,
    )
    assert [(bar.start_s, bar.end_s, bar.kind, bar.title) for bar in bars] == [
        (0.0, 0.5, "", "click #a: 600 ms"),
        (2.0, 2.25, "bad", "fill #b: Timeout"),
        (3.0, 10.0, "bad", "expect #c: never came back"),
    ]


def test_one_beside_the_call_is_drawn_and_its_command_told(tmp_path: Path) -> None:
    trace(tmp_path / NAME, [OPTIONS, *CLICK])
    shown = playwright_lane(called(tmp_path), None, f"my call/{NAME}", 10.0)
    assert shown is not None
    assert [(bar.text, bar.start_s, bar.end_s) for bar in shown.lane.bars] == [
        ("click #call", 1.0, 1.5)
    ]
    assert shown.command == f"playwright show-trace 'my call/{NAME}'"
    made = called(tmp_path)
    page = report_html(collect([build_scenario(made)]), [made])
    assert "click #call: 500 ms" in page
    assert "playwright show-trace" in page


def test_without_one_there_is_neither(tmp_path: Path) -> None:
    assert playwright_lane(called(tmp_path), None, None, 10.0) is None


def test_one_that_cannot_be_read_is_noted_where_it_lay_and_refused_where_it_was_given(
    tmp_path: Path,
) -> None:
    (tmp_path / NAME).write_bytes(b"PK")
    shown = playwright_lane(called(tmp_path), None, NAME, 10.0)
    assert shown is not None
    assert shown.note.startswith("Cannot be drawn: ")
    with pytest.raises(ArtifactError, match="is no Playwright trace"):
        playwright_lane(called(tmp_path), tmp_path / NAME, None, 10.0)


def test_one_of_another_call_says_so(tmp_path: Path) -> None:
    path = trace(tmp_path / "other.zip", [OPTIONS, *CLICK])
    shown = playwright_lane(called(tmp_path, WALL_MS - 1e9), path, None, 10.0)
    assert shown is not None
    assert shown.lane.bars == ()
    assert "another one" in shown.note


def test_a_trace_for_several_calls_is_refused(tmp_path: Path, runs: Path) -> None:
    folders = [one.parent for one in sorted(runs.glob("*/trace.jsonl"))][:2]
    copied = [Path(shutil.copytree(one, tmp_path / one.name)) for one in folders]
    with pytest.raises(UsageError, match="of one call"):
        write_reports(tmp_path, copied, listen=False, playwright_trace=tmp_path / NAME)
