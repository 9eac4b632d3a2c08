"""Descriptions of connections in memory."""

from __future__ import annotations

from harness.peer.sdp import check_description, media_kinds
from harness.testing.simulated_sdp import describe, maker_of


def test_a_description_looks_like_one_and_names_its_maker() -> None:
    """So that code which reads descriptions works on it."""
    sdp = describe("peer-7", "actpass")
    check_description(sdp, "offer")
    assert media_kinds(sdp) == ["audio", "application"]
    assert maker_of(sdp) == "peer-7"
    assert "a=setup:actpass" in sdp


def test_a_real_description_has_no_simulated_maker() -> None:
    assert maker_of("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n") is None
