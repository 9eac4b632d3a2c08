from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from harness.errors import ToolRefused
from harness.realtime.client.outputs import CancelTool
from harness.realtime.client.tools import tool_from
from tests.support.client_driver import ClientDriver, user_message

ACTIVE = "conversation_already_has_active_response"


def weather(city: str) -> dict[str, Any]:
    """What the weather is."""
    return {"city": city, "sky": "blue"}


def call_of(*tools: Any, **settings: Any) -> ClientDriver:
    call = ClientDriver(*(tools or (weather,)), **settings).open()
    call.answer()
    return call


def outputs(call: ClientDriver) -> list[Any]:
    items = [event["item"] for event in call.sent if event["type"] == "conversation.item.create"]
    return [json.loads(item["output"]) for item in items if "output" in item]


def test_a_tool_runs_its_output_is_sent_and_an_answer_is_asked_for() -> None:
    call = call_of()
    item = call.call_tool("weather", '{"city": "Ulm"}')
    assert outputs(call) == [{"city": "Ulm", "sky": "blue"}]
    assert call.count("response.create") == 0, "not before the calling answer is done"
    call.done("resp_1", item)
    assert call.types()[-2:] == ["conversation.item.create", "response.create"]
    assert call.news("tool_called")[0]["is_ours"]
    assert not call.news("tool_finished")[0]["failed"]


def test_a_call_runs_once_however_often_it_is_told_of() -> None:
    call = call_of()
    item = call.call_tool("weather", '{"city": "Ulm"}')
    call.receive("response.output_item.done", response_id="resp_1", item=item)
    call.done("resp_1", item)
    call.done("resp_1", item)
    assert len(call.runs) == 1
    assert call.count("response.create") == 1


def test_a_call_that_only_the_end_of_the_answer_tells_of_runs_too() -> None:
    call = call_of()
    item = {"id": "i", "type": "function_call", "status": "completed", "call_id": "c"}
    call.done("resp_1", {**item, "name": "weather", "arguments": '{"city": "Ulm"}'})
    assert call.types()[-2:] == ["conversation.item.create", "response.create"]


def test_an_interrupted_call_is_not_run() -> None:
    call = call_of()
    item = {"id": "i", "type": "function_call", "status": "incomplete", "call_id": "c"}
    call.done("resp_1", {**item, "name": "weather", "arguments": '{"ci'}, status="cancelled")
    assert not call.runs
    assert not call.news("tool_called")


def test_several_calls_get_all_outputs_and_then_one_answer() -> None:
    call = call_of()
    call.runs_tools = False
    for call_id in ("c1", "c2"):
        call.call_tool("weather", '{"city": "Ulm"}', call_id)
    call.done()
    call.do(call.session.tool_finished, "c2", "late", now_s=0.0)
    assert call.count("response.create") == 0
    assert call.session.snapshot().running_tools == ("c1",)
    call.do(call.session.tool_finished, "c1", "later", now_s=0.0)
    assert call.types()[-3:] == ["conversation.item.create"] * 2 + ["response.create"]


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("unheard", "{}", "unknown_tool"),
        ("weather", "{", "invalid_tool_arguments"),
        ("weather", "{}", "invalid_tool_arguments"),
    ],
)
def test_calls_that_cannot_be_made_are_reported_to_the_model(
    name: str, arguments: str, code: str
) -> None:
    call = call_of()
    call.call_tool(name, arguments)
    call.done()
    assert not call.runs
    assert name in outputs(call)[0]["error"]
    assert call.news("error")[0]["code"] == code
    assert call.count("response.create") == 1, "so that the model can tell the user"


def test_a_tool_that_raises_is_reported_to_the_model() -> None:
    call = call_of()
    call.runs_tools = False
    call.call_tool("weather", '{"city": "Ulm"}')
    call.done()
    error = OSError("no network")
    call.do(call.session.tool_finished, "call_1", error=error, now_s=0.0)
    assert "no network" in outputs(call)[0]["error"]
    assert call.errors() == ["ToolFailed"]
    assert call.news("error")[0]["error"].__cause__ is error
    assert call.news("tool_finished")[0]["failed"]
    assert call.count("response.create") == 1


def test_a_tool_that_hangs_is_ended_and_reported_to_the_model() -> None:
    call = call_of(tool_from(weather, time_limit_s=5))
    call.runs_tools = False
    call.call_tool("weather", '{"city": "Ulm"}')
    call.done()
    call.wait(4.9)
    assert not call.errors()
    call.wait(0.1)
    assert call.errors() == ["ToolTimeout"]
    assert call.others == [CancelTool("call_1")]
    assert "5 s" in outputs(call)[0]["error"]
    assert call.count("response.create") == 1
    call.do(call.session.tool_finished, "call_1", "too late", now_s=call.now_s)
    assert len(outputs(call)) == 1


