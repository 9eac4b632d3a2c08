"""Every field of a session: taken, read back with its defaults, none of its neighbours moved."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.support.openai_types import typed
from tests.support.session_driver import SessionDriver, spoken

FUNCTION = {"type": "function", "name": "look", "description": "Look.", "parameters": {}}
BARE = {"type": "function", "name": "look"}
SEMANTIC = {"type": "semantic_vad"}
RETENTION = {"type": "retention_ratio", "retention_ratio": 0.8}
LIMITED = {**RETENTION, "token_limits": {"post_instructions": 8000}}
WHISPER = {"model": "whisper-1"}
TRACE = {"workflow_name": "booking", "group_id": "g", "metadata": {"a": 1}}
LOGPROBS = ["item.input_audio_transcription.logprobs"]

AS_GIVEN: list[tuple[str, Any]] = [
    ("output_modalities", ["text"]),
    ("output_modalities", ["audio"]),
    ("instructions", ""),
    ("instructions", "Sprich Deutsch. 🙂"),
    ("tools", []),
    ("tools", [FUNCTION]),
    *[("tool_choice", choice) for choice in ("none", "auto", "required")],
    ("tool_choice", {"type": "function", "name": "look"}),
    ("parallel_tool_calls", False),
    *[("reasoning", {"effort": level}) for level in ("minimal", "low", "medium", "high", "xhigh")],
    *[("max_output_tokens", limit) for limit in (1, 4096, "inf")],
    ("tracing", "auto"),
    ("tracing", TRACE),
    ("truncation", "disabled"),
    ("truncation", RETENTION),
    ("truncation", LIMITED),
    ("prompt", {"id": "pmpt_1", "version": "2", "variables": {"city": "Bonn"}}),
    ("include", LOGPROBS),
    ("audio.input.transcription", None),
    ("audio.input.noise_reduction", None),
    ("audio.input.noise_reduction", {"type": "far_field", "strength": 0.5}),
    ("audio.input.turn_detection", None),
    ("audio.output.speed", 1.5),
    ("audio.output.speed", 0.25),
    ("audio.output.voice", "cedar"),
    ("audio.output.voice", {"id": "voice_1"}),
]
FILLED: list[tuple[str, Any, Any]] = [
    ("tools", [BARE], [{**BARE, "description": None, "parameters": None}]),
    ("audio.input.transcription", WHISPER, {**WHISPER, "language": None, "prompt": None}),
    (
        "audio.input.transcription",
        {"model": "gpt-live-transcribe", "keywords": ["Bonn"], "languages": ["de"]},
        {"model": "gpt-live-transcribe", "language": None, "prompt": None, "keywords": ["Bonn"],
         "languages": ["de"]},
    ),
    ("audio.input.noise_reduction", {"type": "near_field"}, {"type": "near_field", "strength": 1}),
    ("audio.input.format", {"type": "audio/pcm"}, {"type": "audio/pcm", "rate": 24000}),
    (
        "audio.input.turn_detection",
        SEMANTIC,
        {**SEMANTIC, "eagerness": "auto", "create_response": True, "interrupt_response": True},
    ),
    (
        "audio.input.turn_detection",
        {"type": "server_vad", "create_response": False, "idle_timeout_ms": 6000},
        {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300,
         "silence_duration_ms": 500, "idle_timeout_ms": 6000, "create_response": False,
         "interrupt_response": True},
    ),
]  # fmt: skip


def put(session: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The session with a value at a dotted path."""
    *outer, last = path.split(".")
    at = session
    for key in outer:
        at = at.setdefault(key, {})
    at[last] = value
    return session


@pytest.mark.parametrize(
    ("path", "given", "expected"), [*[(path, value, value) for path, value in AS_GIVEN], *FILLED]
)
def test_what_was_asked_for_is_read_back_and_nothing_else_changed(
    path: str, given: Any, expected: Any
) -> None:
    call = SessionDriver()
    before = call.events[0]["session"]
    call.send("session.update", session=put({"type": "realtime"}, path, given))
    event = call.events[-1]
    assert event["type"] == "session.updated", event
    after = event["session"]
    assert after == put(copy.deepcopy(before), path, expected)
    assert [key for key in after if key in before] == list(before), "keys stay in their order"
    assert not isinstance(typed(event, "server"), dict)


