"""What the fuzz tests share: how much they try, what they try, and what must never be answered.

`HARNESS_FUZZ_EXAMPLES=20000 pytest tests/fuzz` looks longer; by default each takes a few seconds.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from harness.realtime.server.validation.client_events import CLIENT_EVENTS

EXAMPLES = int(os.environ.get("HARNESS_FUZZ_EXAMPLES", "60"))
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="HARNESS_FUZZ_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)

_INTERNAL = re.compile(
    r"Traceback|File \"|\bline \d+, in |harness/|site-packages|0x[0-9a-f]{6,}|<class "
    + "|"
    + re.escape(str(Path(__file__).parents[2]))
)
"""Stack traces, paths, addresses of objects."""

TEXT = st.text(max_size=20) | st.sampled_from(
    [
        "",
        "root",
        "realtime",
        "auto",
        "none",
        "\ud83d",
        "\x00",
        "../../etc/passwd",
        "item_1",
        "é" * 9,
    ]
)
NUMBER = st.integers(-(2**70), 2**70) | st.floats() | st.sampled_from([0, -1, 1e308, 2**53])
LEAF = st.none() | st.booleans() | NUMBER | TEXT
KEY = st.sampled_from(
    ["type", "id", "event_id", "session", "item", "item_id", "content", "audio", "format", "tools",
     "voice", "model", "input", "output", "response", "turn_detection", "role", "text", "name"]
) | st.text(max_size=8)  # fmt: skip
VALUE: st.SearchStrategy[Any] = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4),
    max_leaves=12,
)
VALID: list[dict[str, Any]] = [
    {"type": "session.update", "session": {"type": "realtime", "instructions": "Be kind."}},
    {"type": "session.update", "session": {"type": "realtime", "audio": {
        "input": {"turn_detection": {"type": "server_vad", "threshold": 0.5}},
        "output": {"voice": "alloy", "speed": 1.0}}}},
    {"type": "input_audio_buffer.append", "audio": "AAAA"},
    {"type": "conversation.item.create", "previous_item_id": None, "item": {
        "id": "item_1", "type": "message", "role": "user",
        "content": [{"type": "input_text", "text": "Hello."}]}},
    {"type": "conversation.item.create", "item": {
        "type": "function_call_output", "call_id": "call_1", "output": "{}"}},
    {"type": "conversation.item.truncate", "item_id": "item_1", "content_index": 0,
     "audio_end_ms": 5},
    {"type": "conversation.item.retrieve", "item_id": "item_1"},
    {"type": "conversation.item.delete", "item_id": "item_1"},
    {"type": "response.create", "response": {"output_modalities": ["text"], "conversation": "none",
     "input": [], "metadata": {"a": "b"}}},
    {"type": "response.cancel", "response_id": "resp_1"},
    {"type": "session.update", "session": {"type": "realtime", "tools": [
        {"type": "mcp", "server_label": "desk", "server_url": "http://127.0.0.1:9/mcp",
         "allowed_tools": {"read_only": True}, "require_approval": {"never": {"tool_names": []}},
         "headers": {"X-Key": "k"}}],
        "truncation": {"type": "retention_ratio", "retention_ratio": 0.5,
                       "token_limits": {"post_instructions": 1}}}},
    {"type": "response.create", "response": {"tool_choice": "required", "tools": [
        {"type": "function", "name": "look", "description": "Look.", "parameters": {}}]}},
    {"type": "conversation.item.create", "item": {
        "type": "mcp_approval_response", "approval_request_id": "item_1", "approve": True}},
    {"type": "input_audio_buffer.commit"},
    {"type": "output_audio_buffer.clear"},
]  # fmt: skip


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """A value with one place of it replaced, removed or added to."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(changed(value[key]))}
    if isinstance(value, list) and value and draw(st.booleans()):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], draw(changed(value[at])), *value[at + 1 :]]
    if isinstance(value, dict):
        less = {key: one for key, one in value.items() if draw(st.integers(0, 3))}
        return {**less, **draw(st.dictionaries(KEY, VALUE, max_size=2))}
    return draw(VALUE)


CLIENT_EVENT = (
    st.sampled_from(VALID).flatmap(changed)
    | st.sampled_from(VALID)
    | st.builds(
        lambda kind, rest: {**rest, "type": kind},
        st.sampled_from(sorted(CLIENT_EVENTS)),
        st.dictionaries(KEY, VALUE, max_size=4),
    )
)
EVENT_TEXT = (
    CLIENT_EVENT.map(json.dumps)
    | st.builds(lambda event, at: json.dumps(event)[:at], CLIENT_EVENT, st.integers(0, 200))
    | VALUE.map(json.dumps)
    | st.text(max_size=50)
    | st.sampled_from(
        ["[" * 5000, '{"a":' * 3000, "1e999", "NaN", '{"type":1,"type":2}', "\ufeff{}"]
    )
)


@st.composite
def changed_lines(draw: st.DrawFn, text: str) -> str:
    """An SDP with some lines removed, doubled, moved, cut or made up."""
    lines = text.split("\r\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        made = draw(
            st.sampled_from([None, line + line, line[: len(line) // 2], "m=audio 9 X 0", "v=0"])
            | st.text(max_size=30)
            | st.builds(lambda n, line=line: re.sub(r"\d+", str(n), line), st.integers(-1, 2**40))
        )
        lines[at : at + 1] = [] if made is None else [made]
        if not lines:
            break
    return "\r\n".join(lines)


def check_text(text: str, sent: str = "") -> None:
    """Nothing of the inside in what a client gets; what it sent itself may come back."""
    for found in _INTERNAL.finditer(text):
        assert found[0] in sent, f"{found[0]!r} in {text[:500]}"


def check_error(body: str, sent: str = "") -> None:
    """The contract's error body, and nothing else."""
    check_text(body, sent)
    error = json.loads(body)["error"]
    assert set(error) == {"message", "type", "code", "param"}
    assert isinstance(error["message"], str)
    assert isinstance(error["type"], str)
    assert error["code"] is None or isinstance(error["code"], str)
