"""The connection to one tool server: opened when it is asked, kept, replaced if it breaks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from harness.context.errors import (
    ToolServerError,
    ToolServerFlood,
    ToolServerGone,
    ToolServerInvalid,
    ToolServerSilent,
)
from harness.context.mcp.failures import (
    MAX_ANSWER_BYTES,
    NO_REQUEST,
    UNREACHABLE,
    UNREADABLE,
    AnswerPacked,
    Watch,
    failure_of,
    first_error,
)
from harness.context.mcp.package import (
    http_client,
    import_package,
    listed_by,
    prompt_names,
    reading_tool,
    resources_of,
    text_of_prompt,
    text_of_resource,
    text_of_result,
    too_long_a_list,
    too_long_an_output,
)
from harness.context.mcp.stdio import MAX_UNREAD_LINES, Program, running_program
from harness.context.mcp_server import McpServer
from harness.programs import given_to
from harness.realtime.server.validation.mcp_values import RemoteServer, RemoteTool, hide_secrets

if TYPE_CHECKING:
    import anyio
    from mcp import Client

T = TypeVar("T")

IS_DROPPED_WITHIN_S = 3.0

TOLD_CHARS = 2000
"""Of what was found, once the secrets in it are hidden: a line of a program may be long."""


class ToolFailure(Exception):
    """A tool did its work and failed, or refused its arguments: the server is well."""


class ToolServer:
    """One tool server. Everything happens in one event loop of real time.

    Raises, from every method: `ToolServerError` or one of its kinds; `MissingExtra`.
    """

    def __init__(self, wanted: McpServer) -> None:
        self.wanted = wanted
        self._connection: _Connection | None = None
        self._uris: set[str] = set()

    async def tools(self) -> list[RemoteTool]:
        """All its tools, and one that reads its resources where the context wants that.

        Raises:
            ToolServerInvalid: it has none to list; and what the class says.
        """
        try:
            tools = await self._asked(listed_by)
            resources = await self._asked(resources_of) if self.wanted.resources else []
        except ToolFailure as failure:
            raise self._error(ToolServerInvalid, "gave no list", str(failure)) from failure
        self._uris = {one.uri for one in resources}
        if resources:
            tools.append(reading_tool(self.wanted.reading_tool, resources))
        if (why := too_long_a_list(tools)) is not None:
            raise self._error(ToolServerFlood, "has too many tools", why)
        return tools

    async def call(self, name: str, arguments: dict[str, Any]) -> str:
        """What a tool gives, as text.

        Raises:
            ToolFailure: the tool itself failed.
        """
        if self._uris and name == self.wanted.reading_tool:
            found = await self._read(str(arguments.get("uri")))
        else:
            result = await self._asked(lambda client: client.call_tool(name, arguments))
            found = text_of_result(result)
            if result.is_error:
                raise ToolFailure(hide_secrets(found, _secrets(self.wanted)) or "It failed.")
        text = hide_secrets(found, _secrets(self.wanted))
        if (why := too_long_an_output(text)) is not None:
            raise self._error(ToolServerFlood, f"gave too much for “{name}”", why)
        return text

    async def prompt(self, name: str, arguments: dict[str, str]) -> str:
        """A prompt of it, as text.

        Raises:
            ToolServerInvalid: it does not give it; and what the class says.
        """
        try:
            result = await self._asked(lambda client: client.get_prompt(name, arguments))
        except ToolFailure as failure:
            there = await self._prompt_names()
            found = f"{failure} (its prompts: {there})"
            raise self._error(ToolServerInvalid, f"gave no prompt “{name}”", found) from failure
        text = hide_secrets(text_of_prompt(result), _secrets(self.wanted))
        if (why := too_long_an_output(text)) is not None:
            raise self._error(ToolServerFlood, f"gave too long a prompt “{name}”", why)
        return text

    async def _prompt_names(self) -> str:
        try:
            return ", ".join(await self._asked(prompt_names)) or "none"
        except (ToolFailure, ToolServerError):
            return "not told"

    async def _read(self, uri: str) -> str:
        if uri not in self._uris:
            raise ToolFailure(f"There is no document “{uri}”.")
        return text_of_resource(await self._asked(lambda client: client.read_resource(uri)))

    async def aclose(self) -> None:
        """End the connection, and the program behind it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.aclose()

    async def _asked(self, ask: Callable[[Client], Awaitable[T]]) -> T:
        await asyncio.to_thread(import_package)
        if self._connection is not None and self._connection.is_over:
            await self._drop(self._connection)
        if self._connection is None:
            self._connection = _Connection(self.wanted)
        connection = self._connection
        try:
            return await connection.asked(ask, self.wanted.within_s)
        except TimeoutError as error:
            if not connection.is_open:
                await self._drop(connection)
            nothing = f"nothing within {self.wanted.within_s:g} s"
            found = "; ".join(filter(None, (nothing, connection.program.wrote)))
            raise self._error(ToolServerSilent, "gave no answer", found) from error
        except Exception as error:
            told = await self._told(error, connection)
            if not isinstance(told, ToolFailure):
                await self._drop(connection)
            raise told from error

    async def _drop(self, connection: _Connection) -> None:
        if self._connection is connection:
            self._connection = None
        await connection.drop()

    async def _told(self, error: Exception, connection: _Connection) -> Exception:
        """What a failure of the package's, or of the connection, means."""
        if connection.watch.is_too_large:
            found = f"more than {MAX_ANSWER_BYTES} bytes"
            return self._error(ToolServerFlood, "sent too much", found)
        if connection.program.unread_lines > MAX_UNREAD_LINES:
            found = f"{MAX_UNREAD_LINES} lines that are no messages"
            return self._error(ToolServerInvalid, "does not speak MCP", found)
        if self.wanted.command is not None:
            return await self._told_of_program(error, connection)
        return self._told_over_http(error, connection.watch)

    def _told_over_http(self, error: Exception, watch: Watch) -> Exception:
        cause = first_error(error)
        if watch.broken is not None and _code_of(cause) in (None, UNREACHABLE):
            cause = watch.broken
        failure = failure_of(cause, watch, _secrets(self.wanted))
        if cause is watch.broken and not isinstance(cause, AnswerPacked):
            what = "cannot be reached" if watch.status is None else "broke off in its answer"
            return self._error(ToolServerGone, what, _in_words(cause))
        if failure.code == UNREACHABLE or failure.kind == "http_error":
            return self._error(ToolServerGone, "cannot be reached", failure.message)
        if isinstance(cause, ConnectionEnded):
            return self._error(ToolServerGone, "is gone", "the connection was ended")
        code = _code_of(cause)
        if code is not None and code not in (UNREADABLE, NO_REQUEST):
            return ToolFailure(failure.message)
        told = _in_words(cause) if code is None and cause is not watch.broken else failure.message
        found = told.splitlines()[0] if told else "nothing"
        return self._error(ToolServerInvalid, "sent what cannot be understood", found)

    async def _told_of_program(self, error: Exception, connection: _Connection) -> Exception:
        cause = first_error(error)
        if isinstance(cause, OSError):
            return self._error(ToolServerGone, "cannot be started", f"{cause}")
        if _code_of(cause) == UNREACHABLE or isinstance(cause, ConnectionEnded):
            return self._error(ToolServerGone, "is gone", await connection.program.end())
        if _code_of(cause) is not None:
            return ToolFailure(hide_secrets(str(cause), _secrets(self.wanted)))
        return self._error(ToolServerInvalid, "sent what cannot be understood", _in_words(cause))

    def _error(self, kind: type[ToolServerError], what: str, found: str) -> ToolServerError:
        shown = hide_secrets(found, _secrets(self.wanted))[:TOLD_CHARS]
        return kind(f"The tool server “{self.wanted.name}” {what}.", found=shown)


