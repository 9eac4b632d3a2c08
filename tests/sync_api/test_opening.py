"""What a program without an event loop opens: a call, a run, a page of Playwright's other API."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.sync_api import open_call, run_scenarios, start_server

ROOT = Path(__file__).parents[2]


def test_a_run_gives_its_results(tmp_path: Path) -> None:
    scenario = ROOT / "fixtures" / "scenarios" / "greeting.yaml"
    results = run_scenarios([scenario], out=tmp_path, engine="simulated")
    assert results.scenarios[0].verdict == "passed"
    assert (tmp_path / "report.html").exists()
    assert not [t for t in threading.enumerate() if t.name == "harness"]


def test_nothing_to_run_or_to_call_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No scenario"):
        run_scenarios([], out=tmp_path)
    with pytest.raises(UsageError, match="Nothing to call"), open_call():
        pass


@pytest.mark.browser
@pytest.mark.realtime
def test_our_own_page_is_called(tmp_path: Path) -> None:
    with start_server() as server, open_call(server=server, out=tmp_path) as call:
        assert call.expect("session.created", within_s=10, from_start=True)
        call.say("goforward")
        assert call.answer(within_s=15).transcript
    assert (tmp_path / "call.wav").exists()
