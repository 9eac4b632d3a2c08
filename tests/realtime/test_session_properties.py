"""Random events, commands, losses and times: nothing breaks, and the conversation is a model's."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import HarnessError
from harness.realtime.server_events import SERVER_EVENTS
from tests.support.client_driver import ClientDriver, JoinedDriver
from tests.support.client_model import ClientModel
from tests.support.conversation_model import ConversationModel
from tests.support.session_driver import SessionDriver

ITEM_IDS = st.sampled_from(["a", "b", "c", "d"])
ANSWER_IDS = st.sampled_from(["r", "s", "t"])
WORDS = st.sampled_from(["", "one", "one two three"])
STATUS = st.sampled_from(["in_progress", "completed", "incomplete", "cancelled", "failed", "odd"])
NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=4,
)

PARTS = st.one_of(
    st.fixed_dictionaries({"type": st.just("output_audio"), "transcript": st.none() | WORDS}),
    st.fixed_dictionaries({"type": st.just("output_text"), "text": WORDS}),
    st.fixed_dictionaries({"type": st.just("input_audio"), "transcript": st.none()}),
    st.fixed_dictionaries({"type": st.just("input_image"), "image_url": NONSENSE}),
    st.fixed_dictionaries({"type": NONSENSE, "text": NONSENSE}),
)
ITEMS = st.one_of(
    st.fixed_dictionaries(
        {
            "id": ITEM_IDS,
            "type": st.just("message"),
            "status": STATUS,
            "role": st.sampled_from(["user", "assistant", "system"]),
            "content": st.lists(PARTS, max_size=2),
        }
    ),
    st.fixed_dictionaries(
        {
            "id": ITEM_IDS,
            "type": st.just("function_call"),
            "status": STATUS,
            "call_id": st.sampled_from(["call_1", "call_2"]),
            "name": st.sampled_from(["lamp", "unheard"]),
            "arguments": st.sampled_from(["{}", '{"on": true}', "{", ""]),
        }
    ),
    st.fixed_dictionaries(
        {
            "id": ITEM_IDS,
            "type": st.just("function_call_output"),
            "call_id": st.just("call_1"),
            "output": WORDS,
        }
    ),
    st.fixed_dictionaries(
        {
            "id": ITEM_IDS,
            "type": st.sampled_from(["mcp_call", "mcp_approval_request", "mcp_approval_response"]),
            "approval_request_id": NONSENSE,
        }
    ),
)
RESPONSES = st.fixed_dictionaries(
    {
        "id": ANSWER_IDS,
        "status": STATUS,
        "output": st.lists(ITEMS, max_size=2),
        "conversation_id": st.none() | st.just("conv"),
    },
    optional={"usage": NONSENSE, "status_details": NONSENSE, "output_modalities": NONSENSE},
)


def event(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), **fields})


TRANSCRIPTION = "conversation.item.input_audio_transcription"
ITEM_EVENTS = st.one_of(
    *(
        event(f"conversation.item.{kind}", item=ITEMS, previous_item_id=st.none() | ITEM_IDS)
        for kind in ("added", "created", "done", "retrieved")
    ),
    event("conversation.item.deleted", item_id=ITEM_IDS),
    event("conversation.item.truncated", item_id=ITEM_IDS, audio_end_ms=st.integers(0, 9000)),
    event(f"{TRANSCRIPTION}.delta", item_id=ITEM_IDS, delta=NONSENSE),
    event(f"{TRANSCRIPTION}.completed", item_id=ITEM_IDS, transcript=WORDS),
    event(f"{TRANSCRIPTION}.failed", item_id=ITEM_IDS, error=NONSENSE),
)
ANSWER_EVENTS = st.one_of(
    event("response.created", response=RESPONSES),
    event("response.done", response=RESPONSES),
    event("response.output_item.added", response_id=ANSWER_IDS, item=ITEMS),
    event("response.output_item.done", response_id=ANSWER_IDS, item=ITEMS),
    *(
        event(f"response.{kind}.delta", response_id=ANSWER_IDS, item_id=ITEM_IDS, delta=WORDS)
        for kind in ("output_audio_transcript", "output_text", "output_audio")
    ),
    *(
        event(f"output_audio_buffer.{kind}", response_id=ANSWER_IDS)
        for kind in ("started", "stopped", "cleared")
    ),
)
OTHER_EVENTS = st.one_of(
    event("session.created", session=st.dictionaries(st.sampled_from(["id", "audio"]), NONSENSE)),
    event("session.updated", session=st.dictionaries(st.sampled_from(["id", "audio"]), NONSENSE)),
    event("input_audio_buffer.speech_started", item_id=ITEM_IDS),
    event("input_audio_buffer.speech_stopped", item_id=ITEM_IDS),
    event("input_audio_buffer.committed", item_id=ITEM_IDS),
    event("input_audio_buffer.cleared"),
    event("rate_limits.updated", rate_limits=st.lists(st.just({"name": "tokens"}), max_size=1)),
    event("a.type.nobody.knows", item=NONSENSE, response=NONSENSE),
)
WHOLE = st.one_of(ITEM_EVENTS, ITEM_EVENTS, ANSWER_EVENTS, ANSWER_EVENTS, OTHER_EVENTS)
BROKEN = st.one_of(
    st.builds(
        lambda kind, fields: {"type": kind, **fields},
        st.sampled_from(sorted(SERVER_EVENTS)),
        st.dictionaries(st.sampled_from(["item", "response", "session", "error"]), NONSENSE),
    ),
    st.dictionaries(st.sampled_from(["item", "kind"]), NONSENSE),
)
CODES = st.sampled_from(
    [
        "conversation_already_has_active_response",
        "response_cancel_not_active",
        "item_not_found",
        "item_already_exists",
        "invalid_value",
    ]
)
COMMANDS = st.sampled_from(
    [
        "commit",
        "clear_input_audio",
        "respond",
        "respond_outside",
        "cancel",
        "interrupt",
        "clear_output_audio",
        "toggle_microphone",
        "text",
        "update",
        "truncate",
        "delete",
        "approve",
        "restore",
        "tool_finished",
        "history",
    ]
)
STEPS = st.one_of(
    st.tuples(st.just("whole"), WHOLE),
    st.tuples(st.just("whole"), WHOLE),
    st.tuples(st.just("whole"), WHOLE),
    st.tuples(st.just("broken"), BROKEN),
    st.tuples(st.just("text"), st.text(max_size=20)),
    st.tuples(st.just("command"), COMMANDS),
    st.tuples(st.just("command"), COMMANDS),
    st.tuples(st.just("refuse"), st.tuples(st.integers(0, 5), CODES)),
    st.tuples(st.just("time"), st.sampled_from([0.01, 2.0, 40.0, 400.0])),
    st.tuples(st.just("jump"), st.floats()),
    st.tuples(st.just("line"), st.sampled_from(["open", "lose", "close"])),
)


def lamp(on: bool = True) -> str:
    """Switch the lamp."""
    return "lit" if on else "dark"


class Run:
    """One random call beside the model of its conversation."""

    def __init__(self, auto_resume: bool, runs_tools: bool) -> None:
        self.call = ClientDriver(lamp, auto_resume=auto_resume)
        self.call.runs_tools = runs_tools
        self.model = ClientModel()
        self.open()

    def open(self) -> None:
        self.call.do(self.call.session.open, self.call.now_s)
        self.model = ClientModel()

    def step(self, kind: str, value: Any) -> None:
        session, call = self.call.session, self.call
        try:
            match kind:
                case "whole":
                    call.do(session.receive_event, value, call.now_s)
                    if session.snapshot().state == "open":
                        self.model.receive(json.loads(json.dumps(value)))
                case "broken" | "text":
                    call.do(session.receive_event, value, call.now_s)
                case "command":
                    call.do(self.command, value)
                case "refuse" if call.sent:
                    back, code = value
                    call.refuse(call.sent[-1 - back % len(call.sent)]["event_id"], code)
                case "time":
                    call.wait(value)
                case "jump":
                    call.do(session.advance, value)
                case "line" if value == "open":
                    self.open()
                case "line":
                    call.do(session.lose if value == "lose" else session.close, "x", call.now_s)
        except HarnessError:
            call.drain()

    def command(self, name: str) -> None:
        session = self.call.session
        other: dict[str, Any] = {
            "text": lambda: session.send_text("hello"),
            "update": lambda: session.update({"instructions": "x"}),
            "truncate": lambda: session.truncate("a", 5),
            "delete": lambda: session.delete_item("a"),
            "approve": lambda: session.approve_mcp("a"),
            "restore": lambda: session.restore(session.history()),
            "tool_finished": lambda: session.tool_finished("call_1", "x", now_s=self.call.now_s),
        }
        (other[name] if name in other else getattr(session, name))()

    def check(self) -> None:
        call, snapshot = self.call, self.call.session.snapshot()
        assert list(snapshot.items) == self.model.items
        wake_at_s = call.session.wake_at_s()
        assert wake_at_s is None or wake_at_s > call.session.core.now_s
        assert all(isinstance(data["error"], HarnessError) for data in call.news("error"))


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, max_size=40), st.booleans(), st.booleans())
def test_nothing_breaks_the_session_and_its_conversation_is_the_model_s(
    steps: list[tuple[str, Any]], auto_resume: bool, runs_tools: bool
) -> None:
    run = Run(auto_resume, runs_tools)
    for kind, value in steps:
        run.step(kind, value)
        run.check()
    call = run.call
    call.do(call.session.close, "the end", call.now_s)
    ids = [sent["event_id"] for sent in call.sent]
    waited = {i for i in ids if call.session.core.is_waiting(i)}
    assert not waited, "everything is settled in the end"
    run_ids = Counter(run.call_id for run in call.runs)
    assert all(count == 1 for count in run_ids.values()), "each call runs once"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(["speak", "wait", "respond", "interrupt", "text", "delete", "lose"]),
        min_size=1,
        max_size=8,
    )
)
def test_a_real_server_s_events_make_the_same_conversation_on_both_sides(steps: list[str]) -> None:
    rules = [{"when": {"turn": 2}, "call": {"name": "lamp", "arguments": {}}}, {"say": "one two"}]
    call = JoinedDriver(SessionDriver(rules), lamp, turn_detection={"type": "server_vad"})
    call.connect()
    session = call.session
    for step in steps:
        match step:
            case "speak":
                call.run(0.4, speak=True)
            case "wait":
                call.run(1.2)
            case "respond":
                call.do(session.respond)
            case "interrupt":
                call.do(session.interrupt)
            case "text":
                call.do(session.send_text, "hello")
            case "delete" if call.item_ids():
                call.do(session.delete_item, call.item_ids()[0])
            case "lose":
                session.lose("network", call.now_s)
                before = session.history().items
                call.connect(SessionDriver(rules))
                # Behind it there may be what was asked for before, and waited.
                assert [item["id"] for item in before] == call.item_ids()[: len(before)]
        assert list(session.snapshot().items) == call.server.session.items
        assert not {"EventOutOfOrder", "MalformedEvent"} & set(call.errors())
    call.run_until_over()
    model = ConversationModel()
    model.replay(call.server.events)
    assert list(session.snapshot().items) == model.items()
