"""Tools of a context's tool servers as tools of a call: listed once, called by name."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from harness.context.approval import Approve, ToolRequest
from harness.context.errors import ToolServerError, ToolServerInvalid
from harness.context.mcp.connection import ToolFailure, ToolServer
from harness.context.mcp_server import McpPrompt, McpServer
from harness.context.parameters import mistake_of_schema
from harness.errors import HarnessError, ToolFailed, ToolRefused, UsageError
from harness.facts.contexts import (
    ContextFact,
    McpCalled,
    McpFailed,
    McpListed,
    McpPrompted,
    McpRefused,
    NotOffered,
)
from harness.real_loop import RealLoop
from harness.realtime.client.tools import Tool
from harness.realtime.server.validation.mcp_values import RemoteTool

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
NOTED_CHARS = 2000
APPROVED_WITHIN_S = 120.0
SPARE_S = 2.0
"""A server that is silent is told of by itself, before the session gives the call up."""

Note = Callable[[ContextFact], None]


class ToolServers:
    """The tool servers of one context in one call.

    Args:
        note: told what they list, do and fail to do.
        approve: asked before a call that needs somebody's yes; None: nobody gives it.
    """

    def __init__(self, wanted: Sequence[McpServer], note: Note, approve: Approve | None) -> None:
        self._servers = [ToolServer(one) for one in wanted]
        self._note = note
        self._approve = approve
        self._loop = RealLoop("tool servers")
        self._taken: set[str] = set()
        self.instructions = ""
        """What the prompts say that the context uses, once the tools are listed."""

    async def tools(self, taken: Collection[str] = ()) -> list[Tool]:
        """What all of them offer; one that fails offers nothing, and that is noted.

        Args:
            taken: names of the context's other tools; a tool of such a name gets its server's in
                front: ``desk_find``.

        Raises:
            MissingExtra: the package is not installed.
            UsageError: a tool that needs approval is none of its server's.
        """
        if not self._servers:
            return []
        self._taken = set(taken)
        listed = await self._loop.run(self._list_all)
        tools = []
        failed: list[ToolServer] = []
        for server, found in zip(self._servers, listed, strict=True):
            if isinstance(found, ToolServerError):
                self._failed(server, None, found)
                failed.append(server)
            else:
                _refuse_unknown(server.wanted, found)
                tools += self._offered(server, found)
        prompts = await self._loop.run(lambda: self._all_prompts(failed))
        self.instructions = "\n\n".join(filter(None, map(self._said, prompts)))
        return tools

    async def aclose(self) -> None:
        """End them all."""
        if self._servers:
            try:
                await self._loop.run(self._close_all)
            finally:
                self._loop.close()

    async def _list_all(self) -> list[list[RemoteTool] | ToolServerError]:
        return await asyncio.gather(*map(_listed, self._servers))

    async def _all_prompts(self, silent: Collection[ToolServer]) -> list[_Prompt]:
        return await asyncio.gather(
            *(
                _prompted(server, prompt)
                for server in self._servers
                if server not in silent
                for prompt in server.wanted.prompts
            )
        )

    def _said(self, prompt: _Prompt) -> str:
        name, found = prompt.wanted.name, prompt.found
        if isinstance(found, ToolServerError):
            self._failed(prompt.server, name, found)
            return ""
        arguments = json.dumps(prompt.wanted.arguments, ensure_ascii=False)
        self._note(McpPrompted(prompt.server.wanted.name, name, arguments, found[:NOTED_CHARS]))
        return found

    async def _close_all(self) -> None:
        await asyncio.gather(*(server.aclose() for server in self._servers))

    def _offered(self, server: ToolServer, found: Sequence[RemoteTool]) -> list[Tool]:
        tools: list[Tool] = []
        left_out: list[NotOffered] = []
        for one in found:
            if not server.wanted.is_offered(one.name):
                continue
            name = one.name if one.name not in self._taken else f"{server.wanted.name}_{one.name}"
            why = _why_not(one, name, self._taken)
            if why is None:
                self._taken.add(name)
                tools.append(self._tool(server, one, name))
            else:
                left_out.append(NotOffered(name=one.name, why=why))
        missing = set(server.wanted.tools or ()) - {one.name for one in found}
        left_out += [NotOffered(name=name, why="the server has none") for name in sorted(missing)]
        self._note(McpListed(server.wanted.name, [tool.name for tool in tools], left_out))
        for lost in left_out:
            error = ToolServerInvalid(f"The tool “{lost['name']}” is not offered: {lost['why']}.")
            self._failed(server, lost["name"], error)
        return tools

    def _tool(self, server: ToolServer, tool: RemoteTool, name: str) -> Tool:
        async def call(**arguments: Any) -> str:
            return await self._call(server, tool.name, arguments)

        is_asked_for = server.wanted.is_asked_for(tool.name)
        limit_s = server.wanted.within_s + SPARE_S + APPROVED_WITHIN_S * is_asked_for
        return Tool(name, tool.description, tool.input_schema, call, limit_s)

    async def _call(self, server: ToolServer, tool: str, arguments: dict[str, Any]) -> str:
        told = json.dumps(arguments, ensure_ascii=False)
        if server.wanted.is_asked_for(tool) and not await self._agrees(server, tool, arguments):
            self._note(McpRefused(server.wanted.name, tool, told))
            message = f"The tool “{tool}” was not called: nobody agreed to it."
            raise ToolRefused(message, code="tool_not_approved")
        try:
            output = await self._loop.run(lambda: server.call(tool, arguments))
        except ToolFailure as failure:
            raise _tool_failed(tool, str(failure)) from failure
        except HarnessError as error:
            self._failed(server, tool, error)
            raise _tool_failed(tool, _words(error)) from error
        self._note(McpCalled(server.wanted.name, tool, told, output[:NOTED_CHARS]))
        return output

    async def _agrees(self, server: ToolServer, tool: str, arguments: dict[str, Any]) -> bool:
        if self._approve is None:
            return False
        try:
            async with asyncio.timeout(APPROVED_WITHIN_S):
                agreed = self._approve(ToolRequest(server.wanted.name, tool, dict(arguments)))
                return bool(await agreed if inspect.isawaitable(agreed) else agreed)
        except Exception as error:  # somebody else's code: what it does not agree to is not done
            message = f"nobody could be asked: {type(error).__name__}: {error}"
            self._note(McpFailed(server.wanted.name, tool, type(error).__name__, message))
            return False

    def _failed(self, server: ToolServer, tool: str | None, error: HarnessError) -> None:
        kind = type(error).__name__
        self._note(McpFailed(server.wanted.name, tool, kind, _words(error)))


@dataclass(frozen=True, slots=True)
class _Prompt:
    server: ToolServer
    wanted: McpPrompt
    found: str | ToolServerError


async def _prompted(server: ToolServer, wanted: McpPrompt) -> _Prompt:
    try:
        return _Prompt(server, wanted, await server.prompt(wanted.name, wanted.arguments))
    except ToolServerError as error:
        return _Prompt(server, wanted, error)


async def _listed(server: ToolServer) -> list[RemoteTool] | ToolServerError:
    try:
        return await server.tools()
    except ToolServerError as error:
        return error


def _refuse_unknown(wanted: McpServer, found: Sequence[RemoteTool]) -> None:
    """Nothing, where all that needs approval is there: a misspelt name would let a tool be called.

    Raises:
        UsageError: a name is none of the server's tools.
    """
    there = {tool.name for tool in found}
    if wanted.resources:  # it may have none today
        there.add(wanted.reading_tool)
    named = wanted.needs_approval if wanted.needs_approval != "all" else []
    unknown = [name for name in named if name not in there]
    if unknown:
        raise UsageError(
            f"The tool server “{wanted.name}” does not have each tool of its `needs_approval`.",
            expected=f"some of {', '.join(sorted(there)) or 'none: it has no tools'}",
            found=", ".join(f"“{name}”" for name in unknown),
            hint="name the tools as their server does, or write `needs_approval: all`",
        )


def _tool_failed(tool: str, why: str) -> ToolFailed:
    """What the model is told."""
    return ToolFailed(f"The tool “{tool}” failed: {why}", code="tool_failed")


def _words(error: HarnessError) -> str:
    return " ".join(filter(None, (error.message, error.found and f"({error.found})", error.hint)))


def _why_not(tool: RemoteTool, name: str, taken: Collection[str]) -> str | None:
    """Why a session cannot have this tool; None where it can."""
    if not NAME.fullmatch(name):
        return "its name is not 1 to 64 letters, digits, _ or -"
    if name in taken:
        return f"another tool is called “{name}”"
    if tool.input_schema.get("type") != "object":
        return "its schema is not one of an object"
    mistake = mistake_of_schema(tool.input_schema, "inputSchema")
    return f"its schema is none: {mistake}" if mistake else None
