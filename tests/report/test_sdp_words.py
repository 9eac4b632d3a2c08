"""Lines of a session description in plain words."""

from __future__ import annotations

import pytest

from harness.report.sdp_words import MOST_LINE_CHARS, MOST_LINES, explained, gist, ice_fragment

AUDIO = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\na=sendrecv\r\n"
    "a=rtpmap:111 opus/48000/2\r\na=rtpmap:0 PCMU/8000\r\n"
)
CHANNELS = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n"


def words_of(line: str, before: str = AUDIO) -> str:
    return explained(f"{before}{line}\r\n")[0][-1].words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a=sendonly", "takes nothing back"),
        ("a=recvonly", "sends nothing"),
        ("a=inactive", "Nothing flows"),
        ("a=setup:actpass", "the answer decides"),
        ("a=setup:active", "begins the DTLS handshake"),
        ("a=ice-ufrag:abcd", "ICE restart"),
        ("a=ice-pwd:***", "masked"),
        ("a=ice-options:trickle", "follow later"),
        ("a=fingerprint:sha-256 00:11", "certificate"),
        ("a=rtpmap:111 opus/48000/2", "Opus"),
        ("a=rtpmap:110 telephone-event/8000", "DTMF"),
        ("a=fmtp:111 minptime=10;useinbandfec=1", "opus: packets of at least 10 ms, repairs"),
        ("a=rtcp-fb:111 transport-cc", "opus, the receiver reports"),
        ("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", "how loud"),
        ("a=extmap:9 urn:of:nobody", "Something more"),
        ("a=ssrc:5 cname:x", "Stream 5"),
        ("a=mid:0", "“0”"),
        ("a=group:BUNDLE 0 1", "0, 1 share one connection"),
        ("a=ptime:20", "20 ms"),
        ("a=sctp-port:5000", "data channels"),
        ("a=max-message-size:0", "any size"),
        ("a=candidate:1 1 udp 5 192.0.2.2 50000 typ host", "udp 192.0.2.2:50000, its own address"),
        ("m=audio 0 UDP/TLS/RTP/SAVPF 111", "refused"),
        ("c=IN IP4 0.0.0.0", "placeholder"),
        ("o=- 1 3 IN IP4 127.0.0.1", "Version 3"),
    ],
)
def test_lines_that_matter_are_explained(line: str, words: str) -> None:
    assert words in words_of(line)


@pytest.mark.parametrize(
    "line", ["a=x-unknown:1", "z=0", "v=0", "m=audio", "a=rtpmap:1", "nothing"]
)
def test_what_nobody_knows_has_no_words(line: str) -> None:
    assert words_of(line) == ""


def test_codecs_are_named_in_the_order_of_preference() -> None:
    assert "preferred first: opus, PCMU." in explained(AUDIO)[0][0].words


def test_a_description_in_one_sentence() -> None:
    assert gist(AUDIO + CHANNELS) == "audio sends and receives, opus first; data channels"
    assert gist(AUDIO.replace("audio 9", "audio 0")) == "audio refused (port 0)"
    assert gist("v=0\r\n") == "no media at all"


def test_the_name_of_ice_is_found() -> None:
    assert ice_fragment(f"{AUDIO}a=ice-ufrag:abcd\r\n") == "abcd"
    assert ice_fragment(AUDIO) == ""


def test_masked_secrets_stay_masked() -> None:
    assert explained("a=ice-pwd:***\r\n")[0][0].text == "a=ice-pwd:***"


def test_a_hostile_description_is_bounded_and_steers_nothing() -> None:
    hostile = "m=" + "x" * 9000 + "\r\n" + "a=\u202e\x1b[2J\r\n" + "a=y\r\n" * 5000
    lines, left_out = explained(hostile)
    assert len(lines) == MOST_LINES
    assert left_out == 5002 - MOST_LINES
    assert all(len(line.text) <= MOST_LINE_CHARS for line in lines)
    assert lines[1].text == "a=\\u202e\\x1b[2J"
    assert len(gist("m=audio 9 x 1\r\n" * 5000)) < 1000
