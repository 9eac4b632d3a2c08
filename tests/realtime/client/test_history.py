from __future__ import annotations

from typing import Any

import pytest

from harness.errors import HistoryError
from harness.realtime.client.followed_conversation import FollowedConversation, Words
from harness.realtime.client.history import (
    History,
    LeftOut,
    heard_text,
    history_from_log,
    history_of,
)
from harness.realtime.client.log import entry_line, header_line
from tests.support.client_driver import response, spoken_message, user_message

CALL = {
    "id": "c",
    "type": "function_call",
    "status": "completed",
    "call_id": "call_1",
    "name": "n",
    "arguments": "{}",
}
RESULT = {"id": "o", "type": "function_call_output", "call_id": "call_1", "output": "x"}


def followed(*items: dict[str, Any]) -> FollowedConversation:
    result = FollowedConversation()
    before = None
    for item in items:
        event = {"type": "conversation.item.added", "item": item, "previous_item_id": before}
        result.on_server_event(event, 0.0)
        before = item["id"]
    return result


def texts(history: History) -> list[str]:
    return [item["content"][0]["text"] for item in history.items]


@pytest.mark.parametrize(
    ("heard_ms", "audio_ms", "text"),
    [
        (None, 3000, "one two six"),
        (3000, 3000, "one two six"),
        (2999, 3000, "one two"),
        (1910, 3000, "one two"),
        (1900, 3000, "one"),
        (800, 3000, ""),
        (0, 3000, ""),
        (500, None, "one two"),  # 15 letters a second
        (5000, None, "one two six"),
    ],
)
def test_heard_are_the_words_that_were_played_to_their_end(
    heard_ms: float | None, audio_ms: float | None, text: str
) -> None:
    words = Words("one two six", heard_ms=heard_ms, audio_ms=audio_ms)
    assert heard_text(words) == text


def test_heard_words_of_no_words_are_none() -> None:
    assert heard_text(Words("", heard_ms=10)) == ""


def test_what_was_said_becomes_what_was_written_under_the_same_ids() -> None:
    conversation = followed(
        {"id": "u", "type": "message", "status": "completed", "role": "user", "content": []}
        | {"content": [{"type": "input_audio", "transcript": None}]},
        spoken_message("a", "Hello."),
    )
    conversation.words["u"] = Words("Hi there.", is_final=True)
    history = history_of(conversation)
    assert [item["id"] for item in history.items] == ["u", "a"]
    assert texts(history) == ["Hi there.", "Hello."]
    kinds = [item["content"][0]["type"] for item in history.items]
    assert kinds == ["input_text", "output_text"]
    assert all("status" not in item for item in history.items)


def test_a_truncated_item_comes_back_as_it_was_heard() -> None:
    conversation = followed(spoken_message("a", "one two six"))
    usage = {"output_token_details": {"audio_tokens": 60}}
    output = [spoken_message("a", "one two six")]
    done: dict[str, Any] = {
        "type": "response.done",
        "response": response("r", "completed", output=output),
    }
    done["response"]["usage"] = usage
    conversation.on_server_event(done, 0.0)
    cut = {"type": "conversation.item.truncated", "item_id": "a", "audio_end_ms": 2000}
    conversation.on_server_event(cut, 0.0)
    assert texts(history_of(conversation)) == ["one two"]


def test_what_cannot_be_put_back_is_left_out_and_named() -> None:
    conversation = followed(
        {"id": "u", "type": "message", "role": "user", "content": [{"type": "input_audio"}]},
        spoken_message("a", ""),
        CALL,
        {**RESULT, "call_id": "another"},
        {"id": "m", "type": "mcp_list_tools", "server_label": "x", "tools": []},
        {"id": "q", "type": "mcp_approval_request", "server_label": "x", "name": "y"},
        {"id": "p", "type": "mcp_call", "server_label": "x", "name": "y", "arguments": "{}"},
    )
    history = history_of(conversation)
    assert not history.items
    assert [left.item_id for left in history.left_out] == ["u", "a", "c", "o", "m", "q", "p"]
    assert history.left_out[0] == LeftOut("u", "its words are not known")


def test_calls_stay_with_their_results_or_while_they_run() -> None:
    assert [item["id"] for item in history_of(followed(CALL, RESULT)).items] == ["c", "o"]
    assert history_of(followed(CALL), running=["call_1"]).items[0]["id"] == "c"
    assert not history_of(followed(CALL)).items


def test_images_written_words_and_remote_calls_stay_as_they_are() -> None:
    image = {"type": "input_image", "image_url": "data:image/png;base64,AA", "detail": "low"}
    words = {"type": "input_text", "text": "look"}
    user = {"id": "u", "type": "message", "role": "user", "content": [image, words]}
    system = {"id": "s", "type": "message", "role": "system", "content": [words]}
    call = {"id": "p", "type": "mcp_call", "server_label": "x", "name": "y", "output": "z"}
    history = history_of(followed(system, user, call))
    assert history.items[1]["content"] == [image, words]
    assert [item["id"] for item in history.items] == ["s", "u", "p"]


def test_speech_beside_written_words_keeps_its_own() -> None:
    content = [
        {"type": "input_text", "text": "look"},
        {"type": "input_audio", "transcript": "at this"},
    ]
    conversation = followed({"id": "u", "type": "message", "role": "user", "content": content})
    parts = history_of(conversation).items[0]["content"]
    assert [part["text"] for part in parts] == ["look", "at this"]


def test_two_histories_make_one_without_duplicates() -> None:
    one = History((user_message("a"), user_message("b")))
    other = History((user_message("b"), user_message("c")), (LeftOut("d", "why"),), is_cut=True)
    both = one.followed_by(other)
    assert [item["id"] for item in both.items] == ["a", "b", "c"]
    assert len(both) == 3
    assert both.is_cut
    assert one.followed_by(None) is one


def log_of(*events: tuple[float, dict[str, Any]]) -> list[str]:
    return [header_line(), *(entry_line(t_s, "received", event) for t_s, event in events)]


ADDED = {"type": "conversation.item.added", "previous_item_id": None}


def test_a_session_log_becomes_a_history() -> None:
    lines = log_of((0.0, {**ADDED, "item": user_message("a")}), (0.1, {"type": "new.event"}))
    lines += [entry_line(0.2, "sent", {"type": "response.create"})]
    lines += log_of((0.3, {"type": "conversation.item.added", "item": "nonsense"}))[1:]
    history = history_from_log(lines)
    assert [item["id"] for item in history.items] == ["a"]
    assert not history.is_cut


def test_a_log_cut_by_a_crash_gives_what_was_heard_by_then() -> None:
    lines = log_of(
        (0.0, {"type": "response.created", "response": response("r", "in_progress")}),
        (
            0.1,
            {
                "type": "response.output_item.added",
                "response_id": "r",
                "item": spoken_message("a", ""),
            },
        ),
        (0.1, {**ADDED, "item": spoken_message("a", "", "in_progress")}),
        (
            0.2,
            {
                "type": "response.output_audio_transcript.delta",
                "response_id": "r",
                "item_id": "a",
                "delta": "one two three four",
            },
        ),
        (0.2, {"type": "output_audio_buffer.started", "response_id": "r"}),
        (0.8, {"type": "rate_limits.updated", "rate_limits": []}),
    )
    history = history_from_log([*lines, '{"t_s": 0.9, "direc'])
    assert history.is_cut
    assert texts(history) == ["one two"]


def test_a_log_of_another_version_is_a_named_error() -> None:
    with pytest.raises(HistoryError):
        history_from_log(['{"kind": "realtime session log", "version": 9}'])
