"""Candidates in plain words."""

from __future__ import annotations

import pytest

from harness.report.candidates import candidate_of, candidate_of_stat

HOST = "candidate:1 1 udp 2122194687 192.0.2.2 50000 typ host generation 0"


def test_a_line_is_a_candidate_with_or_without_its_prefix() -> None:
    found = candidate_of(f"a={HOST}")
    assert found is not None
    assert found == candidate_of(HOST)
    assert found.in_words == "udp 192.0.2.2:50000, its own address"
    assert found.family == "IPv4"


@pytest.mark.parametrize(
    "line", ["", "candidate:", "a=mid:0", "candidate:1 1 udp 5 ::1", HOST[10:]]
)
def test_what_is_no_candidate_is_none(line: str) -> None:
    assert candidate_of(line) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (HOST.replace("192.0.2.2", "c0ffee.local"), "mDNS"),
        (HOST.replace("192.0.2.2", "::1"), "this machine alone"),
        (HOST.replace("udp", "tcp").replace("50000", "9") + " tcptype active", "does not listen"),
        (HOST.replace("50000", "9"), "nobody listens at port 9"),
        (HOST.replace("host", "relay"), "TURN"),
        (HOST.replace("host", "srflx"), "STUN"),
        (HOST.replace("host", "else"), "not told"),
    ],
)
def test_what_an_address_is_good_for_is_said(line: str, words: str) -> None:
    found = candidate_of(line)
    assert found is not None
    assert words in found.meaning


def test_getstats_and_a_line_tell_of_the_same_candidate() -> None:
    stat = {"candidateType": "host", "protocol": "udp", "address": "192.0.2.2", "port": 50000}
    assert candidate_of_stat(stat) == candidate_of(HOST)
    assert candidate_of_stat({}).place == "an address that is not told"


def test_hostile_addresses_are_bounded_and_steer_nothing() -> None:
    found = candidate_of(HOST.replace("192.0.2.2", "\u202e" + "x" * 5000))
    assert found is not None
    assert len(found.address) <= 80
    assert "\u202e" not in found.address
