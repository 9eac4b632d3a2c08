"""One inspection of a real page that is wrong: told as it shows, listed at the end, recorded."""

from __future__ import annotations

import asyncio
import functools
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from harness.bench.findings_pages import served_pages
from harness.bench.processes import child_environment
from harness.browser.flags import FAKE_DEVICES
from harness.browser.launch import open_chromium
from harness.inspection.board import Board
from harness.inspection.session import InspectOptions, Kind, inspect_page
from harness.resources import fixtures_dir
from harness.server.process.launch import start_server
from harness.trace import read_trace
from tests.support.waiting import until

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
    [kept] = read_trace(tmp_path / "out" / "trace.jsonl").of_type("page.snapshot")
    assert kept.data["finding"] == "element_muted"
    assert "audio element is muted" in (tmp_path / "out" / kept.data["dom"]).read_text(
        encoding="utf-8"
    )
    assert (tmp_path / "out" / kept.data["picture"]).is_file()
    steps = yaml.safe_load(scenario.read_text(encoding="utf-8"))["steps"]
    assert steps[0] == {"say": {"file": "booking-table-for-two"}}


class Lines:
    """What was told, by its kind."""

    def __init__(self) -> None:
        self.told: dict[Kind, list[str]] = {}
        self.state = ""

    def line(self, text: str, kind: Kind) -> None:
        self.told.setdefault(kind, []).append(text)

    def refresh(self, board: Board) -> None:
        self.state = board.state


async def typed(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line
    await asyncio.Event().wait()


@pytest.fixture
def calls_by_click(tmp_path: Path) -> str:
    """The address of a page that calls once its button is clicked."""
    shared = (fixtures_dir() / "pages" / "shared.js").read_text(encoding="utf-8")
    call = "document.body.onclick = async () => loop(await microphone());"
    page = tmp_path / "page.html"
    page.write_text(f"<body>Call<script>{shared}\n{call}</script>", encoding="utf-8")
    return page.as_uri()


@pytest.mark.browser
async def test_what_is_said_before_the_call_is_up_waits_for_the_click_that_makes_it(
    tmp_path: Path, calls_by_click: str
) -> None:
    view = Lines()
    lines = typed("say booking-table-for-two", "click body", "wait 0", "quit")
    async with asyncio.timeout(60):
        acts = await inspect_page(InspectOptions(calls_by_click, tmp_path), view, lines)
    assert [act.step for act in acts] == [{"click": "body"}]
    assert "problem" not in view.told
    [said] = read_trace(tmp_path / "trace.jsonl").of_type("microphone.clip")
    assert said.data["clip"] == "booking-table-for-two"


@pytest.mark.browser
async def test_a_person_speaks_for_themselves_and_asks_for_a_snapshot(
    tmp_path: Path, calls_by_click: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chromium's fake microphone, which beeps, in place of the machine's, which has none."""
    flags = [FAKE_DEVICES, "--use-fake-ui-for-media-stream"]
    chromium = functools.partial(open_chromium, args=flags)
    monkeypatch.setattr("harness.codegen.session.open_chromium", chromium)
    view = Lines()

    async def lines() -> AsyncIterator[str]:
        yield "click body"
        await until(lambda: view.state.startswith("microphone open"))
        for line in ("say booking-table-for-two", "snapshot", "quit"):
            yield line

    async with asyncio.timeout(60):
        options = InspectOptions(calls_by_click, tmp_path, microphone="own")
        await inspect_page(options, view, lines())
    [problem] = view.told["problem"]
    assert problem.startswith("Your own microphone says what you say")
    trace = read_trace(tmp_path / "trace.jsonl")
    assert [one.data["mode"] for one in trace.of_type("microphone.started")] == ["device"]
    [kept] = [one for one in trace.of_type("page.snapshot") if not one.data["finding"]]
    assert kept.data == {"finding": "", "picture": "snapshot.png", "dom": "snapshot.dom.txt"}
    assert "kept: snapshot.png, snapshot.dom.txt" in view.told["note"]
    assert (tmp_path / "snapshot.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.browser
async def test_an_inspection_ends_at_once_whatever_is_still_to_be_said(
    tmp_path: Path, calls_by_click: str
) -> None:
    view = Lines()
    lines = typed("say booking-table-for-two", "findings", "quit")
    async with asyncio.timeout(60):
        await inspect_page(InspectOptions(calls_by_click, tmp_path), view, lines)
    assert view.told["note"] == ["nothing was found until now"]
    assert "problem" not in view.told, "it was not waited for until the call was given up"
    assert not read_trace(tmp_path / "trace.jsonl").of_type("microphone.clip")


@pytest.mark.browser
@pytest.mark.realtime
async def test_a_voice_that_comes_back_is_named_though_nobody_waits_for_an_answer(
    tmp_path: Path,
) -> None:
    async with start_server(accept_any_key=True) as server, served_pages(server) as address:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "harness", "inspect", f"{address}planted/own-voice-played/"),
            *("--json", "--out", str(tmp_path / "out")),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=child_environment(),
        )
        async with asyncio.timeout(60):
            typed = b"say booking-table-for-two\nwait 8\nquit\n"
            printed, told = (text.decode() for text in await process.communicate(typed))
    assert process.returncode == 1, told
    assert "own_voice_played" in {one["name"] for one in json.loads(printed)["findings"]}
