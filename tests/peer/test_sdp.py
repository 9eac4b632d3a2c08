"""The little we do with session descriptions ourselves."""

from __future__ import annotations

import pytest

from harness.errors import NegotiationFailed
from harness.peer.sdp import (
    MOST_SDP_CHARACTERS,
    check_description,
    has_application_section,
    media_kinds,
    without_mdns_candidates,
)

AUDIO = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
PLAIN = "a=candidate:1 1 udp 2122260223 192.0.2.2 5000 typ host\r\n"
HIDDEN = "a=candidate:2 1 udp 2122260223 1f3b-77aa.local 5001 typ host\r\n"
END = "a=end-of-candidates\r\n"


def test_sections_are_listed_in_order() -> None:
    """By their kind."""
    assert media_kinds(AUDIO + DATA) == ["audio", "application"]
    assert has_application_section(AUDIO + DATA)
    assert not has_application_section(AUDIO)


def test_hidden_candidates_go_and_others_stay() -> None:
    """With them goes the claim that the list is complete."""
    assert without_mdns_candidates(AUDIO + PLAIN + HIDDEN + END) == AUDIO + PLAIN
    assert without_mdns_candidates(AUDIO + PLAIN + END) == AUDIO + PLAIN + END


@pytest.mark.parametrize(
    "sdp", ["", "hello", "v=0\r\n", "v=0\r\n" + DATA, AUDIO + "x" * MOST_SDP_CHARACTERS]
)
def test_nonsense_is_refused_with_what_was_found(sdp: str) -> None:
    """The message says what was expected; a long text is not repeated in it."""
    with pytest.raises(NegotiationFailed) as caught:
        check_description(sdp, "offer")
    assert caught.value.expected
    assert len(str(caught.value)) < 500


def test_a_sound_offer_passes() -> None:
    """An audio section is enough."""
    check_description(AUDIO, "offer")
