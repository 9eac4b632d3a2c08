"""What was said and not sent, from levels alone."""

from __future__ import annotations

from harness.score.playback import Level
from harness.score.sending import (
    MUTED,
    NO_TRACK,
    SILENT_TRACK,
    SourceLevel,
    SourceTotals,
    Unsent,
    level_between,
    muted,
    sources_in,
    unsent,
)
from harness.speech.spans import Span

OUT = {"type": "outbound-rtp", "kind": "audio", "id": "o", "mediaSourceId": "s"}
SOURCE = {"type": "media-source", "id": "s", "totalAudioEnergy": 0.5, "totalSamplesDuration": 2}


def said(start_s: float, end_s: float, dbfs: float = -20.0) -> list[Level]:
    count = round((end_s - start_s) * 10)
    return [Level(start_s + i / 10, start_s + (i + 1) / 10, dbfs) for i in range(count)]


def silent(start_s: float, end_s: float) -> SourceLevel:
    return SourceLevel(start_s, end_s, -120.0, SILENT_TRACK)


def test_the_sources_of_senders_are_those_that_they_name() -> None:
    other = {**SOURCE, "id": "camera"}
    assert sources_in([OUT, SOURCE, other]) == {"s": SourceTotals(0.5, 2.0)}
    assert sources_in([{**OUT, "mediaSourceId": None}, SOURCE]) == {}
    assert sources_in([SOURCE]) is None
    assert sources_in([{**OUT, "kind": "video"}, SOURCE]) is None


def test_a_level_is_the_energy_between_two_reports() -> None:
    before = {"s": SourceTotals(1.0, 10.0)}
    loud = level_between(before, {"s": SourceTotals(1.01, 11.0)}, 3.0, 4.0)
    assert loud is not None
    assert (loud.start_s, loud.end_s, round(loud.dbfs)) == (3.0, 4.0, -20)
    quiet = level_between(before, {"s": SourceTotals(1.0, 11.0)}, 3.0, 4.0)
    assert quiet is not None
    assert quiet.dbfs == -120
    none = level_between(before, {}, 3.0, 4.0)
    assert none is not None
    assert none.reason == NO_TRACK
    assert level_between({}, {"s": SourceTotals(1.0, 11.0)}, 3.0, 4.0) is None
    still = level_between(before, before, 3.0, 4.0)
    assert still is not None
    assert (still.dbfs, still.reason) == (-120, SILENT_TRACK)


def test_a_voice_that_no_sender_had_was_not_sent() -> None:
    found = unsent(said(1.0, 2.0), [silent(0.5, 1.5), silent(1.5, 2.5)])
    assert found == [Unsent(1.0, 2.0, SILENT_TRACK)]


def test_what_one_of_two_connections_sent_was_sent() -> None:
    heard = SourceLevel(0.9, 2.1, -25.0, SILENT_TRACK)
    assert unsent(said(1.0, 2.0), [silent(0.5, 2.5), heard]) == []


def test_nothing_is_said_of_a_room_of_an_edge_and_of_what_nobody_reports() -> None:
    assert unsent(said(1.0, 2.0, -60.0), [silent(0.5, 2.5)]) == []
    assert unsent(said(1.0, 1.3), [silent(0.5, 2.5)]) == []
    assert unsent(said(1.0, 2.0), []) == []


def test_what_was_said_to_a_microphone_that_is_off_was_not_sent() -> None:
    assert muted([Span(1.0, 3.0)], [Span(2.0, 5.0)]) == [Unsent(2.0, 3.0, MUTED)]
    assert muted([Span(1.0, 3.0)], [Span(2.8, 5.0)]) == []
