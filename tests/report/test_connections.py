"""Connections as the page shows them, from traces as they are recorded."""

from __future__ import annotations

import json

import pytest

from harness.report.connections import MOST_CONNECTIONS, connections_of
from harness.resources import fixtures_dir
from harness.trace import TraceEvent, read_trace
from tests.report.test_rounds import HEALTHY, answer, offer, state, told
from tests.support.call_events import event

TRACES = fixtures_dir() / "traces" / "findings"


def events_of(name: str) -> list[TraceEvent]:
    return list(read_trace(TRACES / f"{name}.jsonl").events)


@pytest.mark.parametrize(
    ("name", "words", "is_bad"),
    [
        ("healthy-ordinary", "Connected", False),
        ("relay-only", "This side found no candidate", True),
        ("wrong-fingerprint", "encryption (DTLS) was not agreed", True),
        ("answer-never-applied", "never answered", True),
    ],
)
def test_a_connection_is_summed_up_in_a_sentence(name: str, words: str, is_bad: bool) -> None:
    [one] = connections_of(events_of(name)).shown
    assert words in one.summary
    assert one.is_bad is is_bad


def test_an_answer_that_is_refused_the_second_time_is_in_its_round() -> None:
    [one] = connections_of(events_of("answer-applied-twice")).shown
    [first] = one.rounds
    assert any(step.is_bad and "setRemoteDescription" in step.text for step in first.steps)


def test_states_are_told_over_time() -> None:
    [one] = connections_of(HEALTHY).shown
    assert [(row.kind, row.changes) for row in one.states] == [
        ("ice", [(0.6, "checking"), (0.7, "connected")]),
        ("connection", [(0.8, "connected")]),
    ]


def test_the_state_of_the_encryption_is_told_over_time_as_getstats_had_it() -> None:
    def stats(t_s: float, *states: str) -> TraceEvent:
        report = [
            {"type": "transport", "id": f"T{n}", "dtlsState": s} for n, s in enumerate(states)
        ]
        return event("stats", t_s, connection="connection-0", report=[*report, "no entry", {}])

    found = [stats(1, "new"), stats(2, "connecting", "connected"), stats(3, "connecting")]
    [one] = connections_of([*HEALTHY, *found, stats(4, "failed"), stats(5)]).shown
    [row] = [row for row in one.states if row.kind == "dtls"]
    assert row.changes == [(1, "new"), (2, "connecting"), (4, "failed")]
    assert "encryption" in row.what


def test_a_connection_that_broke_is_bad_news_though_it_had_been_up() -> None:
    [one] = connections_of([*HEALTHY, state(2, "connection", "failed")]).shown
    assert one.summary == "Connected 700 ms after the offer. Then its state became “failed”."
    assert one.is_bad


def test_what_has_not_begun_yet_did_not_fail() -> None:
    line = "candidate:1 1 udp 5 192.0.2.2 5000 typ host"
    found = [told("candidate", 3, side=side, candidate=line) for side in ("local", "remote")]
    [one] = connections_of([offer(1), answer(2), *found]).shown
    assert "before ICE began" in one.summary


def test_a_posted_offer_is_of_the_connection_that_offered_last() -> None:
    posted = event("page.signalled", 2, "page", is_offer=True, status=201, took_s=0.1)
    other = event("peer_connection.created", 0.5, "page", connection="connection-1")
    first, second = connections_of([offer(1), other, posted]).shown
    assert "the posted offer" in first.rounds[0].steps[-1].text
    assert not second.rounds
    assert not connections_of([posted]).shown


def test_the_script_gets_lines_with_words_and_causes_by_number() -> None:
    told_it = connections_of(events_of("healthy-ordinary")).for_script()
    [texts] = told_it["connections"]
    assert texts["1-offer"]["label"] == "Round 1: offer of this side"
    assert ("a=sendrecv", "It sends and wants to receive.") in texts["1-offer"]["lines"]
    answered, posted, offered = 36, 29, 9
    assert told_it["causes"][str(answered)] == posted
    assert told_it["causes"][str(posted)] == offered
    json.dumps(told_it)


def test_many_connections_with_hostile_names_are_bounded() -> None:
    made = [
        event("peer_connection.created", 1, "page", connection=f"{n}\u202e{'x' * 999}")
        for n in range(MOST_CONNECTIONS + 4)
    ]
    view = connections_of(made)
    assert len(view.shown) == MOST_CONNECTIONS
    assert view.more == 4
    assert all(len(one.name) <= 60 and "\u202e" not in one.name for one in view.shown)
