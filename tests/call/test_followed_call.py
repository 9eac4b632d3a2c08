"""What comes of a call: its events, its sound, its numbers and its end; through a real browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from harness.browser.launch import Chromium
from harness.call.call import Call
from harness.errors import ExpectationFailed, PeerLost
from harness.server.process.launch import RunningServer
from tests.support.scripted_call import scripted_call

pytestmark = pytest.mark.realtime


@pytest_asyncio.fixture(loop_scope="session")
async def call(shared_chromium: Chromium, shared_server: RunningServer) -> AsyncIterator[Call]:
    async with scripted_call(shared_chromium, shared_server) as call:
        yield call


async def test_events_are_there_from_the_beginning_or_from_now(call: Call) -> None:
    created = await call.expect("session.created")
    assert created.source == "wire"
    late = call.events("session.created", from_start=False)
    assert late.take_available() == []
    states = [e.data["state"] for e in call.states().take_available()]
    assert "connected" in states
    with pytest.raises(ExpectationFailed, match="no\\.such\\.event"):
        await call.expect("no.such.event", within_s=0.1)


async def test_heard_frames_and_statistics_stream_while_the_call_runs(call: Call) -> None:
    frames = await anext(call.heard())
    assert frames.sample_rate_hz == 48_000
    async for report in call.stats_reports(every_s=1):
        assert report
        break


async def test_hanging_up_closes_the_page_s_call(call: Call) -> None:
    await call.hang_up()
    await call.expect("peer_connection.closed", within_s=10)


async def test_what_a_person_does_at_the_page_is_told(call: Call) -> None:
    """The real buttons of our own page; hanging up there is an end of the call, not its loss."""
    page = call.page.page
    await page.get_by_role("button", name="Mute microphone").click()
    await page.get_by_role("slider", name="Volume").fill("0.5")
    await page.get_by_role("button", name="Mute microphone").click()
    await page.get_by_role("button", name="Hang up").click()
    await call.expect("data_channel.closed")
    told = [
        (event.type, dict(event.data))
        for event in call.events().take_available()
        if event.type in ("microphone.clicked", "volume.changed", "close.clicked")
    ]
    assert told == [
        ("microphone.clicked", {"is_on": False}),
        ("volume.changed", {"volume": 0.5}),
        ("microphone.clicked", {"is_on": True}),
        ("close.clicked", {}),
    ]
    with pytest.raises(PeerLost, match="hung up"):
        await call.silence(1)
