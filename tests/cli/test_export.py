"""``harness export``: a recorded call in the files of other tools, and dumps where a run can be."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import soundfile

from harness.exchange.load_dump import load_dump
from tests.cli.conftest import Harness
from tests.exchange.test_load_dump import DUMPS
from tests.exchange.test_pack import run


def test_a_call_is_written_in_each_form(harness: Harness, tmp_path: Path) -> None:
    run(tmp_path / "call", 6)
    files = {form: f"call.{form}" for form in ("webrtc-internals", "rtcstats", "har", "wav", "vtt")}
    options = [part for form, file in files.items() for part in (f"--{form}", file)]
    done = harness("export", "call", *options)
    assert done.returncode == 0, done.stderr
    assert "PeerConnections" in json.loads((tmp_path / "call.webrtc-internals").read_text())
    assert (tmp_path / "call.rtcstats").read_text().startswith("RTCStatsDump\n")
    assert json.loads((tmp_path / "call.har").read_text())["log"]["entries"]
    assert soundfile.info(tmp_path / "call.wav").channels == 2
    assert (tmp_path / "call.vtt").read_text().startswith("WEBVTT")
    again = harness("findings", "call.webrtc-internals", "call.rtcstats")
    assert again.returncode == 0, again.stdout


def test_a_dump_is_reported_and_packed_calls_are_exported(harness: Harness, tmp_path: Path) -> None:
    dump = str(DUMPS / "wrong-port.rtcstats.gz")
    reported = harness("report", dump, "--out", "out", "--json")
    assert reported.returncode == 0, reported.stderr
    scenario = json.loads(reported.stdout)["scenarios"][0]
    assert [one["name"] for one in scenario["findings"]] == ["ice_unanswered"]
    assert (tmp_path / "out" / "report.html").is_file()
    run(tmp_path / "call", 1)
    harness("pack", "call")
    assert harness("export", "call.zip", "--wav", "a.wav").returncode == 0
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "call" / "call.wav").read_bytes()


def begun(path: Path) -> str:
    return str(json.loads(path.read_text())["log"]["entries"][0]["startedDateTime"])


def test_a_packed_call_was_when_it_was(harness: Harness, tmp_path: Path) -> None:
    trace = run(tmp_path / "call", 6) / "trace.jsonl"
    os.utime(trace, (1_700_000_000, 1_700_000_000))
    harness("export", "call", "--har", "folder.har")
    harness("pack", "call")
    assert harness("export", "call.zip", "--har", "file.har").returncode == 0
    assert begun(tmp_path / "folder.har").startswith("2023-11-14T22:13")
    assert begun(tmp_path / "file.har") == begun(tmp_path / "folder.har")


@pytest.mark.parametrize("form", ["internals", "rtcstats"])
def test_a_dump_was_when_it_was(harness: Harness, tmp_path: Path, form: str) -> None:
    dump = DUMPS / f"healthy-ordinary.{form}.gz"
    done = harness("export", str(dump), "--rtcstats", "again.jsonl")
    assert done.returncode == 0, done.stderr
    before, after = (load_dump(path).events for path in (dump, tmp_path / "again.jsonl"))
    starts = [next(one.t_ms for one in events if one.connection) for events in (before, after)]
    assert starts[1] == pytest.approx(starts[0], abs=1)


def test_what_cannot_be_exported_is_told(harness: Harness, tmp_path: Path) -> None:
    run(tmp_path / "out" / "one", 1)
    run(tmp_path / "out" / "two", 1)
    assert "Nothing is to be exported" in harness("export", "out").stderr
    assert "There are 2 calls" in harness("export", "out", "--vtt", "a.vtt").stderr
    (tmp_path / "out" / "one" / "call.wav").unlink()
    assert "no recording" in harness("export", "out/one", "--wav", "a.wav").stderr
