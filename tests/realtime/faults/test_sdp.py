"""What faults do to the SDP answer."""

from __future__ import annotations

import pytest

from harness.peer.sdp import UNREACHABLE, candidates, media_kinds, relayed, without_candidates
from harness.realtime.faults.parse import read_faults
from harness.realtime.faults.sdp import changed_answer
from harness.realtime.faults.triggers import Applied

ANSWER = "\r\n".join(
    [
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "a=group:BUNDLE 0 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "a=candidate:1 1 udp 2122260223 127.0.0.1 40001 typ host generation 0",
        "a=candidate:2 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active",
        "a=candidate:3 1 UDP 2122194687 10.0.0.7 40002 typ host",
        "a=end-of-candidates",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:0123456789abcdef01234567",
        "a=fingerprint:sha-256 01:02:03:04",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=sctp-port:5000",
        "",
    ]
)


def changed(fault: str) -> str:
    applied: list[Applied] = []
    answer = changed_answer(ANSWER, read_faults([fault]), applied.append, 1.0)
    assert [one.at_s for one in applied] == [1.0]
    assert answer != ANSWER
    return answer


@pytest.mark.parametrize("how", ["cut", "garbage", "empty"])
def test_a_malformed_answer_is_no_sdp(how: str) -> None:
    answer = changed(f"sdp_malformed; how={how}")
    assert "application" not in media_kinds(answer)
    assert len(answer) < len(ANSWER)


def test_a_wrong_answer_is_sdp_with_one_thing_changed() -> None:
    assert media_kinds(changed("sdp_wrong; what=no_data")) == ["audio"]
    assert media_kinds(changed("sdp_wrong; what=no_audio")) == ["application"]
    assert "sha-256 04:03:02:01" in changed("sdp_wrong; what=fingerprint")
    assert "a=ice-pwd:76543210fedcba9876543210" in changed("sdp_wrong; what=ice_password")


def test_without_ice_there_is_nowhere_to_go() -> None:
    assert candidates(changed("no_ice")) == []
    assert candidates(changed("no_ice; how=unreachable")) == [(UNREACHABLE, 9)]


def test_other_faults_leave_the_answer_alone() -> None:
    assert changed_answer(ANSWER, read_faults(["event_late"]), lambda _: None, 0.0) == ANSWER


def test_a_relay_stands_before_the_candidates_it_has() -> None:
    assert candidates(ANSWER) == [("127.0.0.1", 40001), ("10.0.0.7", 40002)]
    answer = relayed(ANSWER, {("127.0.0.1", 40001): ("127.0.0.1", 50001)})
    assert candidates(answer) == [("127.0.0.1", 50001)]
    assert "127.0.0.1 50001 typ host generation 0\r\n" in answer
    assert "candidate" not in without_candidates(ANSWER)
    assert media_kinds(answer) == ["audio", "application"]
