"""Faults of events and audio: which events they pick."""

from __future__ import annotations

from harness.realtime.faults.models import EventLate, StoppedLate, TranscriptionLate


def test_events_are_picked_by_a_glob() -> None:
    assert EventLate(events="response.*").selects("response.done")
    assert not EventLate(events="response.*").selects("session.created")


def test_a_named_event_has_a_fault_of_its_own() -> None:
    assert StoppedLate().selects("output_audio_buffer.stopped")
    transcription = "conversation.item.input_audio_transcription"
    assert TranscriptionLate().selects(f"{transcription}.completed")
    assert not TranscriptionLate().selects("conversation.item.done")
