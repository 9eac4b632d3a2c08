"""A written answer with the tools of a context: done by the server, as those of a call are."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from typing import Any

from chatkit.errors import CustomStreamError
from chatkit.types import NoticeEvent, ProgressUpdateEvent, ThreadStreamEvent

from harness.client.tool_runs import ToolRuns
from harness.context.context import Context, Row
from harness.context.delivery import LateResult
from harness.context.searches import as_system
from harness.context.settings import definitions_of
from harness.context.thread_items import row_of
from harness.errors import ToolRefused
from harness.realtime.client.tool_calls import as_tool_error, took_too_long
from harness.realtime.client.tools import Tool, error_text, output_text
from harness.realtime.items import Item, is_user_message
from harness.realtime.server.assistants.assistant import Assistant, Play, Prompt, Say, UseTool
from harness.server.assistants.pieces import written_pieces
from harness.server.chatkit.context_tools import ContextTools
from harness.server.chatkit.thread_writer import ThreadWriter

MOST_ANSWERS = 20
"""Of the assistant, to one message: each uses tools, or says what came of them."""

FOUND = "found_before"
"""The item of what was searched for before an answer; it is in no thread."""


class WrittenTools(ContextTools):
    """What the answers to one message may call. `ask_servers` before, `finish` afterwards.

    Raises:
        UsageError: a Python function or a retriever cannot be had.
    """

    def __init__(self, context: Context) -> None:
        self._failures: list[str] = []
        super().__init__(context, time.monotonic, self._failures.append)
        self._tools.thoughts.on_result = self._came
        self._tools.thoughts.on_replaced = self._replaced
        self._runs = ToolRuns(self._finished)
        self._awaited: dict[str, asyncio.Future[tuple[object, BaseException | None]]] = {}
        self._results: list[LateResult] = []
        self._told: set[str] = set()
        """Items of results that are in the thread."""

        self._news = asyncio.Event()
        self._is_given_up = False
        self.is_waiting = False
        """For long work alone: no answer is being written."""

        self.over = asyncio.Event()
        """Set by whoever has kept what `finish` gave."""

    @property
    def definitions(self) -> list[dict[str, Any]]:
        """What the assistant is told of them."""
        return definitions_of(self.context, self._tools.tools)

    @property
    def instructions(self) -> str:
        """What the prompts of tool servers say."""
        return self._tools.instructions

    def tool(self, name: str) -> Tool | None:
        """The tool of that name; None: it is the page's."""
        return next((tool for tool in self._tools.tools if tool.name == name), None)

    def take_failures(self) -> list[str]:
        """What came to nothing since the last time, in words for the page."""
        taken = self._failures[:]
        self._failures.clear()
        return taken

    async def found_for(self, words: str) -> Item | None:
        """What is to be known before an answer to these words; None: nothing is searched for."""
        search = self._tools.search
        if not words or search is None or not search.is_before_answers:
            return None
        return {"id": FOUND, **as_system(await search.find(words))}

    async def result_of(self, tool: Tool, call_id: str, arguments_text: str) -> tuple[str, bool]:
        """What a call gives, as the model gets it, and whether it failed."""
        try:
            arguments = tool.read_arguments(arguments_text)
        except ToolRefused as error:
            return error_text(error), True
        done = self._awaited[call_id] = asyncio.get_running_loop().create_future()
        self._runs.start(call_id, tool.function, arguments)
        try:
            async with asyncio.timeout(tool.time_limit_s):
                output, failure = await done
            if failure is None:
                return output_text(output), False
        except TimeoutError:
            failure = took_too_long(tool)
        except ValueError as problem:  # such as an object that contains itself
            failure = ValueError(f"what it gave is not JSON: {problem}")
        finally:
            self._runs.cancel(call_id)
            self._awaited.pop(call_id)
        return error_text(as_tool_error(tool.name, failure)), True

    async def next_result(self) -> LateResult | None:
        """What long work came to; None: nothing is under way, or nobody waits any more."""
        self.is_waiting = True
        try:
            while not self._results and self._tools.thoughts.running and not self._is_given_up:
                self._news.clear()
                await self._news.wait()
        finally:
            self.is_waiting = False
        if not self._results or self._is_given_up:
            return None
        return self._results.pop(0)

    def delivered(self, result: LateResult) -> None:
        """A result is in the thread."""
        self._told.add(result.item_id)
        self._late.put_in([result])

    def give_up(self) -> None:
        """Nobody waits for long work any more; what it comes to is told by `finish`."""
        self._is_given_up = True
        self._news.set()

    async def finish(self, unix_s: float) -> list[Row]:
        """Give long work the time that it may still have; what came of it, for the thread."""
        self.is_waiting = True
        await self._runs.aclose()
        return await self.rows_at_end(self._told.__contains__, unix_s)

    def _finished(self, call_id: str, output: object, error: BaseException | None) -> None:
        done = self._awaited.get(call_id)
        if done is not None and not done.done():
            done.set_result((output, error))

    def _came(self, result: LateResult) -> None:
        self._late.came(result)
        self._results.append(result)
        self._news.set()

    def _replaced(self, tool: str) -> None:
        self._late.drop(tool)
        self._results = [one for one in self._results if one.tool != tool]