def test_strength_of_noise_reduction_stays_where_it_is_not_mentioned() -> None:
    call = SessionDriver()
    for given in ({"type": "near_field", "strength": 0.3}, {"type": "far_field"}):
        change = put({"type": "realtime"}, "audio.input.noise_reduction", given)
        call.send("session.update", session=change)
    read_back = call.last("session.updated")["session"]["audio"]["input"]["noise_reduction"]
    assert read_back == {"type": "far_field", "strength": 0.3}


def test_a_response_overrides_the_session_for_itself_alone() -> None:
    call = SessionDriver([{"say": "One two three four five six seven."}])
    session = call.session.settings
    asked = {
        "output_modalities": ["text"],
        "max_output_tokens": 5,
        "instructions": "Be brief.",
        "tools": [FUNCTION],
        "tool_choice": "none",
        "audio": {"output": {"voice": "ash"}},
        "metadata": {"topic": "x"},
    }
    call.send("response.create", response=asked)
    response = call.wait_for("response.done")["response"]
    assert response["output_modalities"] == ["text"]
    assert response["audio"]["output"]["voice"] == "ash"
    assert response["metadata"] == {"topic": "x"}
    assert (response["status"], response["max_output_tokens"]) == ("incomplete", 5)
    assert response["usage"]["output_tokens"] == 5
    assert call.session.settings == session
    call.send("response.create", response={"metadata": {}})
    assert call.wait_for("response.created")["response"]["metadata"] == {}
    assert call.wait_for("response.done")["response"]["output_modalities"] == ["audio"]


def test_what_is_used_is_told_over_the_whole_session() -> None:
    call = SessionDriver([{"say": "Yes."}], {"output_modalities": ["text"]})
    left = []
    for _ in range(3):
        call.send("response.create")
        call.wait_for("rate_limits.updated")
        (limit,) = call.last("rate_limits.updated")["rate_limits"]
        left.append(limit["remaining"])
    assert left[0] > left[1] > left[2]
    call.wait(70)
    call.send("response.create")
    call.wait_for("rate_limits.updated")
    assert call.last("rate_limits.updated")["rate_limits"][0]["remaining"] > left[1]


def test_a_call_that_a_client_writes_down_gets_an_id() -> None:
    call = SessionDriver()
    item = {"type": "function_call", "name": "look", "arguments": "{}"}
    call.send("conversation.item.create", item=item)
    call_id = call.last("conversation.item.done")["item"]["call_id"]
    assert call_id.startswith("call_")
    output = {"type": "function_call_output", "call_id": call_id, "output": "a cat"}
    call.send("conversation.item.create", item=output)
    assert "status" not in call.last("conversation.item.done")["item"]
    assert not call.of_type("error")


def test_images_are_kept_and_counted() -> None:
    call = SessionDriver([{"say": "A picture."}], {"output_modalities": ["text"]})
    image = {"type": "input_image", "image_url": "data:image/jpeg;base64,/9j/4AAQ"}
    item = {"type": "message", "role": "user", "content": [image]}
    call.send("conversation.item.create", item=item)
    (part,) = call.last("conversation.item.added")["item"]["content"]
    assert part == {**image, "detail": "auto"}
    call.send("response.create")
    usage = call.wait_for("response.done")["response"]["usage"]
    assert usage["input_token_details"]["image_tokens"] > 0


@pytest.mark.parametrize("creates", [True, False])
@pytest.mark.parametrize("interrupts", [True, False])
def test_the_four_combinations_of_answering_and_interrupting(
    creates: bool, interrupts: bool
) -> None:
    knobs = {"type": "server_vad", "create_response": creates, "interrupt_response": interrupts}
    long = "One two three four five six seven eight nine ten. Eleven twelve thirteen fourteen."
    call = SessionDriver([{"say": long}], put({}, "audio.input.turn_detection", knobs))
    call.send("response.create")
    call.wait_for("output_audio_buffer.started")
    call.hear(spoken(0.5))
    call.wait(0.7)
    kinds = call.types()
    assert kinds.count("input_audio_buffer.committed") == 1
    assert ("output_audio_buffer.cleared" in kinds) == interrupts
    first = call.of_type("response.done")[0]["response"]["status"]
    assert first == ("cancelled" if interrupts else "completed")
    call.wait(15)
    assert len(call.of_type("response.done")) == 1 + creates
