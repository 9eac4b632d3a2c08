"""Facts of a dump: descriptions count when they were taken, keys are masked."""

from __future__ import annotations

import pytest

from harness.errors import ArtifactError
from harness.exchange.dump_event import DUMPED, Dump, DumpEvent
from harness.exchange.from_dump import facts_of

PC = "7-1"
ANSWER = {"type": "answer", "sdp": "v=0\r\n"}


def told(*events: DumpEvent) -> list[tuple[str, dict[str, object]]]:
    placed = facts_of(Dump("rtcstats", "3", "", list(events)), "dump")
    return [(fact.type, fact.to_data()) for _, fact in placed][1:]


def test_a_description_counts_once_it_was_taken() -> None:
    asked = DumpEvent(1, PC, "setRemoteDescription", ANSWER)
    assert [kind for kind, _ in told(asked)] == ["peer_connection.created"]
    taken = told(asked, DumpEvent(2, PC, "setRemoteDescriptionOnSuccess"))
    assert taken[-1][0] == "peer_connection.answer"
    refused = told(asked, DumpEvent(2, PC, "setRemoteDescriptionOnFailure", "InvalidState"))
    assert refused[-1] == (
        "peer_connection.error",
        {
            "connection": "connection-0",
            "operation": "setRemoteDescription",
            "message": "InvalidState",
        },
    )


def test_an_implicit_description_is_known_by_its_success() -> None:
    offer = {"type": "offer", "sdp": "v=0\r\n"}
    taken = told(
        DumpEvent(1, PC, "setLocalDescription"),
        DumpEvent(2, PC, "setLocalDescriptionOnSuccess", offer),
    )
    assert taken[-1][0] == "peer_connection.offer"


def test_turn_credentials_are_masked() -> None:
    server = {"urls": "turn:a", "username": "kim", "credential": "hunter2"}
    ((_, created),) = told(DumpEvent(1, PC, "create", {"iceServers": [server]}, ("http://a/",)))[1:]
    assert "hunter2" not in str(created)
    assert "kim" not in str(created)
    assert "turn:a" in str(created)


def test_channels_open_by_what_statistics_say() -> None:
    def stats(state: str) -> DumpEvent:
        channel = {"type": "data-channel", "label": "chat", "state": state}
        return DumpEvent(5, PC, "getStats", {"D1": channel})

    kinds = [
        kind for kind, _ in told(stats("connecting"), stats("open"), stats("open"), stats("closed"))
    ]
    assert [kind for kind in kinds if kind.startswith("data")] == [
        "data_channel.created", "data_channel.open", "data_channel.closed",
    ]  # fmt: skip


def test_time_goes_on_to_when_the_dump_was_made() -> None:
    dump = Dump(
        "rtcstats", "3", "", [DumpEvent(1_000, PC, "create"), DumpEvent(9_000, None, DUMPED)]
    )
    assert facts_of(dump, "dump")[-1][0] == 8.0


def test_a_dump_without_a_call_is_told() -> None:
    with pytest.raises(ArtifactError, match="keepRemovedConnections"):
        facts_of(Dump("rtcstats", "3", "", [DumpEvent(1, None, "create")]), "dump")
