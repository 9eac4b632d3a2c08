from __future__ import annotations

from typing import Any

import pytest

from tests.support.client_driver import ClientDriver

TRANSCRIPTION = "conversation.item.input_audio_transcription"


@pytest.fixture
def call() -> ClientDriver:
    return ClientDriver().open()


def test_the_user_s_speech_is_told_of(call: ClientDriver) -> None:
    call.receive("input_audio_buffer.speech_started", item_id="u", audio_start_ms=100)
    assert call.session.snapshot().speaking_item_id == "u"
    assert not call.session.snapshot().is_turn_over
    call.receive("input_audio_buffer.speech_stopped", item_id="u", audio_end_ms=900)
    assert call.session.snapshot().is_turn_over
    assert call.news("user_speech_started") == [{"item_id": "u", "audio_ms": 100}]
    assert call.news("user_speech_stopped") == [{"item_id": "u", "audio_ms": 900}]


def test_the_user_s_words_are_told_of(call: ClientDriver) -> None:
    call.receive(f"{TRANSCRIPTION}.completed", item_id="u", transcript="Hello.")
    call.receive(f"{TRANSCRIPTION}.failed", item_id="v", error={"message": "no"})
    call.receive(f"{TRANSCRIPTION}.failed", item_id="w", error="no")
    assert call.news("user_transcript") == [{"item_id": "u", "text": "Hello."}]
    messages = [data["message"] for data in call.news("user_transcript_failed")]
    assert messages == ["no", ""]


def test_rate_limits_are_kept(call: ClientDriver) -> None:
    limits = [{"name": "tokens", "remaining": 3}]
    call.receive("rate_limits.updated", rate_limits=limits)
    assert call.news("rate_limits") == [{"rate_limits": limits}]
    assert call.session.snapshot().rate_limits == tuple(limits)


REQUEST = {
    "id": "q",
    "type": "mcp_approval_request",
    "server_label": "docs",
    "name": "search",
    "arguments": "{}",
}


def test_a_request_for_approval_is_told_once_and_open_until_answered(call: ClientDriver) -> None:
    call.add(REQUEST)
    told = {"server_label": "docs", "name": "search", "arguments": "{}"}
    assert call.news("approval_requested") == [{"approval_request_id": "q", **told}]
    assert call.session.snapshot().pending_approvals == ("q",)
    call.do(call.session.approve_mcp, "q")
    answer = call.sent[-1]["item"]
    call.add(answer, "q")
    assert call.session.snapshot().pending_approvals == ()


def test_what_a_remote_server_lists_is_told_when_the_listing_is_over(call: ClientDriver) -> None:
    for item_id, how in (("l", "completed"), ("f", "failed")):
        item: dict[str, Any] = {
            "id": item_id,
            "type": "mcp_list_tools",
            "server_label": "docs",
            "tools": [],
        }
        call.receive("mcp_list_tools.in_progress", item_id=item_id)
        call.receive("conversation.item.added", item=item, previous_item_id=None)
        if how == "completed":
            item = {**item, "tools": [{"name": "search"}, "odd"]}
        call.receive("conversation.item.done", item=item, previous_item_id=None)
        call.receive(f"mcp_list_tools.{how}", item_id=item_id)
        call.receive(f"mcp_list_tools.{how}", item_id=item_id)
    call.receive("mcp_list_tools.completed", item_id=["odd"])
    told = {"server_label": "docs", "failed": False}
    assert call.news("tools_listed") == [
        {**told, "names": ["search"]},
        {**told, "names": [], "failed": True},
    ]


REMOTE_CALL = {"id": "m", "type": "mcp_call", "server_label": "docs", "name": "search"}


def test_a_remote_call_is_followed_by_an_answer(call: ClientDriver) -> None:
    call.answer()
    call.done("resp_1", REMOTE_CALL)
    assert call.count("response.create") == 1


def test_a_server_that_goes_on_by_itself_makes_that_needless(call: ClientDriver) -> None:
    call.answer()
    call.done("resp_1", REMOTE_CALL)
    call.answer("resp_2")
    event_id = call.last("response.create")["event_id"]
    call.refuse(event_id, "conversation_already_has_active_response")
    call.done("resp_2")
    assert call.count("response.create") == 1


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        ({"mcp_follow_up": False}, {}),
        ({}, {"status": "cancelled"}),
        ({}, {"conversation_id": None}),
    ],
)
def test_an_answer_after_a_remote_call_is_not_always_wanted(
    settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    call = ClientDriver(**settings).open()
    call.answer()
    call.done("resp_1", REMOTE_CALL, **fields)
    assert call.count("response.create") == 0
