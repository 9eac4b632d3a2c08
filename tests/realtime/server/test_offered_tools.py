"""The tools on offer, functions and remote ones together."""

from __future__ import annotations

import json
from typing import Any

from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Say, Show, UseTool
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.mcp_servers import RemoteTools
from harness.realtime.server.offered_tools import OfferedTools
from harness.realtime.server.state import SessionState
from harness.realtime.session_object import default_session
from tests.realtime.server.test_mcp_servers import ADD, WIPE, mcp

FUNCTION = {"type": "function", "name": "add", "description": "Ours."}


def offered(*tools: dict[str, Any], **more: Any) -> OfferedTools:
    session = {**default_session(), "tools": list(tools), **more}
    state = SessionState(session, Script(), Ids(seed=1), "webrtc")
    remote = RemoteTools(state)
    remote.use(session["tools"], 0.0)
    remote.on_listed("job_1", [ADD, WIPE], None)
    return OfferedTools(session, remote)


def test_an_assistant_is_told_of_all_tools_as_functions() -> None:
    definitions = offered(mcp(allowed_tools=["wipe"]), FUNCTION).definitions()
    assert [tool["name"] for tool in definitions] == ["add", "wipe"]
    assert definitions[1]["parameters"] == {"type": "object"}


def test_a_name_that_both_have_is_the_functions() -> None:
    definitions = offered(mcp(), FUNCTION).definitions()
    assert definitions[0] == FUNCTION
    assert [tool["name"] for tool in definitions] == ["add", "wipe"]


def test_only_what_is_listed_and_allowed_may_be_called() -> None:
    tools = offered(mcp(allowed_tools=["wipe"]))
    assert tools.offer(UseTool("wipe"))
    assert tools.offer(UseTool("wipe", server_label="desk"))
    assert not tools.offer(UseTool("wipe", server_label="other"))
    assert not tools.offer(UseTool("add"))
    assert "'wipe'" in tools.refusal(UseTool("add"))


def test_with_tool_choice_none_nothing_may_be_called() -> None:
    tools = offered(mcp(), FUNCTION, tool_choice="none")
    assert not tools.offer(UseTool("add"))
    assert not tools.offer(UseTool("wipe"))


def test_a_widget_is_a_call_of_the_function_that_shows_it_or_stays_one() -> None:
    widget = Show({"type": "Card", "children": []}, "Nothing.")
    tools = offered({"type": "function", "name": "show_widget"})
    call = tools.as_call(widget)
    assert isinstance(call, UseTool)
    given = {"widget": widget.widget, "copy_text": "Nothing."}
    assert (call.name, json.loads(call.arguments_text)) == ("show_widget", given)
    assert tools.as_call(Say("Hi.")) == Say("Hi.")
    assert offered(FUNCTION).as_call(widget) == widget
