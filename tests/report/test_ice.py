"""Candidates, pairs, and why one was chosen and the others were not."""

from __future__ import annotations

from typing import Any

import pytest

from harness.report.ice import MOST_CANDIDATES, MOST_PAIRS, ice_of
from harness.trace import TraceEvent
from tests.support.call_events import event

Stat = dict[str, Any]


def told(side: str, line: str, t_s: float = 1.0) -> TraceEvent:
    text = f"candidate:{line}"
    return event("peer_connection.candidate", t_s, "page", side=side, candidate=text)


def candidate(side: str, id: str, address: str, kind: str = "host") -> Stat:
    return {
        "type": f"{side}-candidate",
        "id": id,
        "candidateType": kind,
        "protocol": "udp",
        "address": address,
        "port": 5000,
    }


def pair(id: str, state: str, remote: str = "R", **more: Any) -> Stat:
    ends = {"localCandidateId": "L", "remoteCandidateId": remote}
    return {"type": "candidate-pair", "id": id, "state": state, **ends, **more}


def stats(*objects: Stat, t_s: float = 2.0) -> TraceEvent:
    known = [candidate("local", "L", "192.0.2.1"), candidate("remote", "R", "192.0.2.2")]
    return event("stats", t_s, "page", report=[*known, *objects])


def why_of(*objects: Stat) -> str:
    """What is said of the pair "P"."""
    view = ice_of([stats(*objects)])
    return next(one.why for one in view.pairs if one.last["id"] == "P")


USED = pair("U", "succeeded", nominated=True, priority=9, responsesReceived=3)
CHOSEN: Stat = {"type": "transport", "id": "T", "selectedCandidatePairId": "U"}


def test_the_pair_in_use_comes_first_with_its_states_over_time() -> None:
    early = stats(pair("P", "waiting"), pair("U", "in-progress"), t_s=1.0)
    view = ice_of([early, stats(pair("P", "waiting"), USED, CHOSEN)])
    assert [one.last["id"] for one in view.pairs] == ["U", "P"]
    assert view.pairs[0].states == [(1.0, "in-progress"), (2.0, "succeeded")]
    assert view.pairs[0].used_from_s == 2.0
    assert view.used is view.pairs[0]
    assert view.pairs[0].why.startswith("In use")


def test_a_pair_that_another_took_the_place_of_is_told() -> None:
    other = {**CHOSEN, "selectedCandidatePairId": "P"}
    view = ice_of([
        stats(pair("P", "succeeded"), USED, other),
        stats(pair("P", "succeeded"), USED, CHOSEN, t_s=3.0),
    ])  # fmt: skip
    assert [one.why.split(":")[0] for one in view.pairs] == [
        "In use",
        "Was in use until another took its place.",
    ]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (pair("P", "succeeded", priority=1), "higher priority"),
        (pair("P", "succeeded", priority=20), "Another was nominated"),
        (pair("P", "succeeded", nominated=True), "was nominated too, and is not in use"),
        (pair("P", "waiting", requestsSent=0), "before its turn"),
        (pair("P", "frozen"), "before its turn"),
        (pair("P", "in-progress", requestsSent=4), "4 checks sent, no answer"),
        (pair("P", "failed", requestsSent=7), "7 checks were sent, and none was answered"),
        (pair("P", "failed", requestsSent=7, requestsReceived=2), "one direction alone"),
    ],
)
def test_what_became_of_the_others_is_said(one: Stat, words: str) -> None:
    assert words in why_of(one, USED, CHOSEN)


def test_without_a_pair_in_use_nothing_is_said_of_another() -> None:
    assert "another" not in why_of(pair("P", "waiting", requestsSent=0))
    assert "nominated none" in why_of(pair("P", "succeeded"))


@pytest.mark.parametrize(
    ("remote", "words"),
    [
        (candidate("remote", "X", "192.0.2.9", "relay"), "TURN"),
        (candidate("remote", "X", "fd00::2"), "IPv6"),
        (candidate("remote", "X", "127.0.0.1"), "own machine"),
        (candidate("remote", "X", "192.0.2.9"), "a firewall or a NAT"),
        (candidate("remote", "X", "c0ffee.local"), ".local name was not resolved"),
    ],
)
def test_why_a_pair_failed_depends_on_its_addresses(remote: Stat, words: str) -> None:
    assert words in why_of(remote, pair("P", "failed", remote="X"))


def test_candidates_are_those_told_described_and_measured_each_once() -> None:
    sdp = "m=audio 9 x 0\r\na=candidate:1 1 udp 5 192.0.2.2 5000 typ host\r\n"
    peer = candidate("remote", "X", "198.51.100.7", "prflx")
    view = ice_of([
        told("local", "1 1 udp 5 192.0.2.1 5000 typ host"),
        event("peer_connection.answer", 1.5, "page", side="remote", sdp=sdp),
        stats(peer),
    ])  # fmt: skip
    assert [one.candidate.place for one in view.candidates["local"]] == ["192.0.2.1:5000"]
    assert [(one.candidate.place, one.source) for one in view.candidates["remote"]] == [
        ("192.0.2.2:5000", "in the description"),
        ("198.51.100.7:5000", "known to getStats alone"),
    ]


def test_why_there_is_no_pair_is_said() -> None:
    local = told("local", "1 1 udp 5 192.0.2.1 5000 typ host")
    hidden = told("remote", "1 1 udp 5 c0ffee.local 5000 typ host")
    nobody = told("remote", "1 1 udp 5 192.0.2.2 9 typ host")
    assert "either side" in ice_of([]).unpaired
    assert "other side told no candidate" in ice_of([local]).unpaired
    assert "This side found no candidate" in ice_of([hidden]).unpaired
    assert ".local" in ice_of([local, hidden]).unpaired
    assert "Nobody listens" in ice_of([local, nobody]).unpaired
    assert "no pair" in ice_of([local, nobody, hidden]).unpaired


def test_a_report_of_an_engine_without_a_page_is_a_map() -> None:
    objects = {"L": candidate("local", "L", "192.0.2.1"), "U": USED}
    assert ice_of([event("stats", 1.0, "line", report=objects)]).used is not None


def test_hostile_reports_and_lines_are_passed_over_and_bounded() -> None:
    many = [told("local", f"1 1 udp 5 192.0.2.1 {n} typ host") for n in range(MOST_CANDIDATES + 5)]
    pairs = [pair(f"P{n}", "waiting") for n in range(MOST_PAIRS + 3)]
    odd = [
        event("stats", 1.0, "page", report=["x", None, {"type": "candidate-pair"}]),
        event("stats", 1.0, "page"),
        event("peer_connection.candidate", 1.0, "page", side={"a": 1}, candidate=["x"]),
        told("nobody", "1 1 udp 5 192.0.2.1 5 typ host"),
    ]
    view = ice_of([*odd, *many, stats(*pairs)])
    assert len(view.candidates["local"]) == MOST_CANDIDATES
    assert len(view.pairs) == MOST_PAIRS
    assert view.left_out > 0
