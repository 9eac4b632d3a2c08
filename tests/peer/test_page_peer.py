"""What is special about a page as a peer connection; the rest is in the contract suite."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from harness.browser.launch import Chromium
from harness.errors import PeerError, PeerLost
from harness.peer.backends import peer_factory
from harness.peer.page_peer import MOST_MESSAGE_BYTES, PageConnection, page_factory
from harness.testing.peer_contract_tools import LABEL, Ends, Tone, connected, one_side
from harness.testing.recording_listener import RecordingListener


def never_opened(listener: RecordingListener) -> PageConnection:
    """A connection whose page is not needed by the test."""
    return PageConnection(listener, None)  # type: ignore[arg-type]


async def test_what_the_page_tells_reaches_the_listener() -> None:
    """Channels of the remote peer, text, bytes, sound and silence, tracks, states."""
    listener = RecordingListener()
    peer = never_opened(listener)
    for message in (
        ["channel", "theirs"],
        ["open", "theirs"],
        ["text", "theirs", "hello"],
        ["binary", "theirs", "AP8="],
        ["track", "t", ["s"]],
        ["heard", "AEAAwA==", 2],
        ["heard", "", 3],
        ["state", "connection", "connected"],
        ["closed", "theirs"],
    ):
        peer._told(message)
    assert listener.opened == listener.closed == ["theirs"]
    assert listener.messages == [("theirs", "hello"), ("theirs", b"\x00\xff")]
    assert listener.tracks == [("t", ("s",))]
    assert listener.samples().tolist() == [0.5, -0.5, 0, 0, 0]
    assert listener.samples().dtype == np.float32
    assert peer.connection_state == "connected"
    await peer.aclose()
    peer._told(["text", "theirs", "late"])
    assert len(listener.messages) == 2


async def test_bytes_count_as_queued_until_page_and_network_have_them() -> None:
    """And a message that Chromium would refuse is refused here."""
    peer = never_opened(RecordingListener())
    peer._told(["channel", LABEL])
    peer._told(["open", LABEL])
    peer.send(LABEL, "ééé")
    assert peer.buffered_bytes(LABEL) == 6
    peer._told(["buffered", LABEL, 100])
    assert peer.buffered_bytes(LABEL) == 106
    with pytest.raises(PeerError):
        peer.send(LABEL, b"x" * (MOST_MESSAGE_BYTES + 1))
    await peer.aclose()


async def test_a_page_that_goes_away_is_a_lost_peer(shared_chromium: Chromium) -> None:
    """Whoever closed it; the connection can still be closed in order."""
    ends = Ends(page_factory(shared_chromium), peer_factory("wrtc"))
    async with connected(ends) as (caller, _callee):
        caller.peer.attach_microphone(Tone(440.0))
        for context in shared_chromium.browser.contexts:
            for page in context.pages:
                if page.url.endswith("/peer/index.html"):
                    await page.close()
        await caller.listener.until(lambda: bool(caller.listener.errors))
        assert isinstance(caller.listener.errors[0], PeerLost)
        assert caller.peer.connection_state == "failed"


async def test_no_page_stays_open(shared_chromium: Chromium) -> None:
    """Not even one whose opening nobody waited for."""
    before = len(shared_chromium.browser.contexts)
    async with one_side(page_factory(shared_chromium)) as side:
        asking = asyncio.create_task(side.peer.create_offer())
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    assert len(shared_chromium.browser.contexts) == before
