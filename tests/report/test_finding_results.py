"""Findings in results.json."""

from __future__ import annotations

from harness.facts.browser import SnapshotTaken
from harness.facts.connection import DataChannelSendFailed, IceServerProblem
from harness.report.finding_results import IGNORED, asked_snapshots, finding_results
from tests.findings.test_microphone import ASKED, REFUSED
from tests.support.healthy_call import CHANNEL, HEALTHY, PEER, events_of, received

EVENTS = events_of([ASKED, REFUSED])


def test_as_the_trace_has_them() -> None:
    (found,) = finding_results(EVENTS, {})
    assert found.name == "microphone_refused"
    assert found.evidence[0].type == "user_media.refused"
    assert found.ignored is None


def test_what_a_scenario_ignores_has_its_reason() -> None:
    (found,) = finding_results(EVENTS, {IGNORED: {"microphone_refused": "that is the test"}})
    assert found.ignored == "that is the test"


def test_a_header_that_nobody_understands_ignores_nothing() -> None:
    (found,) = finding_results(EVENTS, {IGNORED: "all"})
    assert found.ignored is None


def test_the_connection_that_it_is_about() -> None:
    refused = IceServerProblem(PEER, "turn:a", 401, "Unauthorized")
    early = DataChannelSendFailed(*CHANNEL, "connecting", "not open")
    for fact in (refused, early):
        (found,) = finding_results(events_of([*HEALTHY, (1.0, fact)]), {})
        assert found.connection == PEER


def test_what_only_went_over_a_connection_is_not_about_it() -> None:
    error = {"type": "error", "error": {"code": "unsupported_event", "message": "no such event"}}
    (found,) = finding_results(events_of([*HEALTHY, received(1.0, error)]), {})
    assert (found.name, found.connection) == ("event_refused", None)


def test_snapshots_that_somebody_asked_for() -> None:
    of_finding = SnapshotTaken("microphone_refused", "a.png", "a.dom.txt")
    asked = SnapshotTaken("", "snapshot.png", "snapshot.dom.txt")
    events = events_of([ASKED, REFUSED, (3.0, of_finding), (4.0, asked)])
    assert asked_snapshots(events) == [
        {"at_s": 4.0, "picture": "snapshot.png", "dom": "snapshot.dom.txt"}
    ]


def test_the_page_as_it_was_when_it_showed() -> None:
    kept = SnapshotTaken("microphone_refused", "a.png", "a.dom.txt")
    (found,) = finding_results(events_of([ASKED, REFUSED, (3.0, kept)]), {})
    assert found.snapshot is not None
    assert (found.snapshot.picture, found.snapshot.dom) == ("a.png", "a.dom.txt")
    (without,) = finding_results(EVENTS, {})
    assert without.snapshot is None
