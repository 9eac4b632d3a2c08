"""A conversation that is too long: the oldest is left out, or the response fails."""

from __future__ import annotations

from typing import Any

import pytest

from harness.realtime.server.assistants.assistant import Prompt, Say
from harness.realtime.server.truncation import INPUT_TOKENS, ContextLimit, context_limit
from harness.realtime.session_object import default_session
from tests.support.session_driver import SessionDriver

TURN = "x" * 400
"""A hundred tokens."""


class Listener:
    """An assistant that notes what it is shown, and says a word."""

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []

    def answer(self, prompt: Prompt) -> list[Say]:
        self.prompts.append(prompt)
        return [Say("Yes.")]


def call_with(truncation: Any) -> tuple[SessionDriver, Listener]:
    listener = Listener()
    settings = {
        "output_modalities": ["text"], "instructions": "", "truncation": truncation,
        "model": "gpt-realtime",
    }  # fmt: skip
    return SessionDriver(settings=settings, assistant=listener), listener


def write(call: SessionDriver, item_id: str, text: str = TURN) -> None:
    content = [{"type": "input_text", "text": text}]
    item = {"id": item_id, "type": "message", "role": "user", "content": content}
    call.send("conversation.item.create", item=item)


def respond(call: SessionDriver, **asked: Any) -> dict[str, Any]:
    call.send("response.create", response=asked)
    response: dict[str, Any] = call.wait_for("response.done")["response"]
    return response


def retained(ratio: float, most_tokens: int) -> dict[str, Any]:
    limits = {"post_instructions": most_tokens}
    return {"type": "retention_ratio", "retention_ratio": ratio, "token_limits": limits}


@pytest.mark.parametrize(
    ("limit", "sizes", "first"),
    [
        (ContextLimit(100, 100), [50, 50], 0),
        (ContextLimit(100, 100), [50, 50, 1], 1),
        (ContextLimit(100, 50), [50, 50], 0),
        (ContextLimit(100, 50), [40, 30, 31], 2),
        (ContextLimit(100, 0), [60, 60], 1),
        (ContextLimit(100, 100), [200], 0),
        (ContextLimit(100, None), [90, 90], 0),
        (ContextLimit(100, 100), [], 0),
    ],
)
def test_the_oldest_go_first_and_the_newest_stays(
    limit: ContextLimit, sizes: list[int], first: int
) -> None:
    assert limit.first_kept(sizes) == first


def test_the_limit_is_the_models_without_the_instructions() -> None:
    session = default_session("gpt-realtime")
    assert context_limit(session, 24) == ContextLimit(INPUT_TOKENS - 24, INPUT_TOKENS - 24)
    session["truncation"] = retained(0.5, 10**6)
    assert context_limit(session, 24) == ContextLimit(28_200, 14_100)
    session["truncation"] = {"type": "retention_ratio", "retention_ratio": 0.8}
    assert context_limit(session, 0).kept_tokens == int(INPUT_TOKENS * 0.8)


def test_what_was_left_out_once_stays_out_and_in_the_conversation() -> None:
    call, listener = call_with(retained(0.5, 350))
    for number in range(4):
        write(call, f"item_{number}")
    used = respond(call)["usage"]["input_tokens"]
    assert [item["id"] for item in listener.prompts[-1].items] == ["item_3"]
    assert used == 100
    write(call, "item_4")
    respond(call)
    shown = [item["id"] for item in listener.prompts[-1].items]
    assert (shown[0], shown[-1], len(shown)) == ("item_3", "item_4", 3)
    assert listener.prompts[-1].turn == 5
    call.send("conversation.item.retrieve", item_id="item_0")
    assert call.events[-1]["type"] == "conversation.item.retrieved"
    assert not call.of_type("conversation.item.deleted")


def test_auto_leaves_out_no_more_than_it_has_to() -> None:
    call, listener = call_with("auto")
    for number in range(3):
        write(call, f"item_{number}", "x" * 4 * (INPUT_TOKENS // 2))
    assert respond(call)["usage"]["input_tokens"] == INPUT_TOKENS
    assert [item["id"] for item in listener.prompts[-1].items] == ["item_1", "item_2"]


def test_an_item_whose_id_is_used_again_is_seen() -> None:
    call, listener = call_with(retained(0.5, 150))
    write(call, "item_0")
    write(call, "item_1")
    respond(call)
    assert [item["id"] for item in listener.prompts[-1].items] == ["item_1"]
    call.send("conversation.item.delete", item_id="item_0")
    write(call, "item_0", "again")
    respond(call)
    assert listener.prompts[-1].items[-1]["id"] == "item_0"


def test_disabled_a_response_fails_until_there_is_room() -> None:
    call, listener = call_with("disabled")
    write(call, "item_0", "x" * 4 * INPUT_TOKENS)
    assert respond(call)["status"] == "completed"
    write(call, "item_1", "one more")
    failed = respond(call)
    assert failed["status"] == "failed"
    error = failed["status_details"]["error"]
    assert (error["type"], error["code"]) == ("invalid_request_error", "context_length_exceeded")
    assert len(listener.prompts) == 1
    call.send("conversation.item.delete", item_id="item_0")
    assert respond(call)["status"] == "completed"


def test_a_context_of_the_requests_own_is_taken_as_it_is() -> None:
    call, listener = call_with(retained(0.5, 150))
    content = [{"type": "input_text", "text": TURN}]
    given = {"type": "message", "role": "user", "content": content}
    respond(call, conversation="none", input=[given, given, given])
    assert len(listener.prompts[-1].items) == 3
    assert listener.prompts[-1].turn == 3


def test_a_response_beside_the_conversation_leaves_nothing_out_for_the_others() -> None:
    call, listener = call_with("auto")
    for number in range(3):
        write(call, f"item_{number}")
    long = "x" * 4 * (INPUT_TOKENS - 150)
    respond(call, conversation="none", instructions=long)
    assert len(listener.prompts[-1].items) == 1
    respond(call)
    assert len(listener.prompts[-1].items) == 3
