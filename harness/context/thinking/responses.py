"""A model behind the Responses API that does long work: asked in the background, then polled."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from harness.context.errors import ReasonerFailed
from harness.context.long_work import LongWork
from harness.context.thinking.reasoner import Tell, Thought

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.responses import Response

ASKS_AGAIN_S = 0.1
ASKS_LESS_OFTEN = 1.5
ASKS_AT_LEAST_EVERY_S = 2.0
UNDER_WAY = ("queued", "in_progress")
NO_KEY = "none"
"""The client wants one; a server of one's own may not."""


class ResponsesReasoner:
    """Asks one model; works with the hosted service and with `harness serve`."""

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
        self._response: Response | None = None

    async def begin(self, **asked: Any) -> None:
        """Ask."""
        from openai import OpenAIError

        try:
            self._response = await self._client.responses.create(**asked)
        except BaseException as error:  # also given up
            await self._client.close()
            if isinstance(error, OpenAIError):
                raise _failed(error) from error
            raise

    async def result(self) -> object:
        from openai import OpenAIError

        assert self._response is not None
        status, every_s = None, ASKS_AGAIN_S
        try:
            while (now := self._response.status) in UNDER_WAY:
                if now != status:
                    self._tell(str(now))
                status = now
                await asyncio.sleep(every_s)
                every_s = min(every_s * ASKS_LESS_OFTEN, ASKS_AT_LEAST_EVERY_S)
                self._response = await self._client.responses.retrieve(self._response.id)
        except OpenAIError as error:
            raise _failed(error) from error
        await self._client.close()
        return _text_of(self._response)

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
