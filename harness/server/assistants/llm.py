"""The assistant behind any OpenAI-compatible chat endpoint, its answer streamed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import Any

from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import Piece, Prompt, Say, UseTool
from harness.server.assistants.chat_messages import SilentAssistant, chat_request

CONNECT_WITHIN_S = 5.0
FIRST_WITHIN_S = 30.0
"""From the request to the first piece of the answer."""

NEXT_WITHIN_S = 15.0
"""From each piece to the next."""

ANSWER_WITHIN_S = 180.0
MOST_ANSWER_CHARS = 20_000
"""A longer answer ends there."""

MOST_ARGUMENTS_CHARS = 100_000
MOST_TOOL_CALLS = 64
NO_KEY = "none"
"""Sent where an endpoint needs no key: the client's library wants one."""


class LlmAssistant:
    """Asks a language model; its first sentence is spoken while it writes the rest.

    A request is tried once: a user waits. What goes wrong is an `AssistantError` whose message
    holds neither the key nor the address nor the endpoint's own words, which may hold both.

    Args:
        url: the endpoint's base address, up to and with its version: ``http://host:port/v1``.
        model: its name there.
        key: sent as a bearer token; None for an endpoint that needs none.
        first_within_s, next_within_s: how long to wait for the first and each further piece.
        options: sent with each request, as ``seed`` and ``temperature``.
    """

    reads_history = True

    def __init__(
        self,
        url: str,
        model: str,
        key: str | None = None,
        *,
        first_within_s: float = FIRST_WITHIN_S,
        next_within_s: float = NEXT_WITHIN_S,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        from openai import AsyncOpenAI, Timeout

        self.model = model
        self._options = dict(options or {})
        self._first_within_s, self._next_within_s = first_within_s, next_within_s
        self._client = AsyncOpenAI(
            base_url=url,
            api_key=key or NO_KEY,
            max_retries=0,
            timeout=Timeout(ANSWER_WITHIN_S, connect=CONNECT_WITHIN_S),
        )

    async def aclose(self) -> None:
        """Close the connections that are kept open."""
        await self._client.close()

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """The model's words as they come, then its tool calls."""
        written = _Written()
        async with aclosing(self._chunks(prompt)) as chunks:
            async for chunk in chunks:
                with _told_plainly():
                    words = written.on_chunk(chunk)
                if words:
                    yield Say(words)
                if written.chars > MOST_ANSWER_CHARS:
                    return
        if words := written.finish():
            yield Say(words)
        for call in written.calls():
            yield call

    async def _chunks(self, prompt: Prompt) -> AsyncGenerator[Any, None]:
        """The endpoint's answer, chunk by chunk, each in time.

        Raises:
            AssistantError: whatever went wrong.
        """
        deadline_s = asyncio.get_running_loop().time() + ANSWER_WITHIN_S
        within_s, has_begun = self._first_within_s, False
        with _told_plainly():
            async with asyncio.timeout(within_s):
                stream = await self._client.chat.completions.create(
                    model=self.model, stream=True, **chat_request(prompt), **self._options
                )
        async with stream:
            if _media_type(stream) == "application/json":
                with _told_plainly():
                    async with asyncio.timeout(ANSWER_WITHIN_S):
                        yield _as_chunk(json.loads(await stream.response.aread()))
                return
            chunks: AsyncIterator[Any] = aiter(stream)
            while True:
                with _told_plainly():
                    rest_s = deadline_s - asyncio.get_running_loop().time()
                    async with asyncio.timeout(min(within_s, rest_s)):
                        chunk = await anext(chunks, None)
                if chunk is None:
                    break
                yield chunk
                within_s, has_begun = self._next_within_s, True
            if _media_type(stream) != "text/event-stream" and not has_begun:
                raise _malformed("it is neither a stream of events nor JSON: is that the API?")


def _media_type(stream: Any) -> str:
    return str(stream.response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _as_chunk(answer: Any) -> Any:
    """A whole answer as a stream of one chunk has it: small endpoints know no streams.

    Raises:
        AssistantError: it is not what the protocol says.
    """
    from openai.types.chat import ChatCompletionChunk

    choices = answer.get("choices") if isinstance(answer, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(first, dict) or not isinstance(first.get("message"), dict):
        raise _malformed("it has no “choices” with a “message”")
    choice = {"delta": first["message"], "finish_reason": first.get("finish_reason") or "stop"}
    return ChatCompletionChunk.construct(choices=[choice])


class _Written:
    """What a model has written so far."""

    def __init__(self) -> None:
        self.chars = 0
        self._unthinking = SilentAssistant()
        self._ended_because: str | None = None
        self._declines = False
        self._calls: dict[int, list[str]] = {}
        """Name and arguments by the endpoint's own index."""

    def on_chunk(self, chunk: Any) -> str:
        """The words in a chunk.

        Raises:
            AssistantError: it is not what the protocol says.
        """
        choices = getattr(chunk, "choices", None)
        if not choices:
            return ""  # usage, as a rule
        choice = choices[0]
        self._ended_because = getattr(choice, "finish_reason", None) or self._ended_because
        delta = getattr(choice, "delta", None)
        self._declines = self._declines or bool(getattr(delta, "refusal", None))
        for call in getattr(delta, "tool_calls", None) or []:
            self._receive_call(call)
        content = getattr(delta, "content", None) or ""
        if not isinstance(content, str):
            raise _malformed("its text is none")
        return self._said(self._unthinking.process(content))

    def _said(self, words: str) -> str:
        """Without blanks at the very beginning: no message comes of them alone."""
        words = words if self.chars else words.lstrip()
        self.chars += len(words)
        return words

    def _receive_call(self, call: Any) -> None:
        index = call.index if isinstance(call.index, int) else len(self._calls)
        known = self._calls.setdefault(index, ["", ""])
        function = call.function
        known[0] += getattr(function, "name", None) or ""
        known[1] += getattr(function, "arguments", None) or ""
        if len(self._calls) > MOST_TOOL_CALLS or len(known[1]) > MOST_ARGUMENTS_CHARS:
            raise _malformed("a tool call has no end")

    def finish(self) -> str:
        """The last words, once the stream is over.

        Raises:
            AssistantError: it broke off, was stopped, or the model refused.
        """
        if self._ended_because is None:
            raise _malformed("it broke off before it gave a “finish_reason”")
        if self._ended_because == "content_filter":
            raise AssistantError("The language model's answer was filtered.", "content_filter")
        if self._declines:  # its words are of the model, and not what was asked for
            raise AssistantError("The language model refused to answer this.", "llm_declined")
        return self._said(self._unthinking.finish())

    def calls(self) -> list[UseTool]:
        """The tool calls, in order.

        Raises:
            AssistantError: one has no name, or its arguments are no JSON object.
        """
        return [_call(name, arguments) for _, (name, arguments) in sorted(self._calls.items())]


def _call(name: str, arguments: str) -> UseTool:
    text = arguments.strip() or "{}"
    try:
        is_object = isinstance(json.loads(text), dict)
    except ValueError:
        is_object = False
    if not name or not is_object:
        raise _malformed(f"the arguments of its tool call '{name}' are no JSON object")
    return UseTool(name, text)


def _malformed(what: str) -> AssistantError:
    return AssistantError(f"The language model's answer cannot be read: {what}.", "llm_malformed")


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turns whatever the client's library raises into an `AssistantError` without secrets."""
    try:
        yield
    except AssistantError:
        raise
    except Exception as error:
        # Not "from error": its text may hold the key, and a log would show it.
        raise _plain(error) from None


def _plain(error: Exception) -> AssistantError:
    import openai

    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return AssistantError("The language model did not answer in time.", "llm_timeout")
    if isinstance(error, openai.APIStatusError):
        return _refused(error.status_code)
    if isinstance(error, openai.APIConnectionError):
        return AssistantError("The language model cannot be reached.", "llm_unreachable")
    if isinstance(error, openai.APIError):
        return AssistantError("The language model reported an error.", "llm_error")
    if isinstance(error, ValueError | TypeError | AttributeError | KeyError):
        return _malformed("it is not what the protocol says")
    return AssistantError("The connection to the language model broke.", "llm_unreachable")


def _refused(status: int) -> AssistantError:
    if status in (401, 403):
        what, code = "did not accept our key", "llm_authentication_failed"
    elif status == 429:
        what, code = "is asked too often, or its quota is used up", "rate_limit_exceeded"
    elif status == 404:
        what, code = "is not there: is it the right address and model?", "llm_not_found"
    elif status >= 500:
        what, code = "failed", "llm_error"
    else:
        what, code = "refused the request", "llm_refused"
    return AssistantError(f"The language model {what} (HTTP {status}).", code)