class WrittenTurn:
    """The answers to one message: the first, and one more for what its tools gave.

    Args:
        ask: gives what the thread ends with now.
        tools: of the context; None: all that is called is the page's.
    """

    def __init__(
        self,
        assistant: Assistant,
        writer: ThreadWriter,
        ask: Callable[[], Awaitable[Prompt]],
        tools: WrittenTools | None,
    ) -> None:
        self._assistant, self._writer = assistant, writer
        self._ask, self._tools = ask, tools
        self._wants_more = self._has_words = False

    async def events(self, prompt: Prompt) -> AsyncGenerator[ThreadStreamEvent, None]:
        """All that comes, until nothing is left to be said, or the page has to do something.

        Long work is waited for. Each item has to be in the thread when the next one is asked for.

        Raises:
            AssistantError: it failed.
            CustomStreamError: it shows what is no widget, or calls tools without an end.
        """
        for _ in range(MOST_ANSWERS):
            async with aclosing(self._answer(prompt)) as events:
                async for event in events:
                    yield event
            if self._tools is None or self._writer.is_waiting:
                return
            if not self._wants_more:
                if (result := await self._tools.next_result()) is None:
                    return
                for event in self._put(*result.items()):
                    yield event
                self._tools.delivered(result)
            for event in self._notices():
                yield event
            prompt = await self._ask()
        raise CustomStreamError(
            f"The assistant used tools in {MOST_ANSWERS} answers to one message, and goes on."
        )

    async def _answer(self, prompt: Prompt) -> AsyncGenerator[ThreadStreamEvent, None]:
        self._wants_more = self._has_words = False
        async with aclosing(written_pieces(self._assistant, prompt)) as pieces:
            async for piece in pieces:
                if isinstance(piece, UseTool) and (tool := self._tool(piece)) is not None:
                    async with aclosing(self._use(tool, piece)) as events:
                        async for event in events:
                            yield event
                    continue
                self._has_words = self._has_words or isinstance(piece, Say | Play)
                for event in self._writer.on_piece(piece):
                    yield event
                if self._writer.is_waiting:
                    return
        for event in self._writer.finish():
            yield event

    def _tool(self, piece: UseTool) -> Tool | None:
        return None if self._tools is None else self._tools.tool(piece.name)

    async def _use(self, tool: Tool, piece: UseTool) -> AsyncGenerator[ThreadStreamEvent, None]:
        assert self._tools is not None
        for event in self._writer.finish():
            yield event
        yield ProgressUpdateEvent(text=f"{tool.name} …")
        call_id = f"call_{secrets.token_hex(12)}"
        output, failed = await self._tools.result_of(tool, call_id, piece.arguments_text)
        call = {
            "id": call_id,
            "type": "function_call",
            "call_id": call_id,
            "name": tool.name,
            "arguments": piece.arguments_text,
        }
        for event in self._put(call, {"output": output}):
            yield event
        for event in self._notices():
            yield event
        self._wants_more |= failed or tool.wants_answer or not self._has_words

    def _put(self, call: Item, output: Item) -> Iterator[ThreadStreamEvent]:
        assert self._tools is not None
        row = row_of(call, output, self._tools.context, time.time())
        assert row is not None
        return self._writer.put(row)

    def _notices(self) -> Iterator[ThreadStreamEvent]:
        for message in [] if self._tools is None else self._tools.take_failures():
            yield NoticeEvent(level="warning", message=message)


def with_found(items: Sequence[Item], found: Item | None) -> list[Item]:
    """The conversation with what was found, behind the user's last message."""
    if found is None:
        return list(items)
    last = max((at for at, item in enumerate(items) if is_user_message(item)), default=-1)
    return [*items[: last + 1], found, *items[last + 1 :]]
