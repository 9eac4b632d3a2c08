"""Facts of a connection without its secrets."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.cassette.signalling import media_of, signalling_of
from harness.trace import TraceEvent

SDP = """v=0
o=- 4611731400430051336 2 IN IP4 192.0.2.7
a=ice-options:trickle
m=audio 51234 UDP/TLS/RTP/SAVPF 111 0
c=IN IP4 192.0.2.7
a=candidate:1 1 udp 2130706431 192.0.2.7 51234 typ host
a=ice-ufrag:Xy7q
a=ice-pwd:thisIsTheSecretPassword22
a=fingerprint:sha-256 AB:CD:EF:01
a=sendrecv
a=rtpmap:111 opus/48000/2
a=rtpmap:0 PCMU/8000
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=sctp-port:5000
m=<script> 9 x
"""


def test_what_was_agreed_on_is_kept_and_nothing_else() -> None:
    assert media_of(SDP) == [
        {"codecs": ["opus/48000/2", "PCMU/8000"], "direction": "sendrecv", "kind": "audio"},
        {"codecs": [], "kind": "application"},
        {"codecs": [], "kind": "other"},
    ]


def test_the_way_of_a_connection() -> None:
    said = [
        ("peer_connection.offer", {"sdp": SDP, "side": "local"}),
        ("peer_connection.answer", {"sdp": SDP, "side": "remote"}),
        ("peer_connection.state", {"kind": "connection", "state": "connected"}),
        ("peer_connection.candidate", {"candidate": "udp 192.0.2.7 typ relay"}),
        ("peer_connection.track", {"kind": "audio"}),
    ]
    events = [TraceEvent(n, 0.1 * n, "page", kind, data) for n, (kind, data) in enumerate(said)]
    found = signalling_of(events)
    assert found["states"] == [{"at_s": 0.2, "kind": "connection", "state": "connected"}]
    assert found["tracks"] == 1
    assert [section["kind"] for section in found["offer"]] == ["audio", "application", "other"]
    told = json.dumps(found)
    for secret in (
        "192.0.2.7",
        "Xy7q",
        "thisIsTheSecretPassword22",
        "AB:CD",
        "4611731400430051336",
    ):
        assert secret not in told


@given(st.text() | st.text(alphabet="m=audio a:rtpmp\n0/ ").map(lambda text: f"m=audio 9\n{text}"))
def test_any_text_is_read_and_only_short_known_words_come_out(sdp: str) -> None:
    for section in media_of(sdp):
        assert section["kind"] in ("audio", "video", "application", "other")
        assert all(len(codec) < 60 for codec in section["codecs"])