def test_a_result_that_is_not_json_is_a_failure() -> None:
    call = call_of()
    call.runs_tools = False
    call.call_tool("weather", '{"city": "Ulm"}')
    loop: list[Any] = []
    loop.append(loop)
    call.do(call.session.tool_finished, "call_1", loop, now_s=0.0)
    assert call.errors() == ["ToolFailed"]


def test_a_result_for_no_call_is_refused() -> None:
    call = call_of()
    with pytest.raises(ToolRefused):
        call.session.tool_finished("nobody", "x", now_s=0.0)


def test_raw_tools_are_answered_by_hand() -> None:
    raw = {"type": "function", "name": "lamp", "parameters": {"type": "object"}}
    call = call_of(functions=[raw])
    call.call_tool("lamp", '{"on": true}')
    call.done()
    called = call.news("tool_called")[0]
    assert (called["is_ours"], called["arguments"]) == (False, '{"on": true}')
    assert not call.runs
    call.do(call.session.tool_finished, "call_1", "lit", now_s=0.0)
    assert call.last("conversation.item.create")["item"]["output"] == "lit"
    assert call.count("response.create") == 1


def test_a_call_outside_the_conversation_is_only_told_of() -> None:
    call = ClientDriver(weather).open()
    call.answer(conversation_id=None)
    call.call_tool("weather", '{"city": "Ulm"}')
    call.done(conversation_id=None)
    assert call.news("tool_called")
    assert not call.runs
    assert call.count("response.create") == 0


def test_an_answer_asked_for_meanwhile_serves_as_the_one_after_the_tool() -> None:
    call = call_of()
    call.do(call.session.respond)
    call.call_tool("weather", '{"city": "Ulm"}')
    call.done()
    assert call.count("response.create") == 1


def overtaken(call: ClientDriver) -> str:
    """The follow-up is out; gives its id."""
    call.call_tool("weather", '{"city": "Ulm"}')
    call.done()
    return str(call.last("response.create")["event_id"])


def test_an_answer_that_began_without_the_output_does_not_replace_the_follow_up() -> None:
    call = call_of()
    event_id = overtaken(call)
    call.answer("resp_vad")
    call.accept_items()
    call.refuse(event_id, ACTIVE)
    call.done("resp_vad")
    assert call.count("response.create") == 2


def test_an_answer_that_knows_the_output_makes_the_follow_up_needless() -> None:
    call = call_of()
    event_id = overtaken(call)
    call.accept_items()
    call.answer("resp_vad")
    call.refuse(event_id, ACTIVE)
    call.done("resp_vad")
    assert call.count("response.create") == 1


def test_a_tool_that_outlives_the_connection_still_delivers() -> None:
    call = ClientDriver(weather).open()
    call.add(user_message("u"))
    call.answer()
    call.runs_tools = False
    item = call.call_tool("weather", '{"city": "Ulm"}')
    call.done("resp_1", item)
    call.do(call.session.lose, "network", call.now_s)
    call.do(call.session.tool_finished, "call_1", "blue", now_s=call.now_s)
    call.sent.clear()
    call.open()
    items = [event["item"]["type"] for event in call.sent if "item" in event]
    assert items == ["message", "function_call", "function_call_output"]
    assert call.types()[-1] == "response.create"


def test_without_resuming_a_lost_connection_ends_the_tools() -> None:
    call = call_of(auto_resume=False)
    call.runs_tools = False
    call.call_tool("weather", '{"city": "Ulm"}')
    call.do(call.session.lose, "network", call.now_s)
    assert call.others == [CancelTool("call_1")]
    call.do(call.session.tool_finished, "call_1", "blue", now_s=call.now_s)
    call.sent.clear()
    call.open()
    assert call.types() == ["session.update"]


MESSAGE = {"id": "item_words", "type": "message", "role": "assistant", "status": "completed"}


def show(picture: str) -> str:
    """Show a picture."""
    return f"{picture} is shown."


def quiet() -> ClientDriver:
    call = call_of(replace(tool_from(show), wants_answer=False), weather)
    call.runs_tools = False
    return call


def test_what_is_shown_beside_words_wants_no_answer() -> None:
    call = quiet()
    message = {**MESSAGE, "content": [{"type": "output_text", "text": "Here it is."}]}
    call.receive("response.output_item.done", response_id="resp_1", item=message)
    item = call.call_tool("show", '{"picture": "a"}')
    call.session.tool_finished(item["call_id"], "It is shown.", now_s=0.0)
    call.done("resp_1", message, item)
    assert call.types()[-1] == "conversation.item.create"
    assert call.count("response.create") == 0


def test_what_is_shown_without_a_word_or_fails_does() -> None:
    call = quiet()
    item = call.call_tool("show", '{"picture": "a"}')
    call.session.tool_finished(item["call_id"], "It is shown.", now_s=0.0)
    call.done("resp_1", item)
    assert call.count("response.create") == 1

    call = quiet()
    message = {**MESSAGE, "content": []}
    call.receive("response.output_item.done", response_id="resp_1", item=message)
    item = call.call_tool("show", "no json")
    call.done("resp_1", message, item)
    assert call.count("response.create") == 1
