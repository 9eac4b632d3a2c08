"""Items that a client creates, reads, deletes and truncates."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from harness.audio.pcm16 import from_base64, to_base64
from harness.realtime.server import items
from tests.support.session_driver import SessionDriver, spoken

MANUAL = {"audio": {"input": {"turn_detection": None}}}


def user_text(text: str, item_id: str | None = None) -> dict[str, Any]:
    item = {
        "type": "message",
        "role": "user",
        "content": [{"type": "input_text", "text": text}],
    }
    return item if item_id is None else {**item, "id": item_id}


def order(call: SessionDriver) -> list[str]:
    return [item["id"] for item in call.session.items]


def test_a_created_item_is_added_and_done_under_its_own_id() -> None:
    call = SessionDriver()
    call.send("conversation.item.create", item=user_text("hi", "mine"))
    assert call.types(call.mark) == ["conversation.item.added", "conversation.item.done"]
    added = call.last("conversation.item.added")
    assert list(added["item"]) == ["id", "type", "status", "role", "content"]
    assert (added["item"]["id"], added["previous_item_id"]) == ("mine", None)
    assert not call.of_type("response.created")


def test_items_are_placed_where_the_client_says() -> None:
    call = SessionDriver()
    for item_id, previous in [("a", None), ("b", None), ("front", "root"), ("between", "a")]:
        call.send(
            "conversation.item.create", item=user_text("x", item_id), previous_item_id=previous
        )
    assert order(call) == ["front", "a", "between", "b"]
    assert call.last("conversation.item.added")["previous_item_id"] == "a"


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"item": user_text("x", "a")}, "item_already_exists", "item.id"),
        (
            {"item": user_text("x"), "previous_item_id": "nowhere"},
            "item_not_found",
            "previous_item_id",
        ),
        (
            {"item": {"type": "function_call_output", "call_id": "no", "output": ""}},
            "invalid_tool_call_id",
            "item.call_id",
        ),
        (
            {
                "item": {
                    "type": "message",
                    "role": "user",
                    "content": [{"type": "input_audio", "audio": "?"}],
                }
            },
            "invalid_value",
            "item.content[0].audio",
        ),
    ],
)
def test_an_item_that_cannot_be_is_refused_whole(
    fields: dict[str, Any], code: str, param: str
) -> None:
    call = SessionDriver()
    call.send("conversation.item.create", item=user_text("x", "a"))
    call.send("conversation.item.create", **fields)
    assert call.types(call.mark) == ["error"]
    error = call.last("error")["error"]
    assert (error["code"], error["param"]) == (code, param)
    assert order(call) == ["a"]


def test_an_announced_id_cannot_be_taken() -> None:
    call = SessionDriver()
    call.hear(spoken(0.5))
    announced = call.last("input_audio_buffer.speech_started")["item_id"]
    call.send("conversation.item.create", item=user_text("x", announced))
    assert call.last("error")["error"]["code"] == "item_already_exists"


def test_a_spoken_item_is_retrieved_with_its_audio_and_later_its_words() -> None:
    whisper = {"transcription": {"model": "whisper-1"}, "turn_detection": None}
    call = SessionDriver([], {"audio": {"input": whisper}})
    call.holds_recognition = True
    call.hear(spoken(0.5))
    call.send("input_audio_buffer.commit")
    item_id = order(call)[0]
    call.send("conversation.item.retrieve", item_id=item_id)
    part = call.last("conversation.item.retrieved")["item"]["content"][0]
    assert part["transcript"] is None
    assert len(from_base64(part["audio"])) == 12_000
    call.answer_recognition("some words")
    call.send("conversation.item.retrieve", item_id=item_id)
    part = call.last("conversation.item.retrieved")["item"]["content"][0]
    assert part["transcript"] == "some words"
    assert call.session.items[0]["content"][0]["transcript"] is None


def test_audio_too_long_for_a_data_channel_is_left_out() -> None:
    for transport, has_audio in [("webrtc", False), ("websocket", True)]:
        call = SessionDriver([], MANUAL, transport=transport)
        call.hear(spoken(4.2))
        call.send("input_audio_buffer.commit")
        call.send("conversation.item.retrieve", item_id=order(call)[0])
        part = call.last("conversation.item.retrieved")["item"]["content"][0]
        assert ("audio" in part) == has_audio


def test_audio_too_long_for_one_message_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of both sides; a client that reads must not be taken for one that does not."""
    monkeypatch.setattr(items, "MAX_RETRIEVED_OVER_A_SOCKET_CHARS", 57_600)
    call, answer_id, _ = said_over_a_socket()
    assert retrieved_audio(call, answer_id) is not None
    monkeypatch.setattr(items, "MAX_RETRIEVED_OVER_A_SOCKET_CHARS", 57_599)
    assert retrieved_audio(call, answer_id) is None
    content = [{"type": "input_audio", "audio": to_base64(spoken(1.0))}]
    user = {"id": "u", "type": "message", "role": "user", "content": content}
    call.send("conversation.item.create", item=user)
    call.send("conversation.item.retrieve", item_id="u")
    assert "audio" not in call.last("conversation.item.retrieved")["item"]["content"][0]


def test_a_deleted_item_is_gone() -> None:
    call = SessionDriver()
    call.send("conversation.item.create", item=user_text("x", "a"))
    call.send("conversation.item.delete", item_id="a")
    assert call.last("conversation.item.deleted")["item_id"] == "a"
    call.send("conversation.item.delete", item_id="a")
    assert call.last("error")["error"]["code"] == "item_not_found"
    call.send("conversation.item.retrieve", item_id="a")
    assert call.last("error")["error"]["code"] == "item_not_found"


