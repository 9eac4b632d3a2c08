"""A cassette out of a trace."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from harness.cassette.recording import Draft, draft_of
from harness.errors import UsageError
from harness.redact import Masker
from harness.trace import Trace, TraceEvent
from tests.support.make_cassette import trace_of

CREATED = {"type": "session.created", "session": {"id": "sess_1", "model": "m", "expires_at": 9}}


def said(item_id: str, text: str | None) -> dict[str, Any]:
    content = [{"type": "input_audio", "transcript": text}]
    item = {"id": item_id, "type": "message", "role": "user", "content": content}
    return {"type": "conversation.item.added", "item": item}


def response(kind: str, response_id: str = "r1", **more: Any) -> dict[str, Any]:
    told = {"id": response_id, "conversation_id": "c", "output": [], **more}
    return {"type": f"response.{kind}", "response": told}


def spoken(item_id: str, text: str) -> dict[str, Any]:
    content = [{"type": "output_audio", "transcript": text}]
    return {"id": item_id, "type": "message", "role": "assistant", "content": content}


def playback(what: str, response_id: str = "r1") -> dict[str, Any]:
    return {"type": f"output_audio_buffer.{what}", "response_id": response_id}


def conversation(*more: tuple[float, str, dict[str, Any]], **header: Any) -> Trace:
    done = response("done", status="completed", output=[spoken("a1", "Going forward.")])
    return trace_of(
        (0.2, "received", CREATED),
        (3.0, "received", said("u1", None)),
        (3.1, "received", response("created")),
        (3.9, "received", playback("started")),
        (4.4, "received", done),
        (6.0, "received", playback("stopped")),
        *more,
        **header,
    )


def with_clip(trace: Trace, text: str, end_s: float) -> Trace:
    clip = {"text": text, "speech_start_s": 1.0, "speech_end_s": end_s, "muted": False}
    event = TraceEvent(90, 1.0, "harness", "microphone.clip", clip)
    return replace(trace, events=[event, *trace.events])


def test_a_turn_its_answer_and_where_its_sound_is() -> None:
    draft = draft_of(with_clip(conversation(), "Go forward ten meters.", 2.6))
    (turn,) = draft.cassette.turns
    assert (turn.number, turn.said) == (1, "Go forward ten meters.")
    (answer,) = turn.then
    (piece,) = answer.pieces
    assert (piece.say, piece.at_s, piece.audio) == ("Going forward.", 0.8, "audio/001.flac")
    (sound,) = draft.sounds
    assert (sound.file, sound.from_s, sound.lead_s) == ("audio/001.flac", 3.9, 0.075)
    assert 6.0 < sound.until_s < 6.5
    assert len(draft.events) == 6


def test_what_the_server_understood_comes_first_and_what_was_read_out_counts_too() -> None:
    understood = {
        "type": "conversation.item.input_audio_transcription.completed",
        "item_id": "u1",
        "transcript": "Go forward tan meters.",
    }
    trace = with_clip(conversation((5.0, "received", understood)), "Go forward ten meters.", 2.6)
    (turn,) = draft_of(trace).cassette.turns
    assert turn.wordings == ("Go forward tan meters.", "Go forward ten meters.")


def test_an_answer_that_was_cut_ends_where_it_was_cut() -> None:
    trace = conversation(
        (7.0, "received", said("u2", "again")),
        (7.1, "received", response("created", "r2")),
        (7.5, "received", playback("started", "r2")),
        (8.0, "received", playback("cleared", "r2")),
        (8.0, "received", response("done", "r2", status="cancelled", output=[spoken("a2", "A b")])),
    )
    draft = draft_of(trace)
    assert draft.cassette.turns[1].then[0].pieces[0].cut
    assert draft.sounds[1].until_s == pytest.approx(8.075)


def test_a_failed_answer_keeps_its_reason() -> None:
    details = {"type": "failed", "error": {"code": "server_error", "message": "Sorry."}}
    failed = response("done", "r2", status="failed", status_details=details)
    trace = conversation(
        (7.0, "received", said("u2", "again")),
        (7.1, "received", response("created", "r2")),
        (7.2, "received", failed),
    )
    (answer,) = draft_of(trace).cassette.turns[1].then
    assert answer.status == "failed"
    assert answer.error is not None
    assert (answer.error.code, answer.error.message) == ("server_error", "Sorry.")


def test_the_head_knows_the_session_without_what_is_made_new_in_every_call() -> None:
    head = draft_of(conversation(server="https://api.example.com/v1", harness="1.2")).cassette.head
    assert head.session == {"model": "m"}
    assert (head.model, head.engine, head.harness) == ("m", "simulated", "1.2")
    assert head.signalling == {}


def test_what_the_recording_lacks_is_noted() -> None:
    trace = conversation((7.0, "received", response("created", "r2")), (7.5, "received", CREATED))
    trace = replace(trace, cut=True)
    notes = " ".join(draft_of(trace).cassette.head.notes)
    for part in ("Another session began", "1 responses had not ended", "last line of the trace"):
        assert part in notes


def test_no_key_comes_through() -> None:
    planted = {
        **CREATED,
        "session": {"instructions": "use sk-proj-nobodyMayReadThis", "secret": "open-sesame-42"},
    }
    trace = with_clip(conversation((0.3, "received", planted)), "my key is ek_nobodyMayRead1", 2.6)
    trace = replace(trace, events=[trace.events[0], *trace.events[2:]])
    planted_first = trace_of((0.1, "received", planted))
    trace = replace(trace, events=[*planted_first.events, *trace.events])
    draft: Draft = draft_of(trace, Masker({"open-sesame-42"}))
    told = json.dumps(draft.cassette.model_dump(mode="json"))
    assert "nobodyMayRead" not in told
    assert "open-sesame" not in told


def test_a_call_of_another_protocol_is_refused_by_its_name() -> None:
    told = {"protocol": "rtvi", "over": "data_channel", "label": "rtvi", "tells": []}
    other = Trace({}, [TraceEvent(0, 0.1, "harness", "call.protocol", told)])
    with pytest.raises(UsageError, match="rtvi"):
        draft_of(other)
    with pytest.raises(UsageError, match="no event of that protocol"):
        draft_of(Trace({}, []))
