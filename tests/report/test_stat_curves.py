"""Curves for a page: named, in their unit, thinned out without losing a peak or a gap."""

from __future__ import annotations

import json

import pytest

from harness.findings.catalogue import FINDINGS
from harness.report.stat_curves import (
    FINDING_CURVES,
    KINDS,
    MOST_ALL_POINTS,
    MOST_LINES,
    stat_curves,
    thinned,
)
from tests.score.test_stat_series import pair, received, report, sent


def test_a_lane_has_its_unit_a_sentence_and_the_values_in_that_unit() -> None:
    events = [report(float(s), received(s), *sent(s), pair(s, s)) for s in (1, 2, 3)]
    curves = {curve.kind.quantity: curve for curve in stat_curves(events)}
    assert list(curves) == [kind.quantity for kind in KINDS]
    shown = {name: (c.kind.unit, c.lines[0].median) for name, c in curves.items()}
    assert shown == {
        "concealment": ("%", 5),
        "jitter_buffer": ("ms", 60),
        "jitter": ("ms", 4),
        "round_trip": ("ms", 80),
        "loss": ("%", 2),
        "level": ("dBFS", -20),
        "bit_rate": ("kbit/s", 32),
    }
    assert [line.name for line in curves["bit_rate"].lines] == ["received", "sent"]
    assert all(curve.kind.sentence.endswith(".") for curve in curves.values())


def test_only_what_differs_is_in_a_name() -> None:
    both = [report(float(s), received(s), connection=c) for s in (1, 2) for c in ("c", "d")]
    tracks = [report(float(s), received(s), received(s, "x")) for s in (1, 2)]
    assert [line.name for line in stat_curves(both)[0].lines] == [
        "connection 1, received",
        "connection 2, received",
    ]
    assert [line.name for line in stat_curves(tracks)[0].lines] == [
        "received, track 1",
        "received, track 2",
    ]


def test_the_summary_says_where_the_highest_was() -> None:
    totals = {1: 0, 2: 0, 3: 24_000, 4: 24_000}
    events = [report(float(s), received(s, concealedSamples=c)) for s, c in totals.items()]
    [line] = stat_curves(events)[0].lines
    assert (line.low, line.median, line.high, line.high_at_s) == (0, 0, 50, 3.0)


def test_thinning_keeps_peaks_and_gaps() -> None:
    points = [(float(i), 1.0) for i in range(10_000)]
    points[5_001] = (5_001.0, 99.0)
    points[7_003] = (7_003.0, -5.0)
    holed = [*points[:8_000], (8_000.0, None), *points[8_001:]]
    kept = thinned(holed, 300)
    assert len(kept) <= 300
    assert {(5_001.0, 99.0), (7_003.0, -5.0), (8_000.0, None)} <= set(kept)
    assert [at_s for at_s, _ in kept] == sorted(at_s for at_s, _ in kept)
    assert thinned(points[:300], 300) == tuple(points[:300])


def test_a_long_call_of_many_tracks_stays_small() -> None:
    events = [
        report(float(s), *(received(s, str(track)) for track in range(20))) for s in range(1, 1000)
    ]
    curves = stat_curves(events)
    assert [len(curve.lines) for curve in curves] == [MOST_LINES] * len(curves)
    assert curves[0].left_out == 20 - MOST_LINES
    assert sum(len(line.points) for c in curves for line in c.lines) <= MOST_ALL_POINTS
    assert len(json.dumps([curve.data for curve in curves])) < 2_000_000


def test_a_call_without_statistics_has_no_curves() -> None:
    assert stat_curves([]) == []


@pytest.mark.parametrize("name", FINDING_CURVES)
def test_the_findings_that_lead_to_a_curve_exist(name: str) -> None:
    assert name in FINDINGS
