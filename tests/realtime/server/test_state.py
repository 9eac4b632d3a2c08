from __future__ import annotations

import re

import pytest

from harness.errors import ProtocolError
from harness.realtime.ids import Ids
from harness.realtime.items import message, user_audio_item
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.outputs import SendEvent
from harness.realtime.server.state import SessionState
from harness.realtime.session_object import default_session


@pytest.fixture
def state() -> SessionState:
    return SessionState(default_session(), Script(), Ids(seed=1), "webrtc")


def sent(state: SessionState) -> list[dict[str, object]]:
    return [output.event for output in state.take_outputs() if isinstance(output, SendEvent)]


def test_deltas_are_padded_to_one_size(state: SessionState) -> None:
    for delta in ("", "a", "x" * 16, "x" * 17):
        state.send_delta("response.output_text.delta", delta=delta)
    for event in sent(state):
        assert event["obfuscation"]
        assert len(str(event["delta"]) + str(event["obfuscation"])) % 16 == 0


def test_playback_events_have_ids_of_their_own_shape(state: SessionState) -> None:
    state.send_playback("started", "resp_1")
    (event,) = sent(state)
    assert re.fullmatch("event_[0-9a-f]{16}", str(event["event_id"]))


def test_an_error_carries_code_param_and_the_clients_event_id(state: SessionState) -> None:
    state.send_error(ProtocolError("No.", code="c", param="p"), "mine")
    (event,) = sent(state)
    assert event["error"] == {
        "type": "invalid_request_error",
        "code": "c",
        "message": "No.",
        "param": "p",
        "event_id": "mine",
    }


def test_a_truncated_item_stays_without_words_when_it_is_finished(state: SessionState) -> None:
    state.add_item(user_audio_item("u"))
    content = [{"type": "output_audio", "transcript": "words"}]
    state.add_item(message("a", "assistant", content, "in_progress"))
    state.truncate_item("a", 0, 100)
    state.finish_item(message("a", "assistant", content, "completed"))
    assert state.conversation.get("a")["content"][0]["transcript"] == ""
    assert [event["type"] for event in sent(state)][-2:] == [
        "conversation.item.truncated",
        "conversation.item.done",
    ]


def test_an_item_that_was_truncated_and_deleted_leaves_nothing_to_its_id() -> None:
    state = SessionState(default_session(), Script(), Ids(seed=1), "webrtc")
    content = [{"type": "output_audio", "transcript": "words"}]
    for _ in range(2):
        state.add_finished_item(message("a", "assistant", content, "completed"))
        assert state.conversation.get("a")["content"] == content
        state.truncate_item("a", 0, 100)
        state.delete_item("a")
    assert state.audio_s == {}


def test_new_item_ids_avoid_those_that_a_client_named(state: SessionState) -> None:
    foreseen = Ids(seed=1)
    foreseen.conversation()
    taken = foreseen.item()
    state.conversation.insert(user_audio_item(taken))
    assert state.new_item_id() != taken
