"""What a program without an event loop opens: a call, a run, a page of Playwright's other API."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import harness
from harness import sync_api
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


def test_a_page_in_place_of_its_address_is_shown_the_way() -> None:
    page: Any = object()
    with pytest.raises(UsageError, match=r"harness\.listen\(page\)"), open_call(page):
        pass


@pytest.mark.parametrize("name", ["listen", "open_call", "start_server", "RealtimeClient"])
async def test_a_block_of_the_other_api_is_named(name: str) -> None:
    """Nothing is opened by it."""
    given = ("page",) if name == "listen" else ()
    here: Any = getattr(sync_api, name)(*given)
    with pytest.raises(UsageError, match=rf"on an event loop use `harness\.{name}`"):
        async with here:
            pass
    there: Any = getattr(harness, name)(*given)
    hint = rf"without an event loop use `harness\.sync_api\.{name}`"
    with pytest.raises(UsageError, match=hint), there:
        pass
    with pytest.raises(UsageError, match="write `async with` in place of `await`"):
        await there


@pytest.mark.browser
@pytest.mark.realtime
def test_our_own_page_is_called(tmp_path: Path) -> None:
    with start_server() as server, open_call(server=server, out=tmp_path) as call:
        assert call.expect("session.created", within_s=10, from_start=True)
        call.say("goforward")
        assert call.answer(within_s=15).transcript
    assert (tmp_path / "call.wav").exists()
