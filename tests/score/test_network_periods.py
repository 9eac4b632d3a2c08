"""The periods of a network: what follows by arithmetic from counts and statistics."""

from __future__ import annotations

from typing import Any

import pytest

from harness.score.network_periods import network_notes, network_periods
from harness.trace import TraceEvent


def event(t_s: float, type_: str, **data: Any) -> TraceEvent:
    return TraceEvent(0, t_s, "harness", type_, data)


def counted(t_s: float, packets: int, lost: int = 0, waited_s: float = 0.0) -> TraceEvent:
    way = {
        "packets": packets, "bytes": packets * 100, "lost": lost, "overflowed": 0,
        "blacked_out": 0, "duplicated": 0, "overtaken": 0, "waited_s": waited_s,
    }  # fmt: skip
    return event(t_s, "network.counted", up=way, down=way, unknown=0, direct=0, cpu_s=0.1)


def changed(t_s: float, name: str = "", **both: Any) -> TraceEvent:
    return event(t_s, "network.changed", name=name, up=both, down=both)


def stats(
    t_s: float,
    received: int,
    lost: int,
    *,
    reported: tuple[float, float] | None = None,
    answered: int = 0,
    round_trip_s: float = 0.1,
) -> TraceEvent:
    report: list[dict[str, Any]] = [
        {"type": "inbound-rtp", "kind": "audio", "packetsReceived": received, "packetsLost": lost,
         "bytesReceived": received * 10, "jitter": 0.004},
        {"type": "inbound-rtp", "kind": "video", "packetsReceived": 9999, "packetsLost": 9999},
        {"type": "outbound-rtp", "kind": "audio", "timestamp": 1e6 + t_s * 1000},
        {"type": "transport", "selectedCandidatePairId": "used"},
        {"type": "candidate-pair", "id": "other", "currentRoundTripTime": 9, "nominated": True,
         "responsesReceived": answered},
        {"type": "candidate-pair", "id": "used", "currentRoundTripTime": round_trip_s,
         "responsesReceived": answered},
    ]  # fmt: skip
    if reported is not None:
        at_s, share = reported
        report.append(
            {"type": "remote-inbound-rtp", "kind": "audio", "id": "r", "fractionLost": share,
             "timestamp": 1e6 + at_s * 1000}
        )  # fmt: skip
    return event(t_s, "stats", connection="c", report=report)


def test_relay_figures_are_the_growth_of_its_counts() -> None:
    events = [
        counted(0, 0),
        changed(0, "3g", loss=0.1, delay_ms=50),
        counted(10, 500, 50, 22.5),
        changed(10, "", blackout=True),
        counted(12, 600, 150, 22.5),
    ]
    first, second = network_periods(events)
    assert (first.name, first.start_s, first.end_s) == ("3g", 0, 10)
    assert first.up.asked == "10 % loss, 50 ms"
    assert (first.up.packets, first.up.dropped, first.up.delay_s) == (500, 50, 0.05)
    assert (second.down.asked, second.down.packets, second.down.dropped) == ("blackout", 100, 100)
    assert second.down.delay_s is None  # nothing went on


def test_loss_down_is_that_of_the_period_alone() -> None:
    events = [
        stats(1, 50, 0), stats(2, 100, 0), counted(2.5, 0), changed(2.5), stats(3, 145, 5),
        stats(6, 260, 40), counted(6.5, 0),
    ]  # fmt: skip
    [period] = network_periods(events)
    assert period.down.stats_loss == pytest.approx(40 / (160 + 40))
    assert period.stats_bytes == 1600
    assert period.stats_jitter_s == 0.004


def test_of_a_short_period_no_loss_is_told() -> None:
    events = [counted(2, 0), changed(2), stats(2.9, 45, 5), stats(3.9, 90, 10)]
    assert network_periods([*events, counted(4.5, 0)])[0].down.stats_loss is None
    longer = [*events, stats(4.9, 135, 15), counted(5, 0)]
    assert network_periods(longer)[0].down.stats_loss == pytest.approx(0.1)


def test_of_a_blackout_no_loss_is_told() -> None:
    """The few packets that were under way would say that nothing was lost."""
    events = [counted(2, 0), changed(2, blackout=True), stats(3, 5, 0), stats(6, 5, 0)]
    assert network_periods(events)[0].down.stats_loss is None


def test_loss_up_is_what_the_remote_peer_reported_of_the_period_alone() -> None:
    events = [
        stats(1, 0, 0), counted(2, 0), changed(2), stats(5, 0, 0, reported=(4.0, 0.9)),
        stats(9, 0, 0, reported=(8.5, 0.2)), stats(10, 0, 0, reported=(8.5, 0.2)),
        stats(14, 0, 0, reported=(13.0, 0.1)), counted(15, 0),
    ]  # fmt: skip
    [period] = network_periods(events)
    assert period.up.stats_loss == pytest.approx(0.15)  # 0.9 is about the time before, too


def test_the_first_report_counts_where_the_network_was_there_before_the_sound() -> None:
    events = [counted(0, 0), changed(0), stats(1, 0, 0), stats(5, 0, 0, reported=(4.0, 0.2))]
    [period] = network_periods(events)
    assert period.up.stats_loss == pytest.approx(0.2)
    assert (period.end_s, period.up.packets) == (None, None)  # the trace broke off


def test_the_round_trip_is_of_the_pair_in_use_and_of_the_period() -> None:
    before = [stats(1, 0, 0, answered=3, round_trip_s=0.001), counted(2, 0), changed(2)]
    unanswered = stats(3, 0, 0, answered=3, round_trip_s=0.001)
    assert network_periods([*before, unanswered])[0].stats_round_trip_s is None
    answered = stats(4, 0, 0, answered=4, round_trip_s=0.3)
    assert network_periods([*before, unanswered, answered])[0].stats_round_trip_s == 0.3


def test_a_call_without_a_network_has_no_periods_and_no_notes() -> None:
    assert network_periods([stats(1, 5, 5)]) == []
    assert network_notes([stats(1, 5, 5)]) == []


def test_a_network_that_nothing_went_through_is_noted() -> None:
    began = event(0, "network.began", asked="3g", seed=0)
    assert "nothing of the call went through it" in network_notes([began])[0]
    assert network_notes([began, changed(1)]) == []


def test_a_page_that_demands_its_turn_server_is_noted() -> None:
    created = event(0, "peer_connection.created", configuration={"iceTransportPolicy": "relay"})
    began = event(0, "network.began", asked="3g", seed=0)
    assert "TURN server alone" in network_notes([began, created, changed(1)])[0]
