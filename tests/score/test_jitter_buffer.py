"""The jitter buffer's delay, from reports whose answer follows by arithmetic."""

from __future__ import annotations

import pytest

from harness.score.jitter_buffer import buffer_delay
from harness.trace import TraceEvent
from tests.support.call_events import event


def stats(
    t_s: float, delay_s: float, count: int, connection: str = "c", **more: object
) -> TraceEvent:
    entry = {
        "type": "inbound-rtp",
        "id": "in",
        "kind": "audio",
        "jitterBufferDelay": delay_s,
        "jitterBufferEmittedCount": count,
        **more,
    }
    return event("stats", t_s, "page", connection=connection, report=[entry])


def test_the_delay_is_the_mean_of_the_samples_between_two_reports() -> None:
    """48 000 samples waited 2 880 s together: 60 ms each."""
    events = [stats(1.0, 0.0, 0), stats(2.0, 2_880.0, 48_000), stats(3.0, 5_760.0, 96_000)]
    delay = buffer_delay(events, 1.5)
    assert delay is not None
    assert delay.mean_s == pytest.approx(0.060)
    assert delay.uncertainty_s == pytest.approx(0.010), "half a packet"


def test_a_delay_that_changes_is_as_doubtful_as_it_changes() -> None:
    """From 60 ms a sample to 110 ms."""
    events = [stats(1.0, 0.0, 0), stats(2.0, 2_880.0, 48_000), stats(3.0, 8_160.0, 96_000)]
    delay = buffer_delay(events, 2.5)
    assert delay is not None
    assert [delay.mean_s, delay.uncertainty_s] == pytest.approx([0.110, 0.050])


def one_stream(connection: str, each_s: float, from_s: int, until_s: int) -> list[TraceEvent]:
    """Reports of a stream whose samples all wait alike, one a second."""
    reports = range(until_s - from_s + 1)
    return [stats(from_s + n, n * 48_000 * each_s, n * 48_000, connection) for n in reports]


def test_of_two_streams_at_once_nobody_knows_whose_the_sample_was() -> None:
    events = one_stream("connection-0", 0.200, 0, 5) + one_stream("connection-1", 0.040, 0, 5)
    events.sort(key=lambda one: one.t_s or 0.0)
    assert buffer_delay(events, 2.5) is None


def test_a_stream_s_neighbours_are_its_own() -> None:
    """Another connection at 200 ms until 2 s; from there on this one at 40 ms, alone."""
    events = one_stream("connection-0", 0.200, 0, 2) + one_stream("connection-1", 0.040, 2, 5)
    delay = buffer_delay(events, 2.5)
    assert delay is not None
    assert [delay.mean_s, delay.uncertainty_s] == pytest.approx([0.040, 0.010])


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([], id="no reports"),
        pytest.param([stats(1.0, 0.0, 0)], id="one report"),
        pytest.param([stats(1.0, 1.0, 480), stats(2.0, 1.0, 480)], id="nothing was handed on"),
        pytest.param([stats(1.0, 0.0, 0), stats(9.0, 60.0, 1_000)], id="too far apart"),
        pytest.param([event("stats", 1.0, report=[{"type": "inbound-rtp"}])] * 2, id="no counts"),
    ],
)
def test_without_reports_around_a_moment_nothing_is_known(events: list[TraceEvent]) -> None:
    assert buffer_delay(events, 1.5) is None
