"""A context in a call that a page leads: its thread, instructions and tools, whatever comes."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.context.binding import Binding
from harness.context.definition import ContextDefinition, ContextTool
from harness.context.delivery import LateResult
from harness.context.transcript import Keep
from harness.context.widgets import WidgetAction
from harness.realtime.client.outputs import SendEvent
from harness.realtime.client.tools import DEFAULT_TIME_LIMIT_S, tool_from
from harness.realtime.session_object import default_session, merged
from harness.realtime.widgets import SetOff, action_in
from tests.support.contexts import NOW, added, context, session, written
from tests.support.thread_rows import asked_row, said_row

ORDER = ContextTool(name="order")


def repeat(text: str) -> str:
    return text


def sent(binding: Binding) -> list[dict[str, Any]]:
    return [one.event for one in binding.take_outputs() if isinstance(one, SendEvent)]


def bound(rows: list[dict[str, Any]] | None = None, **fields: Any) -> Binding:
    """Told of a session with instructions of its own, and open."""
    binding = Binding(context(**fields), rows or [], [], 0.0)
    binding.on_server_event(session(instructions="Be brief.", tools=[]), 0.5, NOW)
    binding.open(1.0)
    return binding


def test_the_session_gets_the_contexts_part_then_the_thread() -> None:
    binding = bound([asked_row(), said_row()], instructions="Sell shoes.", tools=[ORDER])
    update, first, second = sent(binding)
    assert update["session"]["instructions"] == "Be brief.\n\nSell shoes."
    assert [tool["name"] for tool in update["session"]["tools"]] == ["order"]
    assert "audio" not in update["session"]
    assert (first["previous_item_id"], first["item"]["id"]) == ("root", "msg_1")
    assert (second["previous_item_id"], second["item"]["id"]) == ("msg_1", "msg_2")
    assert not binding.is_ready
    for event, previous in ((first, None), (second, "msg_1")):
        kept = binding.on_server_event(added(event["item"], previous), 1.1, NOW)
        assert kept == []
    assert binding.is_ready
    assert binding.session.put_in_count == 2


def test_nothing_is_sent_where_there_is_nothing_to_say() -> None:
    assert sent(bound()) == []
    assert bound().is_ready


def test_what_the_user_says_is_written_down_where_it_was_not() -> None:
    binding = Binding(context(), [], [], 0.0)
    binding.on_server_event(session(audio={"input": {"transcription": None}}), 0.5, NOW)
    binding.open(1.0)
    (update,) = sent(binding)
    assert update["session"]["audio"]["input"]["transcription"]["model"] == "gpt-transcribe"
    binding.on_server_event(session("session.updated"), 1.1, NOW)
    binding.release(2.0, NOW)
    (back,) = sent(binding)
    assert back["session"]["audio"] == {"input": {"transcription": None}}


def test_a_page_that_updates_its_session_does_not_take_the_context_away() -> None:
    binding = bound(instructions="Sell shoes.", tools=[ORDER])
    (update,) = sent(binding)
    binding.on_server_event(session("session.updated", **update["session"]), 1.1, NOW)
    assert sent(binding) == []
    own = [{"type": "function", "name": "open_door"}]
    binding.on_server_event(session("session.updated", instructions="Shout.", tools=own), 2, NOW)
    (again,) = sent(binding)
    assert again["session"]["instructions"] == "Shout.\n\nSell shoes."
    assert [tool["name"] for tool in again["session"]["tools"]] == ["open_door", "order"]


def test_a_session_that_has_not_told_what_it_is_is_asked_and_nothing_of_it_is_written_over() -> (
    None
):
    binding = Binding(context(instructions="Sell shoes."), [], [], 0.0)
    binding.open(1.0)
    (asked,) = sent(binding)
    assert asked["session"] == {"type": "realtime"}
    assert not binding.is_ready
    binding.on_server_event(session("session.updated", instructions="Shout."), 1.1, NOW)
    (update,) = sent(binding)
    assert update["session"]["instructions"] == "Shout.\n\nSell shoes."
    assert binding.is_ready


def test_an_update_that_is_refused_is_not_waited_for() -> None:
    binding = bound(instructions="Sell shoes.")
    (update,) = sent(binding)
    error = {"type": "invalid_request_error", "code": "no", "message": "No.", "param": None}
    refused = {"type": "error", "event_id": "e", "error": error | {"event_id": update["event_id"]}}
    binding.on_server_event(refused, 1.1, NOW)
    assert sent(binding) == []
    binding.on_server_event(session("session.updated", instructions="Shout."), 1.2, NOW)
    (again,) = sent(binding)
    assert again["session"]["instructions"] == "Shout.\n\nSell shoes."


RESULT = LateResult("job_1", "fc_1", "fco_1", "research", "{}", "It rains.")


def test_a_late_result_is_put_in_when_nobody_speaks_and_no_tool_works() -> None:
    binding = Binding(context(), [], [tool_from(repeat)], 0.0)
    binding.on_server_event(session(tools=[]), 0.5, NOW)
    binding.open(1.0)
    sent(binding)
    called = {
        "id": "i1", "type": "function_call", "status": "completed",
        "call_id": "c1", "name": "repeat", "arguments": '{"text": "a"}',
    }  # fmt: skip
    binding.on_server_event(
        {"type": "response.output_item.done", "event_id": "e", "response_id": "r1",
         "output_index": 0, "item": called}, 2.0, NOW)  # fmt: skip
    binding.result_is_there(RESULT, 5.0)
    assert sent(binding) == []
    assert binding.wake_at_s() == 2.0 + DEFAULT_TIME_LIMIT_S  # the tool's, and nothing of ours
    binding.session.tool_finished("c1", "a", None, 6.0)
    assert [event["type"] for event in sent(binding)] == [
        "conversation.item.create",
        "response.create",
    ]
    binding.advance(6.0)
    late, output = sent(binding)
    assert (late["item"]["name"], output["item"]["output"]) == ("research", "It rains.")
    assert binding.take_delivered() == [RESULT]
    assert binding.take_delivered() == []


def test_a_result_that_was_replaced_is_not_put_in() -> None:
    binding = bound()
    binding.on_server_event({"type": "input_audio_buffer.speech_started"}, 2.0, NOW)
    binding.result_is_there(RESULT, 3.0)
    binding.drop_results("research")
    binding.on_server_event({"type": "input_audio_buffer.speech_stopped"}, 4.0, NOW)
    binding.advance(9.0)
    assert sent(binding) == []


PAGE_UPDATES: tuple[dict[str, Any], ...] = (
    {"instructions": "Shout."},
    {"instructions": "Whisper.", "tools": [{"type": "function", "name": "open_door"}]},
    {"tools": []},
    {"audio": {"input": {"transcription": None}}},
    {"audio": {"output": {"speed": 1.2}}},
)


@given(st.lists(st.sampled_from(["server", "binding", *range(len(PAGE_UPDATES))]), max_size=30))
def test_whatever_is_under_way_meanwhile_it_comes_to_rest_with_both_parts(
    steps: list[str | int],
) -> None:
    """The server and the context each learn of the other's, and of the page's, a while later."""
    binding = Binding(context(instructions="Sell shoes.", tools=[ORDER]), [], [], 0.0)
    settings = default_session("gpt-realtime")
    to_server: list[dict[str, Any]] = []
    to_client: list[dict[str, Any]] = [{"type": "session.created", "session": settings}]
    own_instructions, own_tools = str(settings["instructions"]), list[str]()
    binding.open(0.0)
    to_server += sent(binding)

    def serve() -> None:
        nonlocal settings
        settings = merged(settings, to_server.pop(0)["session"])
        to_client.append({"type": "session.updated", "session": settings})

    def receive() -> None:
        binding.on_server_event(to_client.pop(0), 1.0, NOW)
        to_server.extend(sent(binding))

    for step in steps:
        if isinstance(step, int):
            update = PAGE_UPDATES[step]
            own_instructions = str(update.get("instructions", own_instructions))
            if "tools" in update:
                own_tools = [tool["name"] for tool in update["tools"]]
            to_server.append({"type": "session.update", "session": update})
        elif step == "server" and to_server:
            serve()
        elif step == "binding" and to_client:
            receive()
    for _ in range(4 * len(steps) + 10):
        if to_server:
            serve()
        elif to_client:
            receive()
    assert (to_server, to_client) == ([], [])
    assert settings["instructions"] == f"{own_instructions}\n\nSell shoes."
    assert [tool["name"] for tool in settings["tools"]] == [*own_tools, "order"]
    assert settings["audio"]["input"]["transcription"] is not None
    binding.release(2.0, NOW)
    for update in sent(binding):
        settings = merged(settings, update["session"])
    assert settings["instructions"] == own_instructions
    assert [tool["name"] for tool in settings["tools"]] == own_tools


def test_it_is_changed_and_released() -> None:
    binding = bound(instructions="Sell shoes.", tools=[ORDER])
    sent(binding)
    other = ContextDefinition(name="shop", instructions="Sell hats.")
    binding.redefine(context(**other.model_dump(exclude={"name"})), [], 2.0)
    (changed,) = sent(binding)
    assert changed["session"]["instructions"] == "Be brief.\n\nSell hats."
    assert changed["session"]["tools"] == []
    binding.release(3.0, NOW)
    (back,) = sent(binding)
    assert back["session"]["instructions"] == "Be brief."


def test_an_item_that_the_server_refuses_is_left_out_and_those_behind_it_are_not() -> None:
    binding = bound([asked_row(), said_row()])
    first, second = sent(binding)

    def refused(event: dict[str, Any], code: str, param: str | None = None) -> dict[str, Any]:
        error = {"type": "invalid_request_error", "code": code, "message": "No.", "param": param}
        return {"type": "error", "event_id": "e", "error": {**error, "event_id": event["event_id"]}}

    binding.on_server_event(refused(first, "invalid_value"), 1.1, NOW)
    binding.on_server_event(refused(second, "item_not_found", "previous_item_id"), 1.2, NOW)
    (again,) = sent(binding)
    assert (again["previous_item_id"], again["item"]["id"]) == ("root", "msg_2")
    binding.on_server_event(added(again["item"]), 1.3, NOW)
    assert binding.is_ready
    assert [left.item_id for left in binding.session.left_out] == ["msg_1"]


def test_what_is_typed_is_one_item_in_both() -> None:
    binding = bound()
    row, item = binding.type_text("Hats?", 2.0, NOW)
    assert row["id"] == item["id"]
    assert sent(binding) == []
    binding.send_typed(item, 2.1)
    create, respond = sent(binding)
    assert (create["item"], respond["type"]) == (item, "response.create")
    assert binding.on_server_event(added(item), 2.2, NOW) == []
    another, _ = binding.type_text("Hats?", 3.0, NOW)
    assert another["id"] != row["id"]


def test_what_is_attached_stands_in_the_message_and_the_model_is_told_of_it() -> None:
    file = {"id": "atc_1", "type": "file", "name": "menu.pdf"}
    row, item = bound().type_text("This?", 2.0, NOW, [file])
    assert row["attachments"] == [file]
    assert item["content"] == [{"type": "input_text", "text": "[file menu.pdf]\nThis?"}]
    row, item = bound().type_text("", 2.0, NOW, [file])
    assert (row["content"], item["content"][0]["text"]) == ([], "[file menu.pdf]")


def test_an_action_is_a_note_in_both_and_is_answered_without_a_search() -> None:
    binding = Binding(context(), [], [], 0.0, searches=True)
    row, item = binding.press(WidgetAction("order", {"dish": "soup"}), "msg_9", NOW)
    assert (row["type"], row["id"], item["role"]) == ("hidden_context_item", item["id"], "system")
    binding.send_typed(item, 2.1)
    create, respond = sent(binding)
    assert (create["item"], respond["type"]) == (item, "response.create")
    assert action_in(item) == SetOff("order", '{"dish": "soup"}')
    another, _ = binding.press(WidgetAction("order", None), None, NOW)
    assert another["id"] != row["id"]


def test_what_is_said_is_kept() -> None:
    (kept,) = bound().on_server_event(added(written("item_1", "Hi.")), 2.0, NOW)
    assert isinstance(kept, Keep)


def test_prompts_of_tool_servers_stand_behind_the_contexts_own_instructions() -> None:
    binding = Binding(context(instructions="Sell shoes."), [], [], 0.0)
    binding.offer([], "Greet in Dutch.")
    binding.on_server_event(session(instructions="Be brief.", tools=[]), 0.5, NOW)
    binding.open(1.0)
    (update,) = sent(binding)
    wanted = "Be brief.\n\nSell shoes.\n\nGreet in Dutch."
    assert update["session"]["instructions"] == wanted


def test_what_is_written_into_the_thread_meanwhile_is_put_in_and_answered() -> None:
    binding = bound()
    binding.put_written({**asked_row(), "id": "msg_9"}, 2.0)
    binding.put_written({"id": "w", "type": "widget"}, 2.0)
    item, response = sent(binding)
    assert item["item"]["id"] == "msg_9"
    assert response["type"] == "response.create"
