"""Findings of signalling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.facts.browser import Signalled
from harness.facts.connection import (
    ConnectionAnswer,
    ConnectionClosed,
    ConnectionProblem,
    DataChannelOpen,
)
from tests.support.healthy_call import (
    CONNECTION,
    HEALTHY,
    MICROPHONE,
    PEER,
    found_in,
    names_in,
    ticking,
    without,
)

STABLE = "Failed to set remote answer sdp: Called in wrong state: stable"


def posted(url: str, status: int | None = 201, *, is_offer: bool = True) -> Signalled:
    return Signalled("POST", url, is_offer, status, "client_secret", 0.1)


@pytest.mark.parametrize("status", [400, 401, 404, 503, None])
def test_a_refused_offer_is_told_with_its_status(status: int | None) -> None:
    (found,) = found_in((0.5, posted("http://a/v1/realtime/calls", status)))
    assert found.name == "offer_refused"
    assert str(status or "no answer") in found.cause


def test_an_answered_offer_is_well() -> None:
    assert names_in((0.5, posted("http://a/v1/realtime/calls"))) == []


@pytest.mark.parametrize("path", ["/v1/realtime/sessions", "/v1/realtime?model=x", "/v1/realtime/"])
def test_addresses_of_the_beta(path: str) -> None:
    assert names_in((0.5, posted(f"http://a{path}", 404))) == ["beta_address"]


def test_an_offer_that_is_never_answered() -> None:
    unanswered = without(ConnectionAnswer, of=CONNECTION)
    assert names_in(MICROPHONE, unanswered, ticking(8)) == ["answer_never_applied"]
    closed = (2.0, ConnectionClosed(PEER))
    stopped = names_in(MICROPHONE, unanswered, closed, ticking(8))
    assert "answer_never_applied" not in stopped


def test_what_was_refused_is_told_by_that_alone() -> None:
    unanswered = without(ConnectionAnswer, Signalled, of=CONNECTION)
    refused = (0.5, posted("http://a/v1/realtime/calls", 401))
    assert names_in(MICROPHONE, unanswered, refused, ticking(8)) == ["offer_refused"]
    problem = (0.5, ConnectionProblem(PEER, "setRemoteDescription", "Failed to parse"))
    assert names_in(MICROPHONE, unanswered, problem, ticking(8)) == ["description_refused"]


def test_an_answer_that_comes_late_is_no_missing_one() -> None:
    late = [
        (t_s + 3 if isinstance(fact, ConnectionAnswer) else t_s, fact) for t_s, fact in CONNECTION
    ]
    assert "answer_never_applied" not in names_in(MICROPHONE, late, ticking(6))


@pytest.mark.parametrize(
    ("operation", "message", "name"),
    [
        ("setRemoteDescription", STABLE, "answer_applied_twice"),
        ("setRemoteDescription", "Called in wrong state: have-local-offer", "offers_collide"),
        ("setLocalDescription", "Called in wrong state: have-remote-offer", "offers_collide"),
        ("setRemoteDescription", "Failed to parse SessionDescription", "description_refused"),
    ],
)
def test_a_refused_operation_by_its_state(operation: str, message: str, name: str) -> None:
    problem = ConnectionProblem(PEER, operation, message, "http://a/call.js:4:2")
    (found,) = found_in(HEALTHY, (2.0, problem))
    assert (found.name, found.page_line) == (name, "http://a/call.js:4:2")
    assert message in found.cause


def test_an_older_trace_has_no_line() -> None:
    problem = replace(ConnectionProblem(PEER, "setRemoteDescription", STABLE))
    (found,) = found_in(without(DataChannelOpen, of=HEALTHY), (2.0, problem))
    assert found.page_line == ""
