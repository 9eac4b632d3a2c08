"""The interface is small, documented, and met by every adapter as mypy sees it."""

from __future__ import annotations

import inspect

import pytest

from harness.peer.aiortc_peer import AiortcPeer
from harness.peer.backends import most_message_bytes
from harness.peer.interface import (
    FRAME_FRAMES,
    SAMPLE_RATE_HZ,
    NegotiatedChannels,
    PeerConnection,
    PeerListener,
)
from harness.peer.page_peer import PageConnection
from harness.peer.wrtc_peer import WrtcPeer
from harness.server.calls.webrtc_call import Call
from harness.testing.simulated_peer import SimulatedPeer
from tests.support.recording_listener import RecordingListener


def members(protocol: type) -> dict[str, object]:
    return {name: value for name, value in vars(protocol).items() if not name.startswith("_")}


@pytest.mark.parametrize("protocol", [PeerConnection, PeerListener])
def test_every_member_says_what_it_does(protocol: type) -> None:
    """Whoever writes an adapter reads nothing else."""
    assert all(inspect.getdoc(member) for member in members(protocol).values())
    assert len(members(PeerConnection)) <= 15


@pytest.mark.parametrize("adapter", [WrtcPeer, AiortcPeer, PageConnection, SimulatedPeer])
def test_adapters_have_every_member(adapter: type) -> None:
    """And no public one beside, but for what an engine may be able to do, or say ahead."""
    public = {name for name in dir(adapter) if not name.startswith("_")}
    optional = {*members(NegotiatedChannels), most_message_bytes.__name__}
    assert public - optional == set(members(PeerConnection))


@pytest.mark.parametrize("listener", [RecordingListener, Call])
def test_listeners_have_every_method(listener: type) -> None:
    """With the same arguments."""
    for name, method in members(PeerListener).items():
        expected = list(inspect.signature(method).parameters)  # type: ignore[arg-type]
        assert list(inspect.signature(getattr(listener, name)).parameters) == expected


def test_a_frame_is_20_ms() -> None:
    """At 48 kHz."""
    assert FRAME_FRAMES / SAMPLE_RATE_HZ == 0.02
