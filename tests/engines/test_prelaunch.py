"""What is begun before it is known to be needed: used, or ended; never left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import harness.browser.launch
import harness.engines.prelaunch
from harness.engines.prelaunch import begun_ahead
from harness.errors import ChromiumMissing, ScenarioError, ServerStartError
from harness.scenario.engines import EngineOptions, open_engine
from harness.scenario.run import run_scenarios
from harness.speech.nanotts import NanoTtsSynthesiser


class FakeProcess:
    """A server's process that comes up for ever."""

    def __init__(self) -> None:
        self.killed = False

    def kill(self) -> None:
        self.killed = True

    async def communicate(self) -> tuple[bytes, bytes]:
        return b"", b""


class World:
    """What was started, and how it went."""

    def __init__(self) -> None:
        self.processes: list[FakeProcess] = []
        self.browser = "not begun"
        self.browser_began = asyncio.Event()
        self.browser_comes_up = asyncio.Event()
        self.browser_error: Exception | None = None

    async def spawn(self) -> Any:
        self.processes.append(FakeProcess())
        return self.processes[-1]

    @asynccontextmanager
    async def open_chromium(self, *, headless: bool) -> AsyncIterator[str]:
        self.browser = "begun"
        self.browser_began.set()
        try:
            await self.browser_comes_up.wait()
            if self.browser_error is not None:
                raise self.browser_error
            yield "chromium"
        finally:
            self.browser = "ended"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(harness.engines.prelaunch, "spawn", world.spawn)
    monkeypatch.setattr(harness.browser.launch, "open_chromium", world.open_chromium)
    return world


async def start_engine() -> None:
    begun = begun_ahead(server=True, browser=True, headless=True)
    async with begun as ahead, open_engine(EngineOptions(), [], ahead, NanoTtsSynthesiser()):
        pass


async def test_what_nobody_used_is_ended_whether_up_or_not(world: World) -> None:
    for is_up in (False, True):
        async with begun_ahead(server=True, browser=True, headless=True):
            await world.browser_began.wait()
            if is_up:
                world.browser_comes_up.set()
        assert world.browser == "ended"
        assert world.processes[-1].killed


async def test_what_was_taken_is_the_taker_s(world: World) -> None:
    world.browser_comes_up.set()
    async with begun_ahead(server=True, browser=True, headless=True) as ahead:
        assert ahead.take_process() is not None
        assert ahead.take_process() is None
        async with ahead.chromium() as chromium:
            assert str(chromium) == "chromium"
        assert world.browser == "ended"
    assert not world.processes[0].killed


async def test_only_what_is_asked_for_is_begun(world: World) -> None:
    async with begun_ahead(server=False, browser=False, headless=True) as ahead:
        assert ahead.take_process() is None
    assert world.browser == "not begun"


async def test_for_a_mistyped_scenario_nothing_is_begun(world: World, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("name: s\nsteps: [{sya: hello}]\n")
    with pytest.raises(ScenarioError, match="sya"):
        await run_scenarios([path], out=tmp_path / "out")
    assert world.browser == "not begun"


async def test_what_cannot_be_said_ends_what_was_begun(world: World, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("name: s\nsteps: [{say: nothing-like-this}]\n")
    with pytest.raises(ScenarioError, match="nothing-like-this"):
        await run_scenarios([path], out=tmp_path / "out")
    assert world.browser == "ended"
    assert world.processes[0].killed


async def test_a_browser_that_fails_ends_the_server_and_says_why(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = []

    @asynccontextmanager
    async def chosen_server(_: Any, **__: Any) -> AsyncIterator[None]:
        serving.append("up")
        world.browser_error = ChromiumMissing("No Chromium was found.")
        world.browser_comes_up.set()
        try:
            yield None
        finally:
            serving.append("ended")

    monkeypatch.setattr("harness.scenario.engines.chosen_server", chosen_server)
    with pytest.raises(ChromiumMissing, match="No Chromium"):
        await start_engine()
    assert serving == ["up", "ended"]
    assert world.browser == "ended"
    assert world.processes[0].killed


async def test_a_server_that_fails_ends_a_browser_that_is_coming_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def chosen_server(_: Any, **__: Any) -> AsyncIterator[None]:
        await world.browser_began.wait()
        raise ServerStartError("The local server did not come up.")
        yield

    monkeypatch.setattr("harness.scenario.engines.chosen_server", chosen_server)
    with pytest.raises(ServerStartError, match="did not come up"):
        await start_engine()
    assert world.browser == "ended"


async def test_a_server_that_no_scenario_needs_is_ended_before_the_first_one(world: World) -> None:
    world.browser_comes_up.set()
    begun = begun_ahead(server=True, browser=True, headless=True)
    async with begun as ahead, open_engine(EngineOptions(), [], ahead, NanoTtsSynthesiser()):
        assert world.processes[0].killed


async def test_a_cancelled_start_leaves_nothing(world: World) -> None:
    async def run() -> None:
        begun = begun_ahead(server=True, browser=True, headless=True)
        async with begun as ahead, ahead.chromium():
            pass

    work = asyncio.create_task(run())
    await world.browser_began.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert world.browser == "ended"
    assert world.processes[0].killed


async def test_a_run_of_redirected_calls_begins_no_browser(world: World) -> None:
    """Each of them has one of its own."""
    async with (
        begun_ahead(server=False, browser=False, headless=True) as ahead,
        ahead.chromium_if_begun() as chromium,
    ):
        assert chromium is None
    assert world.browser == "not begun"
