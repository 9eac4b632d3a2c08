"""Findings of ICE and DTLS: each cause has its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.facts.call import CallHungUp
from harness.facts.connection import (
    ConnectionAnswer,
    ConnectionCandidate,
    ConnectionOffer,
    ConnectionState,
    IceServerProblem,
    Stats,
)
from tests.support.healthy_call import (
    CONNECTION,
    HEALTHY,
    MICROPHONE,
    OPEN,
    PEER,
    UP,
    At,
    found_in,
    names_in,
    sdp,
    ticking,
    without,
)

MDNS = "candidate:1 1 udp 1 0b1c2d3e-aaaa-bbbb-cccc-0123456789ab.local 50000 typ host"


def stuck(*, local: str | None, remote: str | None) -> list[At]:
    """A call that has offer and answer, and does not come up."""
    call: list[At] = [*MICROPHONE]
    for t_s, fact in without(ConnectionCandidate, of=CONNECTION):
        if isinstance(fact, ConnectionOffer):
            call.append((t_s, replace(fact, sdp=sdp(candidate=local))))
        elif isinstance(fact, ConnectionAnswer):
            call.append((t_s, replace(fact, sdp=sdp(candidate=remote))))
        else:
            call.append((t_s, fact))
    return call


HOST = "candidate:1 1 udp 1 10.0.0.7 9 typ host"


@pytest.mark.parametrize(
    ("local", "remote", "name"),
    [
        (HOST, None, "ice_no_remote_candidates"),
        (None, HOST, "ice_no_local_candidates"),
        (HOST, MDNS, "ice_only_mdns"),
        (HOST, HOST, "ice_unanswered"),
        (MDNS, HOST, "ice_unanswered"),
    ],
)
def test_a_connection_that_does_not_come_up(
    local: str | None, remote: str | None, name: str
) -> None:
    assert names_in(stuck(local=local, remote=remote), ticking(7)) == [name]


def pairs(t_s: float, **counters: float) -> At:
    """getStats of a connection that is checked, its counters spread over two pairs."""
    none = {"type": "candidate-pair", "state": "waiting", "id": "a"}
    pair = {"type": "candidate-pair", "state": "in-progress", "id": "b", **counters}
    return t_s, Stats(PEER, [none, pair, {"type": "transport", "id": "t"}])


@pytest.mark.parametrize(
    ("counters", "cause"),
    [
        (
            {"requestsSent": 12, "responsesReceived": 0, "requestsReceived": 7},
            "7 checks of the other side came, and none of the 12 of the page was answered: what "
            "it sends does not get there.",
        ),
        (
            {"requestsSent": 12, "responsesReceived": 3, "requestsReceived": 0},
            "3 checks of the page were answered, and the other side sent none: it does not know "
            "where, or does not begin.",
        ),
    ],
)
def test_packets_that_get_through_one_way_alone(counters: dict[str, float], cause: str) -> None:
    (found,) = found_in(stuck(local=HOST, remote=HOST), pairs(3.0, **counters), ticking(7, 5.0))
    assert (found.name, found.cause) == ("ice_one_way", cause)
    assert [one.type for one in found.evidence][-1] == "stats"


@pytest.mark.parametrize(
    "counters",
    [
        {"requestsSent": 12, "responsesReceived": 0, "requestsReceived": 0},
        {"requestsSent": 12, "responsesReceived": 3, "requestsReceived": 7},
        {},
    ],
)
def test_no_packets_either_way_or_both_are_not_one_way(counters: dict[str, float]) -> None:
    (found,) = found_in(stuck(local=HOST, remote=HOST), pairs(3.0, **counters), ticking(7, 5.0))
    assert found.name == "ice_unanswered"


def test_a_connection_that_comes_up_may_have_had_one_way_before() -> None:
    early = pairs(0.18, requestsSent=1, responsesReceived=0, requestsReceived=1)
    assert names_in(HEALTHY, early, ticking(7)) == []


def test_candidates_that_came_on_their_own_count() -> None:
    trickled = (0.3, ConnectionCandidate(PEER, "remote", HOST))
    (found,) = found_in(stuck(local=HOST, remote=None), trickled, ticking(7))
    assert found.name == "ice_unanswered"
    assert "10.0.0.7:9 (host)" in found.cause


def test_a_connection_has_its_time_to_come_up() -> None:
    late = [(t_s + 3, fact) for t_s, fact in UP]
    assert names_in(stuck(local=HOST, remote=HOST), late, OPEN, ticking(7)) == []


def test_who_hung_up_meanwhile_did_not_want_it() -> None:
    assert names_in(stuck(local=HOST, remote=HOST), (2.0, CallHungUp()), ticking(7)) == []


def test_dtls_fails_where_ice_is_connected() -> None:
    failed = [
        (0.3, ConnectionState(PEER, "ice", "connected")),
        (0.6, ConnectionState(PEER, "connection", "failed")),
    ]
    assert names_in(stuck(local=HOST, remote=HOST), failed) == ["dtls_failed"]


def test_a_connection_that_breaks() -> None:
    broken = (3.0, ConnectionState(PEER, "connection", "disconnected"))
    assert names_in(HEALTHY, broken) == ["connection_lost"]
    assert names_in(HEALTHY, (2.9, CallHungUp()), broken) == []


REFUSED = IceServerProblem(PEER, "turn:turn.example:3478", 401, "Unauthorized.")
SILENT = IceServerProblem(PEER, "stun:stun.example", 701, "STUN host lookup received error.")


def test_a_server_that_refuses_is_told_once_with_its_words() -> None:
    [found] = found_in(HEALTHY, (1.2, REFUSED), (1.3, SILENT), (1.4, REFUSED))
    assert (found.name, found.severity) == ("ice_server_refused", "warning")
    assert found.cause == "turn:turn.example:3478 refused with 401 Unauthorized."


def test_a_server_that_does_not_answer_is_told_where_something_comes_of_it() -> None:
    assert not names_in(HEALTHY, (1.2, SILENT))
    [found] = found_in(stuck(local=None, remote=HOST), (1.2, SILENT), ticking(7))
    assert found.name == "ice_no_local_candidates"
    assert "; stun:stun.example: 701 STUN host" in found.cause
