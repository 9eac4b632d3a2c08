"""The tools that a response may call, and what becomes of a call."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from harness.realtime.server.assistants.assistant import Piece, Show, UseTool
from harness.realtime.server.mcp_calls import ApprovalRequest, RemoteCall
from harness.realtime.server.mcp_servers import FoundTool, RemoteTools
from harness.realtime.server.output_items import FunctionCall, OutputContext, OutputItem
from harness.realtime.server.validation.mcp_values import WantedCall, remote_server
from harness.realtime.session_object import Settings
from harness.realtime.widgets import SHOW_WIDGET


@dataclass(frozen=True, slots=True)
class OfferedTools:
    """Functions of the client's, and what remote servers have listed."""

    session: Settings
    """In force for the response."""

    remote: RemoteTools
    waits_for_listing: bool = False
    """The request brought its tools along, so they are listed before anything is chosen."""

    def are_known(self) -> bool:
        """Whether the assistant can be told now what it may call."""
        return not (self.waits_for_listing and self.remote.is_listing(self.session["tools"]))

    def offer(self, use: UseTool) -> bool:
        """Whether this call may be made."""
        return self._has_function(use) or self._remote_tool(use) is not None

    def as_call(self, piece: Piece) -> Piece:
        """A widget as a call of the function that shows one, where there is one; else as it is."""
        if not isinstance(piece, Show):
            return piece
        given = {"widget": piece.widget, "copy_text": piece.copy_text}
        arguments = {name: value for name, value in given.items() if value is not None}
        call = UseTool(SHOW_WIDGET, json.dumps(arguments, ensure_ascii=False))
        return call if self._has_function(call) else piece

    def refusal(self, use: UseTool) -> str:
        """What to say of a call that may not be made."""
        session = self.session
        offered = [tool.get("name") or f"MCP {tool['server_label']}" for tool in session["tools"]]
        listed = [found.tool.name for found in self.remote.offered(session["tools"])]
        of_servers = f", listed by MCP servers: {listed}" if "MCP" in str(offered) else ""
        return (
            f"The assistant calls the tool '{use.name}', which the session does not offer "
            f"(tools: {offered}{of_servers}, tool_choice: {session['tool_choice']})."
        )

    def definitions(self) -> tuple[dict[str, Any], ...]:
        """All of them as functions, for an assistant that has to be told."""
        functions = [tool for tool in self.session["tools"] if tool["type"] == "function"]
        names = {tool["name"] for tool in functions}
        for found in self.remote.offered(self.session["tools"]):
            if found.tool.name not in names:
                names.add(found.tool.name)
                functions.append(_as_function(found))
        return tuple(functions)

    def item(self, context: OutputContext, output_index: int, use: UseTool) -> OutputItem:
        """The output item of a call that is on offer."""
        found = None if self._has_function(use) else self._remote_tool(use)
        if found is None:
            return FunctionCall(context, output_index, use)
        is_forbidden = found.needs_approval and not context.in_conversation
        server = remote_server(found.definition)
        wanted = WantedCall(server, use.name, use.arguments_text, is_forbidden=is_forbidden)
        if found.needs_approval and not is_forbidden:
            return ApprovalRequest(context, output_index, wanted)
        return RemoteCall(context, output_index, wanted)

    def _may_call(self) -> bool:
        return bool(self.session["tool_choice"] != "none")

    def _has_function(self, use: UseTool) -> bool:
        has_it = any(tool.get("name") == use.name for tool in self.session["tools"])
        return use.server_label is None and has_it and self._may_call()

    def _remote_tool(self, use: UseTool) -> FoundTool | None:
        if not self._may_call():
            return None
        return self.remote.find(self.session["tools"], use.name, use.server_label)


def _as_function(found: FoundTool) -> dict[str, Any]:
    tool = found.tool
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.input_schema,
    }
