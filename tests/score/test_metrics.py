"""Each number against values known by arithmetic; None where it did not happen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.score import metrics
from harness.score.call_record import CallRecord
from harness.score.exchanges import Exchange, exchanges_of
from harness.speech.spans import Span
from tests.support.call_events import answer, clip, event, record
from tests.support.make_trace import PATH_DELAY_S, line

NOTHING = Exchange()
STATS = {"type": "inbound-rtp", "kind": "audio"}


def plain() -> tuple[Exchange, CallRecord]:
    events = [
        clip(1.0, 2.0),
        event("user.speech_stopped", 2.5, turn_id="u"),
        event("user.committed", 2.51, turn_id="u"),
        *answer("a", 2.6, (2.8, 4.0)),
    ]
    made = record(events, heard=[(2.95, 3.3), (3.9, 4.1)])
    return exchanges_of(made)[0], made


def test_voice_to_voice_is_from_last_voiced_sent_to_first_voiced_heard() -> None:
    exchange, _ = plain()
    assert metrics.voice_to_voice_s(exchange) == pytest.approx(0.95)
    assert metrics.voice_to_voice_s(NOTHING) is None


def with_doubt(exchange: Exchange, doubt_s: float) -> Exchange:
    """What was heard, each edge with this uncertainty."""
    heard = [
        replace(s, start_uncertainty_s=doubt_s, end_uncertainty_s=doubt_s) for s in exchange.heard
    ]
    return replace(exchange, heard=tuple(heard))


def test_a_latency_may_be_as_wrong_as_both_edges_and_the_clock_together() -> None:
    """The clip's edge 15 ms, the answer's 20 ms, the clock 60 ms: 65 ms by their squares."""
    exchange, _ = plain()
    assert metrics.voice_to_voice_uncertainty_s(exchange, 0.06) is None, "no edge says how wrong"
    doubtful = with_doubt(exchange, 0.02)
    assert metrics.voice_to_voice_uncertainty_s(doubtful, 0.06) == pytest.approx(0.065)
    assert metrics.voice_to_voice_uncertainty_s(doubtful, None) == pytest.approx(0.025)
    assert metrics.voice_to_voice_uncertainty_s(NOTHING, 0.0) is None


def test_voice_to_voice_is_negative_where_the_answer_talks_over_the_user() -> None:
    events = [clip(1, 4), event("user.speech_stopped", 2.2), *answer("a", 2.4, (2.5, 3.0))]
    (exchange,) = exchanges_of(record(events, heard=[(2.6, 3.1)]))
    assert metrics.voice_to_voice_s(exchange) == pytest.approx(-1.4)


def test_endpointing_is_from_last_voiced_sent_to_speech_stopped() -> None:
    exchange, made = plain()
    assert metrics.endpointing_s(exchange, made.events) == pytest.approx(0.5)
    assert metrics.endpointing_s(exchange, []) is None


def test_time_to_first_event_counts_from_speech_stopped_or_else_from_the_commit() -> None:
    exchange, made = plain()
    assert metrics.time_to_first_event_s(exchange, made.events) == pytest.approx(0.1)
    manual = [e for e in made.events if e.type != "user.speech_stopped"]
    assert metrics.time_to_first_event_s(exchange, manual) == pytest.approx(0.09)
    assert metrics.time_to_first_event_s(NOTHING, made.events) is None


def test_what_came_before_the_answer_counts_where_the_clock_stepped_back_in_between() -> None:
    """The audio clock lost 10 ms between two events of one moment; the trace has their order."""
    events = [clip(1, 2), event("user.speech_stopped", 2.51), *answer("a", 2.5, (2.6, 3.0))]
    (exchange,) = exchanges_of(record(events, heard=[(2.7, 3.1)]))
    assert metrics.endpointing_s(exchange, events) == pytest.approx(0.51)
    assert metrics.time_to_first_event_s(exchange, events) == 0.0
    after = [events[0], *events[2:], events[1]]
    assert metrics.endpointing_s(exchange, after) is None


def test_a_later_turns_end_is_not_taken_for_an_unanswered_one() -> None:
    events = [clip(1, 2), clip(5, 6), event("user.speech_stopped", 6.5)]
    first, second = exchanges_of(record(events))
    assert metrics.endpointing_s(first, events) is None
    assert metrics.endpointing_s(second, events) == pytest.approx(0.5)


def interrupted(status: str, cleared: bool) -> tuple[Exchange, Exchange]:
    events = [
        clip(1, 2),
        *answer("a", 2.4, (2.5, 5.2), status, cleared=cleared),
        clip(4.0, 4.4, interrupts=True),
    ]
    first, second = exchanges_of(record(events, heard=[(2.6, 4.7)]))
    return first, second


def test_barge_in_reaction_is_from_interruption_to_the_last_voiced_sample_of_the_answer() -> None:
    first, second = interrupted("cancelled", True)
    assert metrics.was_interrupted(first, second)
    assert metrics.barge_in_reaction_s(first, second) == pytest.approx(0.7)


def test_by_ear_whoever_meant_to_cut_in_did() -> None:
    """No event tells that an answer was cut; that the voice fell silent is all there is."""
    for interrupts in (True, False):
        events = [
            clip(1, 2),
            event("heard.voice_started", 2.6, answer_id="heard-1"),
            clip(4.0, 4.4, interrupts=interrupts),
            event("heard.voice_stopped", 4.7),
        ]
        first, second = exchanges_of(record(events, heard=[(2.6, 4.7)]))
        assert not first.cuts_are_told
        assert metrics.was_interrupted(first, second) is interrupts
    assert metrics.was_interrupted(*interrupted("cancelled", True))


def test_a_protocol_says_whether_it_tells_that_an_answer_was_cut() -> None:
    for tells, is_cut in ((["user_words"], True), (["answers"], False)):
        events = [
            event("call.protocol", 0.1, protocol="LiveKit", tells=tells),
            clip(1, 2),
            *answer("a", 2.4, (2.5, 5.2), "completed", cleared=False),
            clip(4.0, 4.4, interrupts=True),
        ]
        first, second = exchanges_of(record(events, heard=[(2.6, 4.7)]))
        assert metrics.was_interrupted(first, second) is is_cut


def test_a_reaction_has_the_doubt_of_its_own_two_edges() -> None:
    first, second = interrupted("cancelled", True)
    first = with_doubt(first, 0.02)
    assert metrics.barge_in_reaction_uncertainty_s(first, second, 0.0) == pytest.approx(0.025)
    assert metrics.barge_in_reaction_uncertainty_s(first, None, 0.0) is None


def test_an_answer_that_goes_on_to_its_end_has_no_reaction() -> None:
    first, second = interrupted("completed", False)
    assert not metrics.was_interrupted(first, second)
    assert metrics.barge_in_reaction_s(first, second) is None
    assert metrics.barge_in_reaction_s(first, None) is None


def test_talk_over_is_the_time_both_sides_are_voiced() -> None:
    sent, heard = [Span(1, 2), Span(4, 5)], [Span(1.5, 4.25), Span(4.75, 6)]
    assert metrics.talk_over_s(sent, heard) == pytest.approx(1.0)
    assert metrics.talk_over_s(sent, []) is None


def test_dead_air_is_the_longest_silence_of_both_sides_in_the_exchange() -> None:
    exchange, _ = plain()
    assert metrics.dead_air_s(exchange) == pytest.approx(0.95)
    assert metrics.dead_air_s(Exchange(said=exchange.said)) is None


def tone(duration_s: float) -> np.ndarray:
    frames = np.arange(round(duration_s * 48_000))
    return (0.3 * np.sin(frames * 2 * np.pi * 220 / 48_000)).astype(np.float32)


def test_a_cut_of_60_ms_or_more_inside_speech_is_a_gap_and_a_fading_pause_is_not() -> None:
    samples = tone(2.0)
    samples[24_000:28_800] = 0  # 100 ms, cut
    samples[48_000:50_400] = 0  # 50 ms, too short
    fade = np.linspace(1, 0, 9600, dtype=np.float32)
    samples[62_400:72_000] *= fade**4  # the speaker's own pause
    samples[72_000:76_800] = 0
    gaps = metrics.speech_gaps(AudioClip(samples, 48_000), [Span(0.0, 2.0)])
    assert [(gap.start_s, gap.end_s) for gap in gaps] == [(0.5, 0.6)]


def test_silence_outside_speech_is_no_gap() -> None:
    samples = np.concatenate([tone(0.5), np.zeros(24_000, np.float32)])
    assert metrics.speech_gaps(AudioClip(samples, 48_000), [Span(0.0, 0.5)]) == []


def test_connect_times_count_from_the_first_get_user_media() -> None:
    none_yet = {"report": [{**STATS, "packetsReceived": 0}]}
    some = {"report": {"x": {**STATS, "packetsReceived": 3}}}
    events = [
        event("user_media.requested", 0.1, "page"),
        event("data_channel.open", 0.6, "page", label="events"),
        event("stats", 1.0, "page", **none_yet),
        event("stats", 2.0, "page", **some),
    ]
    assert metrics.connect_data_channel_s(events) == pytest.approx(0.5)
    assert metrics.connect_first_audio_s(events) == pytest.approx(1.9)
    assert metrics.connect_data_channel_s(events[1:]) is None
    assert metrics.connect_first_audio_s(events[:3]) is None


def test_the_concealed_ratio_is_that_of_the_last_report() -> None:
    facts = {**STATS, "totalSamplesReceived": 1000, "concealedSamples": 25}
    events = [event("stats", 1.0, "page", report=[facts]), event("stats", 2.0, "page", report=[])]
    assert metrics.concealed_ratio(events) == 0.025
    assert metrics.concealed_ratio([]) is None


def test_a_conversation_reaches_from_opened_to_closed_or_to_the_last_event() -> None:
    events = [event("call.opened", 0.5, "harness"), event("call.closed", 9.0, "harness")]
    assert metrics.conversation_s(events) == 8.5
    assert metrics.conversation_s([events[0], event("note", 3.0, "harness")]) == 2.5
    assert metrics.conversation_s(events[1:]) is None


def test_the_numbers_of_the_made_call_are_what_it_was_made_with(rover: CallRecord) -> None:
    """The generator plays 90 + 280 ms after a 520 ms end of turn; voices have their own edges."""
    first, second, third = exchanges_of(rover)
    assert metrics.endpointing_s(first, rover.events) == pytest.approx(0.52)
    assert metrics.time_to_first_event_s(first, rover.events) == pytest.approx(0.09)
    programmed_s = 0.52 + 0.09 + 0.28 + PATH_DELAY_S
    assert metrics.voice_to_voice_s(first) == pytest.approx(programmed_s, abs=0.12)
    # The audio is cleared 340 ms after the clip starts, whose speech starts later by its label.
    cleared_s = 0.34 + PATH_DELAY_S - line("interruption-stop").speech_start_s
    assert metrics.barge_in_reaction_s(second, third) == pytest.approx(cleared_s, abs=0.02)


def test_concealment_counts_every_connection_of_the_page() -> None:
    """A second connection without loss does not hide the first one's."""
    lossy = {**STATS, "totalSamplesReceived": 1000, "concealedSamples": 500}
    clean = {**STATS, "totalSamplesReceived": 3000, "concealedSamples": 0}
    events = [
        event("stats", 1.0, "page", connection="connection-0", report=[lossy]),
        event("stats", 2.0, "page", connection="connection-1", report=[clean]),
    ]
    assert metrics.concealed_ratio(events) == 0.125
