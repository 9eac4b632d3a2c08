"""One inspection of a real page that is wrong: told as it shows, listed at the end, recorded."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
import yaml

from harness.bench.findings_pages import served_pages
from harness.bench.processes import child_environment
from harness.server.process.launch import start_server
from harness.trace import read_trace

TYPED = b"sya hello\nsay booking-table-for-two\nwait 6\nfindings\nquit\n"


@pytest.mark.browser
@pytest.mark.realtime
async def test_a_muted_page_is_named_while_it_runs_and_at_its_end(tmp_path: Path) -> None:
    scenario = tmp_path / "mine.yaml"
    async with start_server(accept_any_key=True) as server, served_pages(server) as address:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "harness", "inspect", f"{address}planted/element-muted/"),
            *("--json", "--out", str(tmp_path / "out"), "--record-scenario", str(scenario)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=child_environment(),
        )
        async with asyncio.timeout(60):
            printed, told = (text.decode() for text in await process.communicate(TYPED))
    assert process.returncode == 1, told
    assert "▲ error element_muted at " in told
    assert "nothing was found until now" not in told, "it is named while it shows"
    assert "did you mean say?" in told
    assert "microphone open · connection-0 connected" in told
    found = json.loads(printed)
    assert [one["name"] for one in found["findings"]] == ["element_muted"]
    assert read_trace(tmp_path / "out" / "trace.jsonl").of_type("call.closed")
    assert (tmp_path / "out" / "call.wav").stat().st_size > 100_000
    steps = yaml.safe_load(scenario.read_text(encoding="utf-8"))["steps"]
    assert steps[0] == {"say": {"file": "booking-table-for-two"}}
