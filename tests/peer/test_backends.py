"""Engines by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from harness.errors import UsageError
from harness.peer.backends import (
    DEFAULT_ENGINE,
    ENGINE_NAMES,
    LEAST_MESSAGE_BYTES,
    most_message_bytes,
    peer_factory,
)


def test_an_unknown_engine_is_a_usage_error() -> None:
    """The message names those there are."""
    with pytest.raises(UsageError, match="wrtc or aiortc"):
        peer_factory("gstreamer")


def test_the_default_is_one_of_them() -> None:
    """And can be made."""
    assert DEFAULT_ENGINE in ENGINE_NAMES
    assert callable(peer_factory())


def test_engines_are_imported_late() -> None:
    """Knowing their names costs no engine."""
    code = "import sys, harness.peer.backends; print({'aiortc', 'webrtc'} & set(sys.modules))"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert output.strip() == "set()"


def test_an_engine_of_ones_own_is_named_by_its_path() -> None:
    """Anything that takes a listener."""
    assert peer_factory("harness.peer.wrtc_peer:WrtcPeer") is peer_factory("wrtc")


@pytest.mark.parametrize(
    "path",
    ["no_such_module:Peer", "harness.peer.sdp:NoSuchPeer", ":", "harness.peer.pacing:FRAME_S"],
)
def test_what_cannot_be_imported_is_a_usage_error(path: str) -> None:
    """It says what was tried."""
    with pytest.raises(UsageError, match=path):
        peer_factory(path)


def test_a_factory_says_how_much_a_message_may_have_or_the_least_is_taken() -> None:
    found = [most_message_bytes(peer_factory(name)) for name in ("wrtc", "aiortc")]
    assert found == [262_144, 65_536]
    assert (
        most_message_bytes(lambda listener: peer_factory("aiortc")(listener)) == LEAST_MESSAGE_BYTES
    )
