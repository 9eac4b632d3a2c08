"""Whatever a client sends, and whenever: the session's invariants hold.

Random legal and illegal events, audio, results and time are fed in; then the conformance
checklist of the Realtime reference is read off the events that came out.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.realtime.server.assistants.script import Script
from harness.realtime.server.validation.mcp_values import RemoteFailure, RemoteTool
from tests.support.conversation_model import ConversationModel, check_ladders
from tests.support.session_driver import SessionDriver, silence, spoken

RULES: list[dict[str, Any]] = [
    {"when": {"tool": "look"}, "say": "It looks fine."},
    {
        "when": {"words": ["look"]},
        "say": "Let me see.",
        "call": {"name": "look", "arguments": {"at": "it"}},
    },
    {"when": {"words": ["both"]}, "call": [{"name": "look"}, {"name": "move"}]},
    {"when": {"words": ["quiet"]}, "silent": True},
    {"when": {"words": ["slow"]}, "say": "At last.", "delay_ms": 700},
    {"when": {"greeting": True}, "say": "Good day to you. How are you?"},
    {"when": {"words": ["away"]}, "call": {"name": "not offered"}},
    {"when": {"words": ["remote"]}, "call": [{"name": "fetch"}, {"name": "look"}]},
    {"when": {"tool": "fetch", "outcome": "failed"}, "call": {"name": "fetch"}},
    {"say": "One two three four five six. Seven eight nine ten eleven twelve thirteen."},
]
TOOLS = [{"type": "function", "name": "look"}, {"type": "function", "name": "move"}]
REMOTE = {"type": "mcp", "server_label": "desk", "server_url": "http://127.0.0.1:9/"}
TOOL_LISTS = st.sampled_from(
    [
        TOOLS,
        [*TOOLS, REMOTE],
        [*TOOLS, {**REMOTE, "require_approval": "never"}],
        [{"type": "mcp", "server_label": "desk"}],
    ]
)
FETCH = RemoteTool("fetch")
FAILURE = RemoteFailure("http_error", "Bad Gateway", 502)
WORDS = st.sampled_from(
    ["look", "both", "quiet", "slow", "anything else.", "long", "", "and", "away", "remote"]
)
SOME_ID = st.sampled_from(["a", "b", "c", "root", "", "nowhere"])
JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "id", "audio", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
TURN_DETECTION = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {"type": st.just("server_vad")},
        optional={
            "create_response": st.booleans(),
            "interrupt_response": st.booleans(),
            "idle_timeout_ms": st.sampled_from([5000, 100]),
            "silence_duration_ms": st.sampled_from([0, 200, 500]),
            "threshold": st.sampled_from([0, 0.5, 1.0, 2]),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("semantic_vad")},
        optional={"eagerness": st.sampled_from(["low", "high", "auto", "x"])},
    ),
)
SESSION = st.fixed_dictionaries(
    {"type": st.sampled_from(["realtime", "realtime", "transcription"])},
    optional={
        "output_modalities": st.sampled_from([["audio"], ["text"], ["text", "audio"]]),
        "max_output_tokens": st.sampled_from(["inf", 1, 20, 0]),
        "tools": TOOL_LISTS,
        "audio": st.fixed_dictionaries(
            {},
            optional={
                "input": st.fixed_dictionaries(
                    {},
                    optional={
                        "turn_detection": TURN_DETECTION,
                        "transcription": st.sampled_from([None, {"model": "whisper-1"}, {}]),
                    },
                ),
                "output": st.fixed_dictionaries(
                    {}, optional={"voice": st.sampled_from(["alloy", "marin", "nobody"])}
                ),
            },
        ),
    },
)
AUDIO = st.sampled_from(["", "AAAA", "AAA", "!", "AAAAAAAA" * 2000])
CONTENT = st.one_of(
    st.builds(lambda text: [{"type": "input_text", "text": text}], WORDS),
    st.builds(lambda audio: [{"type": "input_audio", "audio": audio}], AUDIO),
    st.just([{"type": "output_text", "text": "hm"}]),
    st.just([]),
)
ITEM = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.just("message"),
            "role": st.sampled_from(["user", "user", "assistant", "system"]),
            "content": CONTENT,
        },
        optional={"id": SOME_ID},
    ),
    st.fixed_dictionaries(
        {"type": st.just("function_call"), "name": st.just("look"), "arguments": st.just("{}")},
        optional={"call_id": st.sampled_from(["k1", "k2"]), "id": SOME_ID},
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("function_call_output"),
            "call_id": st.sampled_from(["k1", "k2"]),
            "output": st.just("done"),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("mcp_approval_response"),
            "approval_request_id": st.just("nothing"),
            "approve": st.booleans(),
        }
    ),
)
RESPONSE = st.fixed_dictionaries(
    {},
    optional={
        "conversation": st.sampled_from(["auto", "none"]),
        "output_modalities": st.sampled_from([["audio"], ["text"]]),
        "input": st.lists(ITEM | st.just({"type": "item_reference", "id": "a"}), max_size=2),
        "tools": TOOL_LISTS,
        "modalities": st.just(["text"]),
    },
)


def _event(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), **fields})


EVENTS = st.one_of(
    _event("session.update", session=SESSION),
    _event("input_audio_buffer.commit"),
    _event("input_audio_buffer.clear"),
    _event("input_audio_buffer.append", audio=AUDIO),
    _event("output_audio_buffer.clear"),
    _event("conversation.item.create", item=ITEM),
    _event("conversation.item.create", item=ITEM, previous_item_id=SOME_ID),
    _event("response.create"),
    _event("response.create", response=RESPONSE),
    _event("response.cancel"),
    _event("response.cancel", response_id=st.just("resp_no")),
)
# An index picks one of the ids that the session has told so far.
ABOUT_ITEMS = st.tuples(
    st.sampled_from(["retrieve", "delete", "truncate"]),
    st.integers(0, 10),
    st.sampled_from([0, 100, 100_000]),
)
_SPEAK = st.tuples(st.just("speech"), st.sampled_from([0.1, 0.5, 1.0]))
_TURN = st.tuples(st.just("turn"), st.sampled_from([0.3, 1.0]))
_PAUSE = st.tuples(st.just("silence"), st.sampled_from([0.02, 0.3, 1.0, 3.0]))
_EVENT = st.tuples(st.just("event"), EVENTS)
_WORDS = st.tuples(st.just("words"), WORDS | st.none())
_SYNTHESIS = st.tuples(st.just("synthesis"), st.sampled_from([0.0, 0.1, 1.0, 3.0]) | st.none())
_REMOTE = st.tuples(st.sampled_from(["listed", "called", "decided"]), st.booleans())
_BROKEN = st.tuples(
    st.just("broken"), st.dictionaries(st.sampled_from(["type", "item", "x"]), JSON_VALUE)
)
STEPS = st.one_of(
    _BROKEN,
    st.tuples(st.just("text"), st.text(max_size=20)),
    st.tuples(st.just("time"), st.sampled_from([-1.0, 0.0, 0.5, 6.0])),
    st.tuples(st.just("item"), ABOUT_ITEMS),
    _SPEAK,
    # Named more than once: that often are they tried.
    *[_SPEAK, _TURN, _TURN, _TURN, _TURN, _PAUSE, _PAUSE, _EVENT, _EVENT, _EVENT, _EVENT],
    *[_WORDS, _WORDS, _SYNTHESIS, _SYNTHESIS, _REMOTE, _REMOTE],
)
FORMATS = st.sampled_from([{"type": "audio/pcm"}, {"type": "audio/pcmu"}, {"type": "audio/pcma"}])
START = st.fixed_dictionaries(
    {
        "tools": st.sampled_from([TOOLS, [*TOOLS, REMOTE]]),
        "audio": st.fixed_dictionaries(
            {
                "output": st.fixed_dictionaries({"format": FORMATS}),
                "input": st.fixed_dictionaries(
                    {
                        "format": FORMATS,
                        "transcription": st.sampled_from(
                            [None, {"model": "whisper-1"}, {"model": "gpt-transcribe"}]
                        ),
                        "turn_detection": st.sampled_from(
                            [
                                None,
                                {"type": "server_vad", "silence_duration_ms": 300},
                                {"type": "server_vad", "interrupt_response": False},
                                {"type": "server_vad", "idle_timeout_ms": 5000},
                                {"type": "semantic_vad", "eagerness": "high"},
                            ]
                        ),
                    }
                ),
            }
        ),
    }
)


def _apply(call: SessionDriver, model: ConversationModel, kind: str, value: Any) -> None:
    match kind:
        case "event" | "broken":
            call.send_text(json.dumps(value))
        case "text":
            call.send_text(value)
        case "item":
            what, index, end_ms = value
            known = [*model.told_ids(call.events), "nowhere"]
            fields = {"content_index": 0, "audio_end_ms": end_ms} if what == "truncate" else {}
            call.send(f"conversation.item.{what}", item_id=known[index % len(known)], **fields)
        case "speech":
            call.hear(spoken(value))
        case "turn":
            call.hear(np.concatenate([spoken(value), silence(0.8)]))
        case "silence":
            call.hear(silence(value))
        case "words":
            call.settle_recognition(value)
        case "synthesis":
            call.settle_speech(value)
        case "listed":
            _list(call, value)
        case "called":
            _end_call(call, value)
        case "decided":
            _decide(call, value)
        case "time":
            call.now_s += value
            call.session.advance(call.now_s)
            call.now_s = max(call.now_s, 100.0)
            call.drain()


def _list(call: SessionDriver, is_good: bool) -> None:
    if call.listings:
        call.list_tools(FETCH, failure=None if is_good else FAILURE)


def _end_call(call: SessionDriver, is_good: bool) -> None:
    if call.calls:
        call.call_ended("fetched" if is_good else None, None if is_good else FAILURE)


def _decide(call: SessionDriver, approve: bool) -> None:
    for event in call.of_type("conversation.item.done"):
        if event["item"]["type"] == "mcp_approval_request":
            request = {"approval_request_id": event["item"]["id"], "approve": approve}
            item = {"type": "mcp_approval_response", **request}
            call.send("conversation.item.create", item=item)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    START,
    st.lists(STEPS, min_size=6, max_size=25),
    st.sampled_from(["webrtc", "websocket"]),
    st.booleans(),
    st.booleans(),
)
def test_invariants_hold_whatever_comes(
    start: dict[str, Any],
    steps: list[tuple[str, Any]],
    transport: str,
    holds_recognition: bool,
    holds_speech: bool,
) -> None:
    call = SessionDriver(
        RULES, start, ["long", "both", "slow", "long", "look", "quiet"], transport=transport
    )
    call.holds_recognition, call.holds_speech = holds_recognition, holds_speech
    model = ConversationModel()
    for kind, value in steps:
        _apply(call, model, kind, value)
    _finish(call)
    check_ladders(call.events, transport)
    model.replay(call.events)
    assert [item["id"] for item in call.session.items] == model.order
    assert call.session.items == model.items()


def _finish(call: SessionDriver) -> None:
    """Let everything that was begun come to its end."""
    call.send(
        "session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": None}}}
    )
    for _ in range(40):
        _list(call, is_good=True)
        _end_call(call, is_good=True)
        while call.recognitions:
            call.settle_recognition("the end")
        while call.syntheses:
            call.settle_speech(0.1)
        call.hear(silence(0.5))
        under_way = call.recognitions or call.syntheses or call.listings or call.calls
        if not under_way and call.is_at_rest():
            return
    raise AssertionError("the session never came to rest")


def test_the_same_seed_and_input_give_the_same_events() -> None:
    def run() -> list[dict[str, Any]]:
        call = SessionDriver([{"say": "One. Two. Three."}])
        call.say()
        call.wait_for("output_audio_buffer.stopped")
        return call.events

    assert run() == run()


def test_audio_that_is_no_number_harms_nothing() -> None:
    call = SessionDriver()
    call.hear(np.full(4800, np.nan, dtype=np.float32))
    call.hear(np.full(4800, np.inf, dtype=np.float32))
    assert call.types() == ["session.created"]


def test_the_scripts_of_this_test_are_valid() -> None:
    assert Script.model_validate({"rules": RULES}).rules
