"""Faults that begin with the n-th event of a type, and last."""

from __future__ import annotations

from harness.realtime.faults.parse import read_faults
from harness.realtime.faults.triggers import Scope, Triggers, response_of

DELTA = {"type": "response.output_audio_transcript.delta", "response_id": "resp_A"}


def test_one_that_names_no_event_begins_as_the_call_opens() -> None:
    triggers = Triggers()
    triggers.arm(read_faults(["audio_silence; after_s=2; for_s=3"]), now_s=10.0)
    assert triggers.next_s() == 12.0
    assert triggers.take_begun(11.9) == []
    assert [fault.name for fault in triggers.take_begun(12.0)] == ["audio_silence"]
    assert triggers.next_s() == 15.0
    assert len(triggers.active()) == 1
    assert [fault.name for fault in triggers.take_ended(15.0)] == ["audio_silence"]
    assert triggers.active() == []
    assert triggers.next_s() is None


def test_the_nth_event_counts() -> None:
    triggers = Triggers()
    triggers.arm(read_faults(["ice_fails; on=response.*; nth=2; after_s=1"]), now_s=0.0)
    triggers.saw(DELTA, 5.0)
    assert triggers.next_s() is None
    triggers.saw({"type": "session.updated"}, 6.0)
    triggers.saw(DELTA, 7.0)
    triggers.saw(DELTA, 7.5)
    assert triggers.next_s() == 8.0


def test_a_fault_of_one_answer_does_not_see_another() -> None:
    triggers = Triggers()
    triggers.arm(read_faults(["events_stall; on=response.*"]), 0.0, Scope("resp_B"))
    triggers.saw(DELTA, 1.0)
    assert triggers.next_s() is None
    triggers.saw({"type": "response.done", "response": {"id": "resp_B"}}, 2.0)
    assert triggers.next_s() == 2.0


def test_a_fault_of_one_answer_ends_with_it() -> None:
    for last in (
        {"type": "output_audio_buffer.stopped", "response_id": "resp_A"},
        {"type": "output_audio_buffer.cleared", "response_id": "resp_A"},
        {"type": "response.created", "response": {"id": "resp_B"}},
    ):
        triggers = Triggers()
        triggers.arm(read_faults(["audio_silence", "events_stall; on=x"]), 0.0, Scope("resp_A"))
        assert len(triggers.take_begun(0.0)) == 1
        triggers.saw({"type": "response.done", "response": {"id": "resp_A"}}, 1.0)
        assert triggers.next_s() is None
        triggers.saw(last, 2.0)
        triggers.saw({"type": "x"}, 3.0)
        assert triggers.take_begun(9.0) == []
        assert [fault.name for fault in triggers.take_ended(2.0)] == ["audio_silence"]
        assert triggers.active() == []
        assert triggers.next_s() is None


def test_the_response_of_an_event() -> None:
    assert response_of(DELTA) == "resp_A"
    assert response_of({"type": "response.created", "response": {"id": "resp_B"}}) == "resp_B"
    assert response_of({"type": "rate_limits.updated"}) is None