class ConnectionEnded(Exception):
    """The connection went while it was asked something."""


class _Connection:
    """Held by a task of its own: what a task opens with the package, the same one has to close."""

    def __init__(self, wanted: McpServer) -> None:
        self.watch = Watch()
        self.program = Program()
        self._wanted = wanted
        self._client: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._closing = asyncio.Event()
        self._scope: anyio.CancelScope | None = None
        self._task = asyncio.create_task(self._hold(), name=f"tool server {wanted.name}")
        self._task.add_done_callback(_looked_at)  # how it ended is told to who asks, if anybody

    @property
    def is_open(self) -> bool:
        return self._client.done() and not self.is_over

    @property
    def is_over(self) -> bool:
        return self._task.done() or self.watch.is_too_large

    async def asked(self, ask: Callable[[Client], Awaitable[T]], within_s: float) -> T:
        """What is answered; TimeoutError: nothing is, in time."""
        self.watch.begin()
        asking = asyncio.create_task(self._ask(ask))
        try:
            await asyncio.wait(
                {asking, self._task}, timeout=within_s, return_when="FIRST_COMPLETED"
            )
            if asking.done():
                return asking.result()
            if self._task.done():
                raise self._end()
            raise TimeoutError
        finally:
            asking.cancel()

    async def aclose(self) -> None:
        """End it, as the protocol wants it; what hangs is not waited for."""
        self._closing.set()
        await asyncio.wait({self._task}, timeout=IS_DROPPED_WITHIN_S)
        await self.drop()

    async def drop(self) -> None:
        """End it at once."""
        self.program.kill()
        if self._scope is not None:
            self._scope.cancel()
        await asyncio.wait({self._task}, timeout=IS_DROPPED_WITHIN_S)
        if not self._client.done():
            self._client.cancel()

    async def _ask(self, ask: Callable[[Client], Awaitable[T]]) -> T:
        return await ask(await asyncio.shield(self._client))

    def _end(self) -> Exception:
        error = None if self._task.cancelled() else self._task.exception()
        return error if isinstance(error, Exception) else ConnectionEnded()

    async def _hold(self) -> None:
        import anyio

        with anyio.CancelScope() as self._scope:
            async with _connected(self._wanted, self.watch, self.program) as client:
                self._client.set_result(client)
                await self._closing.wait()


def _looked_at(task: asyncio.Task[None]) -> None:
    """So that asyncio does not tell of its error, whenever it is that the task is collected."""
    if not task.cancelled():
        task.exception()


@asynccontextmanager
async def _connected(wanted: McpServer, watch: Watch, program: Program) -> AsyncIterator[Client]:
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    async with AsyncExitStack() as stack:
        if wanted.url is not None:
            headers = _secrets(wanted).headers
            http = await stack.enter_async_context(http_client(headers, watch))
            transport = streamable_http_client(wanted.url, http_client=http)
        else:
            transport = running_program(wanted, watch, program)
        yield await stack.enter_async_context(Client(transport))


def _secrets(wanted: McpServer) -> RemoteServer:
    """The server with what nobody may read: the token that goes with each request."""
    if wanted.token_env is not None and (token := os.environ.get(wanted.token_env)):
        return RemoteServer(wanted.name, wanted.url or "", {"Authorization": f"Bearer {token}"})
    return RemoteServer(wanted.name, wanted.url or "", given_to(wanted.env))


def _in_words(error: BaseException) -> str:
    """One line of what the package found; of data that do not fit, where."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _code_of(error: BaseException) -> int | None:
    """The code of a JSON-RPC error."""
    code = getattr(first_error(error), "code", None)
    return code if isinstance(code, int) else None
