"""What a relay reads of packets: anything may come over UDP."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.network.packets import checked_fragment, is_media, without_credentials


def check(username: str, *, before: bytes = b"", cookie: int = 0x2112A442) -> bytes:
    """A binding request with this user name."""
    name = username.encode()
    attribute = struct.pack("!HH", 0x0006, len(name)) + name + bytes(-len(name) % 4)
    body = before + attribute
    return struct.pack("!HHI", 0x0001, len(body), cookie) + bytes(12) + body


PRIORITY = struct.pack("!HHI", 0x0024, 4, 1)


@given(theirs=st.from_regex(r"\A[a-zA-Z0-9+/]{4,32}\Z"), ours=st.from_regex(r"\A[a-z]{4}\Z"))
def test_a_check_names_the_connection_that_it_is_sent_to(theirs: str, ours: str) -> None:
    assert checked_fragment(check(f"{theirs}:{ours}")) == theirs
    assert checked_fragment(check(f"{theirs}:{ours}", before=PRIORITY)) == theirs


def test_connectivity_checks_are_kept_whole_and_turn_is_not() -> None:
    whole = check("abcd:efgh", before=PRIORITY)
    assert without_credentials(whole) == whole
    for first in (0x0101, 0x0111):  # how checks are answered
        answer = first.to_bytes(2) + whole[2:]
        assert without_credentials(answer) == answer
    for method in (0x0003, 0x0004, 0x0008, 0x0009, 0x0103, 0x0113):
        asked = method.to_bytes(2) + whole[2:]
        assert without_credentials(asked) == asked[:20]


@given(st.binary(max_size=200))
def test_whatever_comes_is_kept_as_far_as_it_may_be(packet: bytes) -> None:
    kept = without_credentials(packet)
    assert packet.startswith(kept)
    assert len(kept) >= min(len(packet), 20)


@given(st.binary(max_size=200))
def test_whatever_else_comes_is_no_check(packet: bytes) -> None:
    assert checked_fragment(packet) is None or packet[:2] == b"\x00\x01"
    is_media(packet)


@given(st.integers(0, 60))
def test_a_check_that_was_cut_is_none(length: int) -> None:
    whole = check("abcd:efgh", before=PRIORITY)
    assert checked_fragment(whole[:length]) == (None if length < len(whole) else "abcd")


@pytest.mark.parametrize(
    "packet", [check("nocolon"), check("a:b", cookie=1), b"\x01\x01" + check("a:b")[2:]]
)
def test_what_only_looks_like_a_check_is_none(packet: bytes) -> None:
    assert checked_fragment(packet) is None


@pytest.mark.parametrize(
    ("packet", "carries"),
    [
        (b"\x80\x6f" + bytes(20), True),
        (b"\x80\xef" + bytes(20), True),  # with the marker bit
        (b"\x80\xc8" + bytes(20), False),  # a sender's report
        (b"\x81\xc9" + bytes(20), False),  # a receiver's
        (b"\x17\xfe" + bytes(20), False),  # DTLS
        (check("a:b"), False),
        (b"\x80", False),
    ],
)
def test_sound_is_told_from_all_else(packet: bytes, carries: bool) -> None:
    assert is_media(packet) is carries
