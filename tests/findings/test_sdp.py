"""Sections of session descriptions."""

from __future__ import annotations

import pytest

from harness.findings.sdp import address_of, kind_of, read_description
from tests.support.healthy_call import HOST, sdp


@pytest.mark.parametrize(
    ("direction", "sends", "receives"),
    [
        ("sendrecv", True, True),
        ("sendonly", True, False),
        ("recvonly", False, True),
        ("inactive", False, False),
    ],
)
def test_directions(direction: str, sends: bool, receives: bool) -> None:
    (audio,) = read_description("offer", sdp(direction)).of("audio")
    assert (audio.sends, audio.receives) == (sends, receives)


def test_without_a_direction_it_is_both_ways_or_the_sessions() -> None:
    text = "v=0\nm=audio 9 RTP 0\n"
    assert read_description("offer", text).of("audio")[0].direction == "sendrecv"
    text = "v=0\na=recvonly\nm=audio 9 RTP 0\n"
    assert read_description("offer", text).of("audio")[0].direction == "recvonly"


def test_a_rejected_section_sends_nothing_unless_it_is_bundled() -> None:
    text = "v=0\nm=audio 0 RTP 0\na=sendrecv\n"
    assert not read_description("answer", text).of("audio")[0].sends
    assert read_description("offer", f"{text}a=bundle-only\n").of("audio")[0].sends


def test_candidates() -> None:
    assert read_description("offer", sdp()).candidates == [HOST]
    assert (address_of(HOST), kind_of(HOST)) == ("127.0.0.1", "host")
    assert (address_of("candidate:1 1"), kind_of("candidate:1 typ")) == ("", "")


@pytest.mark.parametrize("text", ["", "m=", "no sdp", "m=audio\na=candidate:"])
def test_anything_is_read(text: str) -> None:
    read_description("offer", text)
