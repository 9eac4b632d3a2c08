"""Findings of tracks, by what the descriptions say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.facts.connection import ConnectionAnswer, ConnectionCreated, ConnectionOffer
from harness.facts.media import MicrophoneStarted, UserMediaGranted, UserMediaRequested
from tests.support.healthy_call import HEALTHY, At, names_in, replaced, sdp, ticking, without


def test_a_healthy_call_has_no_finding() -> None:
    assert names_in(HEALTHY, ticking(20)) == []


@pytest.mark.parametrize(
    ("offer", "answer", "name"),
    [
        (None, None, "no_audio_negotiated"),
        ("recvonly", "sendonly", "microphone_not_added"),
        ("sendonly", "recvonly", "audio_send_only"),
        ("sendrecv", "recvonly", "remote_sends_no_audio"),
        ("sendrecv", "inactive", "remote_sends_no_audio"),
    ],
)
def test_by_the_directions_of_audio(offer: str | None, answer: str | None, name: str) -> None:
    call = [
        (t_s, replace(fact, sdp=sdp(offer)) if isinstance(fact, ConnectionOffer) else fact)
        for t_s, fact in replaced(ConnectionAnswer, lambda one: replace(one, sdp=sdp(answer)))
    ]
    assert names_in(call, ticking(4)) == [name]


def test_a_connection_that_is_still_being_made_may_carry_the_microphone() -> None:
    """So do pages that send by WHIP and receive by WHEP; the one that sends may be slower."""
    call = replaced(ConnectionOffer, lambda one: replace(one, sdp=sdp("recvonly")))
    other: list[At] = [
        (0.5, ConnectionCreated("connection-1", {})),
        (0.6, ConnectionOffer("connection-1", "local", sdp("sendonly"))),
    ]
    assert "microphone_not_added" not in names_in(call, other, ticking(8))
    assert "microphone_not_added" in names_in(call, other, ticking(14)), "it never came"


def test_who_only_listens_and_has_no_microphone_is_told_that_alone() -> None:
    call = [
        (t_s, replace(fact, sdp=sdp("recvonly")) if isinstance(fact, ConnectionOffer) else fact)
        for t_s, fact in without(MicrophoneStarted, UserMediaRequested, UserMediaGranted)
    ]
    assert names_in(call, ticking(4)) == ["microphone_never_asked"]


def test_a_microphone_that_has_just_opened_has_time_to_be_added() -> None:
    call = replaced(ConnectionOffer, lambda one: replace(one, sdp=sdp("recvonly")))
    late = [(t_s + 3 if isinstance(fact, MicrophoneStarted) else t_s, fact) for t_s, fact in call]
    renegotiated = (3.5, ConnectionOffer("connection-0", "local", sdp()))
    answered = (3.6, ConnectionAnswer("connection-0", "remote", sdp()))
    assert names_in(late, renegotiated, answered, ticking(8)) == []
