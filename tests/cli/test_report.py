"""Which traces are meant, and where their report goes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from harness.cli.report import find_runs
from harness.errors import UsageError
from tests.cli.conftest import Harness
from tests.exchange.test_load_dump import DUMPS
from tests.exchange.test_pack import run as call
from tests.exchange.test_playwright_trace import OPTIONS, WALL_MS, after, before, trace


@pytest.fixture
def run(tmp_path: Path) -> Path:
    for name in ("booking", "rover"):
        (tmp_path / "run" / name).mkdir(parents=True)
        (tmp_path / "run" / name / "trace.jsonl").touch()
    return tmp_path / "run"


def test_a_run_means_all_its_scenarios(run: Path) -> None:
    assert find_runs(run) == [run / "booking", run / "rover"]


def test_a_scenario_or_its_trace_means_itself(run: Path) -> None:
    assert find_runs(run / "rover") == [run / "rover"]
    assert find_runs(run / "rover" / "trace.jsonl") == [run / "rover"]


def test_a_folder_without_traces_says_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UsageError, match=r"a folder with notes\.txt"):
        find_runs(tmp_path)


def test_a_playwright_trace_is_drawn_beside_one_call(harness: Harness, tmp_path: Path) -> None:
    folder = call(tmp_path / "booking")
    lines = [OPTIONS, before("1", 600, "Frame", "click", selector="#call"), after("1", 700)]
    given = trace(tmp_path / "trace.zip", lines)
    ended_s = WALL_MS / 1000 + 12
    os.utime(folder / "trace.jsonl", (ended_s, ended_s))
    done = harness("report", str(folder), "--playwright-trace", str(given))
    assert done.returncode in (0, 1), done.stderr
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "click #call: 100 ms (0:00.10 to 0:00.20)" in page
    assert f"playwright show-trace {given}" in page
    done = harness("report", str(folder), "--playwright-trace", str(tmp_path / "nowhere.zip"))
    assert done.returncode == 3
    assert "is no Playwright trace" in done.stderr


def test_a_place_that_is_not_there_is_a_wrong_argument(harness: Harness) -> None:
    done = harness("report", "nowhere")
    assert done.returncode == 2
    assert "There is no trace at nowhere" in done.stderr


def test_a_trace_under_another_name_is_told_how_it_is_shown(
    harness: Harness, tmp_path: Path
) -> None:
    (tmp_path / "my call.jsonl").touch()
    done = harness("report", "my call.jsonl")
    assert done.returncode == 2
    assert "mkdir 'my call' && cp 'my call.jsonl' 'my call'/trace.jsonl" in done.stderr


def test_a_file_that_is_no_call_is_told_what_it_may_be(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("about:webrtc\n\nRTCPeerConnection Statistics")
    (tmp_path / "b.txt").touch()
    done = harness("report", "a.txt")
    assert done.returncode == 2
    assert "a dump of chrome://webrtc-internals or rtcstats" in done.stderr
    assert "make the call in a Chromium" in done.stderr
    done = harness("report", "b.txt")
    assert done.returncode == 2
    assert "an empty file named b.txt" in done.stderr
    assert "in a Chromium" not in done.stderr


def test_something_that_is_no_trace_is_refused_plainly(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "trace.jsonl").write_text("hello\n")
    done = harness("report", ".")
    assert done.returncode == 3
    assert "is not a trace" in done.stderr
    assert "Traceback" not in done.stderr


def scenarios(done: CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return [one["name"] for one in json.loads(done.stdout)["scenarios"]]


def test_a_single_call_is_reported_in_its_own_folder(harness: Harness, tmp_path: Path) -> None:
    for name in ("booking", "rover"):
        call(tmp_path / "out" / name, 1)
    assert scenarios(harness("report", "out", "--json")) == ["booking", "rover"]
    whole = (tmp_path / "out" / "results.json").read_bytes()
    for named in ("out/booking", "out/rover/trace.jsonl"):
        assert len(scenarios(harness("report", named, "--json"))) == 1
    assert (tmp_path / "out" / "results.json").read_bytes() == whole
    for name in ("booking", "rover"):
        assert json.loads((tmp_path / "out" / name / "results.json").read_text())["scenarios"]


def test_packed_calls_of_one_name_are_kept_apart(harness: Harness, tmp_path: Path) -> None:
    for day in ("monday", "tuesday"):
        call(tmp_path / day / "call", 1)
        call(tmp_path / day / "call" / day, 1)
        (tmp_path / day / "call" / "trace.jsonl").unlink()
        harness("pack", f"{day}/call")
    both = ("monday/call.zip", "tuesday/call.zip", "monday/call.zip")
    assert scenarios(harness("report", *both, "--out", "both", "--json")) == ["monday", "tuesday"]
    assert (tmp_path / "both" / "call" / "monday" / "call.wav").is_file()
    assert (tmp_path / "both" / "call-2" / "tuesday" / "call.wav").is_file()
    again = harness("report", "tuesday/call.zip", "--out", "both", "--json")
    assert scenarios(again) == ["tuesday"]
    assert not (tmp_path / "both" / "call" / "monday").exists()


def test_a_folder_that_is_somebodys_own_stays_as_it_is(harness: Harness, tmp_path: Path) -> None:
    call(tmp_path / "call", 1)
    harness("pack", "call")
    mine = call(tmp_path / "call-unpacked", 1) / "trace.jsonl"
    before = mine.read_bytes()
    assert scenarios(harness("report", "call.zip", "--json")) == ["call"]
    assert mine.read_bytes() == before
    assert (tmp_path / "call-unpacked-2" / "report.html").is_file()


def test_a_dump_beside_a_packed_call_of_its_name_has_its_own(
    harness: Harness, tmp_path: Path
) -> None:
    call(tmp_path / "call", 1)
    harness("pack", "call")
    (tmp_path / "call.gz").write_bytes((DUMPS / "wrong-port.rtcstats.gz").read_bytes())
    assert scenarios(harness("report", "call.zip", "call.gz", "--json")) == ["call", "call"]
    assert (tmp_path / "call-unpacked" / "call.wav").is_file()
    assert not (tmp_path / "call.gz-unpacked" / "call.wav").exists()
