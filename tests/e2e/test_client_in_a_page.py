"""The console client holds its call in a page of Chromium: only the engine differs."""

from __future__ import annotations

from harness.audio.fixtures import find_fixture
from harness.browser.launch import Chromium
from harness.client.client import RealtimeClient
from harness.peer.page_peer import page_factory
from harness.server.process.launch import RunningServer


async def test_the_client_talks_through_a_page(
    shared_chromium: Chromium, shared_server: RunningServer
) -> None:
    """The user is heard and answered."""
    engine = page_factory(shared_chromium)
    async with RealtimeClient(
        shared_server.url, api_key=shared_server.api_key, engine=engine
    ) as client:
        await client.microphone.play(find_fixture("greeting-hello").path)
        async for event in client.events("answer_over"):
            assert event.data["text"]
            break
