"""A trace as a dump of both forms, and what our own reader makes of it again."""

from __future__ import annotations

import json

import pytest

from harness.exchange.dump_event import Dump
from harness.exchange.from_dump import facts_of
from harness.exchange.internals import read_internals
from harness.exchange.rtcstats import read_rtcstats, write_rtcstats
from harness.exchange.to_dump import dump_events
from harness.exchange.write_internals import internals_text
from harness.facts.connection import ConnectionClosed, ConnectionState
from harness.facts.fact import Fact
from harness.findings.watch import findings_of
from tests.support.healthy_call import HEALTHY, At, events_of, ticking, without

BEGUN_MS = 1_700_000_000_000.0
KEPT = (
    "page.loaded", "user_media.requested", "user_media.granted", "peer_connection.created",
    "peer_connection.offer", "peer_connection.candidate", "peer_connection.answer",
    "peer_connection.track", "peer_connection.state", "data_channel.created",
)  # fmt: skip


def there_and_back(form: str, facts: list[At]) -> list[At]:
    made = dump_events(events_of(facts), BEGUN_MS)
    dump: Dump
    if form == "rtcstats":
        dump = read_rtcstats(write_rtcstats(made), "dump")
    else:
        dump = read_internals(json.loads(internals_text(made, "harness")), "dump")
    placed = facts_of(dump, "dump")
    return [(t_s, fact) for t_s, fact in placed if isinstance(fact, Fact)]


@pytest.mark.parametrize("form", ["rtcstats", "internals"])
def test_a_call_comes_back(form: str) -> None:
    before = [(fact.type, fact.to_data()) for _, fact in HEALTHY if fact.type in KEPT]
    back = there_and_back(form, HEALTHY)
    after = [(fact.type, fact.to_data()) for _, fact in back if fact.type in KEPT]
    told = {kind for kind, _ in after}
    assert told >= set(KEPT) - {"page.loaded"}
    for kind in ("peer_connection.offer", "peer_connection.answer", "peer_connection.state"):
        assert [one for one in after if one[0] == kind] == [one for one in before if one[0] == kind]


@pytest.mark.parametrize("form", ["rtcstats", "internals"])
def test_statistics_come_back(form: str) -> None:
    back = there_and_back(form, [*HEALTHY, *ticking(6.0)])
    reports = [fact.to_data()["report"] for _, fact in back if fact.type == "stats"]
    assert [one[0]["packetsReceived"] for one in reports] == [0, 50, 100, 150, 200, 250]


@pytest.mark.parametrize("form", ["rtcstats", "internals"])
def test_what_is_wrong_is_found_in_the_dump_as_well(form: str) -> None:
    assert findings_of(events_of(there_and_back(form, [*HEALTHY, *ticking(6.0)]))) == []
    stuck = there_and_back(form, [*without(ConnectionState), (9.0, ConnectionClosed("other"))])
    assert [one.name for one in findings_of(events_of(stuck))] == ["ice_unanswered"]
