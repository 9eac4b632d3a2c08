"""A model behind the Responses API that does long work: asked in the background, and followed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from harness.context.errors import ReasonerFailed
from harness.context.long_work import LongWork
from harness.context.thinking.reasoner import Tell, Thought

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.responses import Response, ResponseStreamEvent

ASKS_AGAIN_S = 0.1
ASKS_LESS_OFTEN = 1.5
ASKS_AT_LEAST_EVERY_S = 2.0
SILENT_S = 60.0
"""A stream without an event for so long may be a connection whose end nobody told: it is made
again."""

GONE_AFTER_S = 60.0
"""The service cannot be reached for longer: the work is given up."""

UNDER_WAY = ("queued", "in_progress")
NO_KEY = "none"
"""The client wants one; a server of one's own may not."""


class ResponsesReasoner:
    """Asks one model; works with the hosted service and with `harness serve`.

    The work is the service's: where the connection breaks, it is followed from the last event on.
    """

    def __init__(self, wanted: LongWork) -> None:
        self._wanted = wanted

    async def start(self, arguments: Mapping[str, Any], tell: Tell) -> Thought:
        """See `Reasoner`; raises `ReasonerFailed` where the service refuses, or is not there."""
        wanted = self._wanted
        client = await asyncio.to_thread(_client, wanted)
        extra: dict[str, Any] = {"tools": wanted.tools} if wanted.tools else {}
        if wanted.instructions is not None:
            extra["instructions"] = wanted.instructions
        thought = _ModelsThought(client, tell)
        await thought.begin(
            model=wanted.model or "", input=_question(arguments), background=True, **extra
        )
        return thought


class _ModelsThought:
    def __init__(self, client: AsyncOpenAI, tell: Tell) -> None:
        self._client = client
        self._tell = tell
        self._stream: AsyncStream[ResponseStreamEvent] | None = None
        self._response: Response | None = None
        self._last_event = -1

    async def begin(self, **asked: Any) -> None:
        """Ask, and learn the name of the answer: whoever knows it can go on after a break."""
        from openai import OpenAIError

        try:
            self._stream = await self._client.responses.create(**asked, stream=True)
            while self._response is None:
                self._take(await anext(self._stream))
        except BaseException as error:  # also given up
            await self._client.close()
            if isinstance(error, OpenAIError):
                raise _failed(error) from error
            if isinstance(error, StopAsyncIteration):
                raise ReasonerFailed(
                    "The Responses API gave no answer: it ended at once."
                ) from None
            raise

    async def result(self) -> object:
        from openai import OpenAIError

        assert self._response is not None
        try:
            await self._follow()
            if self._response.status in UNDER_WAY:
                await self._go_on()
        except OpenAIError as error:
            raise _failed(error) from error
        await self._client.close()
        return _text_of(self._response)

    async def _follow(self) -> None:
        """Take events until the stream ends, or breaks."""
        from openai import OpenAIError

        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            while True:
                async with asyncio.timeout(SILENT_S):
                    event = await anext(stream)
                self._take(event)
        except (StopAsyncIteration, OpenAIError, TimeoutError):
            await stream.close()  # how it stands is asked for: a cancelled one ends without a word

    async def _go_on(self) -> None:
        """Ask how it stands and, while it is under way, for the events that are missing."""
        from openai import APIConnectionError

        loop = asyncio.get_running_loop()
        every_s, reached_s = ASKS_AGAIN_S, loop.time()
        while True:
            try:
                await self._ask_again()
            except APIConnectionError:
                if loop.time() - reached_s >= GONE_AFTER_S:
                    raise
            else:
                every_s = every_s if self._stream is None else ASKS_AGAIN_S
                await self._follow()
                reached_s = loop.time()
            assert self._response is not None
            if self._response.status not in UNDER_WAY:
                return
            await asyncio.sleep(every_s)
            every_s = min(every_s * ASKS_LESS_OFTEN, ASKS_AT_LEAST_EVERY_S)

    async def _ask_again(self) -> None:
        from openai import APIStatusError

        assert self._response is not None
        name, after = self._response.id, self._last_event
        responses = self._client.responses
        self._see(await responses.retrieve(name))
        if self._response.status in UNDER_WAY:
            with contextlib.suppress(APIStatusError):  # one that gives no events again is polled
                self._stream = await responses.retrieve(name, stream=True, starting_after=after)
                self._tell("connected again")

    def _take(self, event: ResponseStreamEvent) -> None:
        self._last_event = getattr(event, "sequence_number", self._last_event)
        response = getattr(event, "response", None)
        if response is not None:
            self._see(response)

    def _see(self, response: Response) -> None:
        before, self._response = self._response, response
        if response.status in UNDER_WAY and (before is None or before.status != response.status):
            self._tell(str(response.status))

    async def cancel(self) -> None:
        assert self._response is not None
        try:
            if self._response.status in UNDER_WAY:
                await self._client.responses.cancel(self._response.id)
        finally:
            await self._client.close()


def _client(wanted: LongWork) -> AsyncOpenAI:
    from openai import AsyncOpenAI  # takes a second to import

    key = os.environ.get(wanted.token_env, "") if wanted.token_env is not None else ""
    return AsyncOpenAI(base_url=wanted.url, api_key=key or NO_KEY)


def _question(arguments: Mapping[str, Any]) -> str:
    """A single text as it is, all else as JSON."""
    values = list(arguments.values())
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    return json.dumps(dict(arguments), ensure_ascii=False)


def _text_of(response: Response) -> str:
    """What the model wrote.

    Raises:
        ReasonerFailed: it wrote nothing, or was not done.
    """
    if response.status == "completed" and response.output_text:
        return response.output_text
    why = f"The model's response is {response.status}"
    if response.error is not None:
        why += f": {response.error.message}"
    elif response.incomplete_details is not None:
        why += f": {response.incomplete_details.reason}"
    elif response.status == "completed":
        why += ", and has no text"
    raise ReasonerFailed(f"{why.rstrip('.')}.")


def _failed(error: Exception) -> ReasonerFailed:
    told = str(getattr(error, "message", error)).splitlines() or [type(error).__name__]
    return ReasonerFailed(f"The Responses API gave no answer: {type(error).__name__}: {told[0]}")
