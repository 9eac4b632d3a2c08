"""Turns of a conversation as the server tells them, for tests of the page."""

from __future__ import annotations

from typing import Any

from tests.support.fake_realtime import FakeCall


def user_speaks(call: FakeCall, item_id: str, text: str, previous: str | None = None) -> None:
    """A spoken turn of the person, with its transcript."""
    content = [{"type": "input_audio", "transcript": None}]
    item = _message(item_id, "user", "completed", content)
    call.send("input_audio_buffer.speech_started", audio_start_ms=0, item_id=item_id)
    call.send("input_audio_buffer.speech_stopped", audio_end_ms=900, item_id=item_id)
    call.send("input_audio_buffer.committed", item_id=item_id, previous_item_id=previous)
    call.send("conversation.item.added", item=item, previous_item_id=previous)
    call.send("conversation.item.done", item=item, previous_item_id=previous)
    call.send(
        "conversation.item.input_audio_transcription.completed",
        item_id=item_id,
        content_index=0,
        transcript=text,
    )


def answer_begins(
    call: FakeCall, response_id: str, item_id: str, text: str, previous: str | None = None
) -> None:
    """An answer of the assistant up to the sound of it: still being made, and playing."""
    item = _message(item_id, "assistant", "in_progress", [])
    call.send("response.created", response={"id": response_id, "status": "in_progress"})
    call.send("response.output_item.added", response_id=response_id, output_index=0, item=item)
    call.send("conversation.item.added", item=item, previous_item_id=previous)
    for word in text.split(" "):
        call.send(
            "response.output_audio_transcript.delta",
            response_id=response_id,
            item_id=item_id,
            delta=f"{word} ",
        )
    call.send("output_audio_buffer.started", response_id=response_id)


def answer_ends(
    call: FakeCall, response_id: str, item_id: str, text: str, status: str = "completed"
) -> None:
    """The end of the answer's making; its sound goes on."""
    content = [{"type": "output_audio", "transcript": text}]
    item = _message(item_id, "assistant", status, content)
    call.send(
        "response.output_audio_transcript.done",
        response_id=response_id,
        item_id=item_id,
        transcript=text,
    )
    call.send("conversation.item.done", item=item, previous_item_id=None)
    call.send("response.output_item.done", response_id=response_id, output_index=0, item=item)
    call.send("response.done", response={"id": response_id, "status": status, "output": [item]})


def interrupted(call: FakeCall, response_id: str, item_id: str, heard_ms: int) -> None:
    """The person spoke into the playing answer."""
    call.send("input_audio_buffer.speech_started", audio_start_ms=0, item_id="item_next")
    call.send("output_audio_buffer.cleared", response_id=response_id)
    call.send(
        "conversation.item.truncated", item_id=item_id, content_index=0, audio_end_ms=heard_ms
    )


def _message(item_id: str, role: str, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": item_id, "type": "message", "role": role, "status": status, "content": content}