def test_an_id_that_is_used_again_has_nothing_of_the_old_item() -> None:
    call = SessionDriver([], MANUAL)
    for part in ({"audio": to_base64(spoken(0.5))}, {"transcript": "written down"}):
        content = [{"type": "input_audio", **part}]
        item = {"id": "a", "type": "message", "role": "user", "content": content}
        call.send("conversation.item.create", item=item)
        call.send("conversation.item.retrieve", item_id="a")
        (told,) = call.last("conversation.item.retrieved")["item"]["content"]
        assert ("audio" in told) == ("audio" in part)
        call.send("conversation.item.delete", item_id="a")


def test_words_of_a_deleted_item_are_not_told() -> None:
    whisper = {"transcription": {"model": "whisper-1"}, "turn_detection": None}
    call = SessionDriver([], {"audio": {"input": whisper}})
    call.holds_recognition = True
    call.hear(spoken(0.5))
    call.send("input_audio_buffer.commit")
    call.send("conversation.item.delete", item_id=order(call)[0])
    call.answer_recognition("some words")
    assert call.types(call.mark) == ["conversation.item.deleted"]


def spoken_answer() -> tuple[SessionDriver, str]:
    """A finished answer of 0.9 s, and its item's id."""
    call = SessionDriver([{"say": "One two three."}], MANUAL)
    call.send("response.create")
    call.wait_for("output_audio_buffer.stopped")
    return call, order(call)[-1]


def test_truncating_takes_the_words_out_of_history() -> None:
    call, item_id = spoken_answer()
    call.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=300)
    truncated = call.last("conversation.item.truncated")
    assert (truncated["item_id"], truncated["audio_end_ms"]) == (item_id, 300)
    assert call.session.items[-1]["content"] == [{"type": "output_audio", "transcript": ""}]


def test_truncating_beyond_the_audio_is_refused() -> None:
    call, item_id = spoken_answer()
    for end_ms, kinds in [(901, ["conversation.item.truncated"]), (950, ["error"])]:
        call.send(
            "conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=end_ms
        )
        assert call.types(call.mark) == kinds


def test_only_assistant_audio_can_be_truncated() -> None:
    call = SessionDriver()
    call.send("conversation.item.create", item=user_text("x", "a"))
    call.send("conversation.item.truncate", item_id="a", content_index=0, audio_end_ms=0)
    error = call.last("error")["error"]
    assert error["code"] == "unsupported_content_type"
    assert error["message"] == "Only model output audio messages can be truncated"


def retrieved_audio(call: SessionDriver, item_id: str) -> str | None:
    call.send("conversation.item.retrieve", item_id=item_id)
    (part,) = call.last("conversation.item.retrieved")["item"]["content"]
    assert part["type"] == "output_audio"
    audio: str | None = part.get("audio")
    return audio


def said_over_a_socket(audio_format: str = "audio/pcm") -> tuple[SessionDriver, str, bytes]:
    """A finished answer of 0.9 s, its item's id, and its sound as the client got it."""
    settings = {"audio": {**MANUAL["audio"], "output": {"format": {"type": audio_format}}}}
    call = SessionDriver([{"say": "One two three."}], settings, transport="websocket")
    call.send("response.create")
    call.wait_for("response.done")
    deltas = call.of_type("response.output_audio.delta")
    return call, order(call)[-1], b"".join(b64decode(event["delta"]) for event in deltas)


@pytest.mark.parametrize("audio_format", ["audio/pcm", "audio/pcmu"])
def test_an_answer_is_retrieved_with_its_audio_over_a_socket(audio_format: str) -> None:
    call, item_id, heard = said_over_a_socket(audio_format)
    assert b64decode(retrieved_audio(call, item_id) or "") == heard
    assert len(heard) == (43_200 if audio_format == "audio/pcm" else 7_200)


def test_of_a_truncated_answer_the_rest_is_retrieved() -> None:
    call, item_id, heard = said_over_a_socket()
    call.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=300)
    assert b64decode(retrieved_audio(call, item_id) or "") == heard[:14_400]
    call.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=0)
    assert retrieved_audio(call, item_id) is None


def test_over_webrtc_an_answer_is_retrieved_without_its_audio() -> None:
    call, item_id = spoken_answer()
    assert retrieved_audio(call, item_id) is None


def test_of_an_answer_beside_the_conversation_no_audio_is_kept() -> None:
    call = SessionDriver([{"say": "One two three."}], MANUAL, transport="websocket")
    call.send("response.create", response={"conversation": "none"})
    call.wait_for("response.done")
    item_id = call.last("response.output_audio.delta")["item_id"]
    assert call.session._state.spoken.samples(item_id) is None


def test_written_and_spoken_user_items_can_be_answered() -> None:
    call = SessionDriver([{"when": {"words": ["rover"]}, "say": "Yes."}], MANUAL, ["the rover"])
    audio = [{"type": "input_audio", "audio": to_base64(spoken(0.5))}]
    call.send(
        "conversation.item.create", item={"type": "message", "role": "user", "content": audio}
    )
    call.send("response.create", response={"output_modalities": ["text"]})
    assert call.wait_for("response.output_text.done")["text"] == "Yes."
    call.send("conversation.item.create", item=user_text("Rover?"))
    call.send("response.create", response={"output_modalities": ["text"]})
    assert call.wait_for("response.output_text.done")["text"] == "Yes."
