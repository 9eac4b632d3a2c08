"""What is special about the libwebrtc adapter; the rest is in the contract suite."""

from __future__ import annotations

import numpy as np
import pytest

from harness.errors import PeerError
from harness.peer.wrtc_peer import Block, WrtcPeer, _camel, _mono
from tests.support.recording_listener import RecordingListener


def block(pcm: list[int], channels: int) -> Block:
    return np.array(pcm, "<i2").tobytes(), 16, 48_000, channels, len(pcm) // channels, 0


def test_blocks_are_joined_and_stereo_becomes_the_mean() -> None:
    """Full scale is ±1.0; the remote peer may change its mind about its channels."""
    mono, stereo = block([0, 16384, -32768], 1), block([16384, 0, -32768, -32768], 2)
    assert _mono([mono]).tolist() == [0.0, 0.5, -1.0]
    assert _mono([stereo, stereo]).tolist() == [0.25, -1.0, 0.25, -1.0]
    assert _mono([mono, stereo]).tolist() == [0.0, 0.5, -1.0, 0.25, -1.0]


def test_statistics_have_the_standard_names() -> None:
    """camelCase, as in the W3C dictionaries."""
    assert _camel("total_samples_received") == "totalSamplesReceived"
    assert _camel("jitter") == "jitter"


async def test_a_second_offer_in_the_wrong_state_is_an_error_of_ours() -> None:
    """The engine's own is its cause."""
    peer = WrtcPeer(RecordingListener())
    other = WrtcPeer(RecordingListener())
    try:
        offer = await other.create_offer()
        await peer.accept_offer(offer)
        with pytest.raises(PeerError) as caught:
            await peer.accept_answer(offer)
        assert caught.value.__cause__ is not None
    finally:
        await peer.aclose()
        await other.aclose()


async def test_a_microphone_that_raises_is_reported_not_swallowed() -> None:
    """The sending stops and the listener hears why."""
    caller, callee = RecordingListener(), RecordingListener()
    peer, other = WrtcPeer(caller), WrtcPeer(callee)

    def broken(frames: int) -> np.ndarray:
        raise ValueError("no more samples")

    try:
        answer = await other.accept_offer(await peer.create_offer())
        peer.attach_microphone(broken)
        await peer.accept_answer(answer)
        await caller.until(lambda: bool(caller.errors))
        assert "no more samples" in str(caller.errors[0])
    finally:
        await peer.aclose()
        await other.aclose()
