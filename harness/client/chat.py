"""The ChatKit client: one endpoint, requests in, items and streams of events out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import aiohttp

from harness.client.chat_events import ChatEvent, ChatItem, as_event, as_item, read_event
from harness.errors import ServerRefused, ServerUnreachable

MOST_LINE_BYTES = 16 * 1024 * 1024
PAGE_ITEMS = 100
TIMEOUT_S = 30.0
"""For one request without a stream; and from each event of a stream to the next, five times."""


class ChatClient:
    """Speaks the ChatKit protocol with one endpoint. Use as an async context manager.

    Args:
        url: the endpoint, such as ``http://127.0.0.1:8080/chatkit``.
        secret: of a ChatKit session, or a key; None where the endpoint wants none.
        headers: more headers, for endpoints with an authorisation of their own.
    """

    def __init__(
        self, url: str, secret: str | None = None, *, headers: Mapping[str, str] | None = None
    ) -> None:
        self.url = url
        self._headers = dict(headers or {})
        if secret is not None:
            self._headers["Authorization"] = f"Bearer {secret}"
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> ChatClient:
        timeout = aiohttp.ClientTimeout(total=None, sock_read=5 * TIMEOUT_S)
        self._http = aiohttp.ClientSession(timeout=timeout, read_bufsize=MOST_LINE_BYTES)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._http is not None:
            await self._http.close()

    # Turns

    def start(self, text: str, **more: Any) -> ChatTurn:
        """A new thread that begins with this message; see `message` for what more there is."""
        return self.turn("threads.create", input=message(text, **more))

    def say(self, thread_id: str, text: str, **more: Any) -> ChatTurn:
        """Another message in a thread."""
        return self.turn(
            "threads.add_user_message", thread_id=thread_id, input=message(text, **more)
        )

    def give_result(self, thread_id: str, result: Any) -> ChatTurn:
        """The result of the tool call that the thread ends with, any JSON."""
        return self.turn("threads.add_client_tool_output", thread_id=thread_id, result=result)

    def answer(
        self, thread_id: str, item_id: str, answers: Mapping[str, Sequence[str]] | None
    ) -> ChatTurn:
        """Answers to a structured input, by question; None skips it."""
        given: dict[str, Any] = {"status": "skipped" if answers is None else "answered"}
        given["answers"] = {name: {"values": list(v)} for name, v in (answers or {}).items()}
        return self.turn(
            "threads.add_structured_input", thread_id=thread_id, item_id=item_id, input=given
        )

    def retry(self, thread_id: str, item_id: str) -> ChatTurn:
        """Another answer to a user's message; what came after it is deleted."""
        return self.turn("threads.retry_after_item", thread_id=thread_id, item_id=item_id)

    def press(
        self, thread_id: str, action: str, payload: Any = None, *, item_id: str | None = None
    ) -> ChatTurn:
        """Set off a widget's action."""
        params = _action(thread_id, action, payload, item_id)
        return self.turn("threads.custom_action", **params)

    def turn(self, request: str, /, **params: Any) -> ChatTurn:
        """Any request that is answered with events."""
        return ChatTurn(self, request, params)

    # Other requests

    async def press_quietly(
        self, thread_id: str, action: str, payload: Any = None, *, item_id: str | None = None
    ) -> ChatItem | None:
        """Set off an action that only changes its own widget; the widget as it is now."""
        params = _action(thread_id, action, payload, item_id)
        found = await self.ask("threads.sync_custom_action", **params)
        updated = found.get("updated_item")
        return None if updated is None else as_item(updated)

    async def items(self, thread_id: str, after: str | None = None) -> list[ChatItem]:
        """All items of a thread, the oldest first, or those after one."""
        found: list[ChatItem] = []
        while True:
            page = await self.ask(
                *("items.list",), thread_id=thread_id, limit=PAGE_ITEMS, order="asc", after=after
            )
            found += [as_item(item) for item in page["data"]]
            after = page.get("after")
            if not page["has_more"] or after is None:
                return found

    async def threads(self) -> list[dict[str, Any]]:
        """All threads, the newest first."""
        found: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            page = await self.ask("threads.list", limit=PAGE_ITEMS, order="desc", after=after)
            found += page["data"]
            after = page.get("after")
            if not page["has_more"] or after is None:
                return found

    async def thread(self, thread_id: str) -> dict[str, Any]:
        """A thread with its first items."""
        return await self.ask("threads.get_by_id", thread_id=thread_id)

    async def rename(self, thread_id: str, title: str) -> None:
        """Give a thread a title."""
        await self.ask("threads.update", thread_id=thread_id, title=title)

    async def delete(self, thread_id: str) -> None:
        """Delete a thread."""
        await self.ask("threads.delete", thread_id=thread_id)

    async def like(self, thread_id: str, item_ids: Sequence[str], *, is_good: bool = True) -> None:
        """Say what the user thinks of items."""
        kind = "positive" if is_good else "negative"
        await self.ask("items.feedback", thread_id=thread_id, item_ids=list(item_ids), kind=kind)

    async def attach(self, name: str, content: bytes, mime_type: str) -> str:
        """Upload a file; its id, for a message's ``attachments``.

        Raises:
            ServerRefused: no upload, or not of this size.
        """
        made = await self.ask(
            "attachments.create", name=name, size=len(content), mime_type=mime_type
        )
        upload = made.get("upload_descriptor")
        if upload is not None:
            try:
                async with self._session.request(
                    upload["method"], upload["url"], data=content, headers=upload.get("headers")
                ) as answer:
                    if answer.status >= 300:
                        raise _refused(f"The upload of {name}", answer.status, await answer.text())
            except (aiohttp.ClientError, TimeoutError) as error:
                raise _unreachable(self.url, error) from error
        return str(made["id"])

    async def detach(self, attachment_id: str) -> None:
        """Delete an attachment."""
        await self.ask("attachments.delete", attachment_id=attachment_id)

    async def transcribe(self, audio: bytes, mime_type: str) -> str:
        """The words of dictated sound."""
        import base64

        found = await self.ask(
            "input.transcribe",
            audio_base64=base64.b64encode(audio).decode(),
            mime_type=mime_type,
        )
        return str(found["text"])

    async def ask(self, request: str, /, **params: Any) -> dict[str, Any]:
        """Any request that is answered with one JSON object.

        Raises:
            ServerUnreachable: nobody answers there.
            ServerRefused: it says no.
        """
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        try:
            async with self._session.post(
                self.url, data=_body(request, params), headers=self._all_headers, timeout=timeout
            ) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unreachable(self.url, error) from error
        if answer.status != 200:
            raise _refused(request, answer.status, text)
        try:
            found = json.loads(text)
        except ValueError as error:
            raise _refused(request, answer.status, text) from error
        return found if isinstance(found, dict) else {"data": found}

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("use the client as an async context manager")
        return self._http

    @property
    def _all_headers(self) -> dict[str, str]:
        return {**self._headers, "Content-Type": "application/json"}


@dataclass(slots=True)
class _Seen:
    """What a turn has told so far."""

    thread_id: str | None
    last_item_id: str | None = None
    is_over: bool = False


class ChatTurn:
    """One turn: an async stream of its events. Leaving it early cancels the turn at the server.

    Use as an async context manager around ``async for``, or `collect` it. Where the connection
    breaks, the items that the thread has got meanwhile are read and given as
    ``thread.item.done`` events with ``is_recovered``; then the turn ends.
    """

    def __init__(self, client: ChatClient, kind: str, params: dict[str, Any]) -> None:
        self._client, self._kind, self._params = client, kind, params
        self._seen = _Seen(params.get("thread_id"))
        self._events: AsyncIterator[ChatEvent] | None = None
        self.items: dict[str, ChatItem] = {}
        """The finished items of the turn, by id, in order."""
        self.is_broken = False
        """The connection broke; what the thread had by then was given."""

    @property
    def thread_id(self) -> str | None:
        """The thread; of a new one, once its first event is here."""
        return self._seen.thread_id

    async def collect(self) -> list[ChatItem]:
        """Wait for the turn's end; its finished items.

        Raises:
            ServerUnreachable: nobody answers there.
            ServerRefused: the server says no, or its assistant failed.
        """
        async with self:
            async for event in self:
                if event.type == "error":
                    raise _refused(self._kind, 200, str(event.data.get("message") or event.data))
        if self.is_broken:
            raise _unreachable(self._client.url, ConnectionError("the turn broke off"))
        return list(self.items.values())

    async def __aenter__(self) -> ChatTurn:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        events, self._events = self._events, None
        close = getattr(events, "aclose", None)
        if close is not None:
            await close()

    def __aiter__(self) -> ChatTurn:
        return self

    async def __anext__(self) -> ChatEvent:
        if self._events is None:
            if self._seen.is_over:
                raise StopAsyncIteration
            self._events = self._all()
        return await anext(self._events)

    async def _all(self) -> AsyncIterator[ChatEvent]:
        client = self._client
        has_begun = False
        try:
            async with client._session.post(
                client.url, data=_body(self._kind, self._params), headers=client._all_headers
            ) as answer:
                if answer.status != 200:
                    raise _refused(self._kind, answer.status, await answer.text())
                has_begun = True
                async for line in answer.content:
                    event = read_event(line.decode())
                    if event is not None:
                        self._take(event)
                        yield event
        except (aiohttp.ClientError, TimeoutError) as error:
            if not has_begun or self.thread_id is None or not self._knows_its_place:
                raise _unreachable(client.url, error) from error
            self.is_broken = True
            for event in await self._recovered():
                self._take(event)
                yield event
        self._seen.is_over = True

    @property
    def _knows_its_place(self) -> bool:
        """Whether what the thread has can be told from what it had before the turn."""
        return self._seen.last_item_id is not None or self._kind == "threads.create"

    async def _recovered(self) -> list[ChatEvent]:
        """What the thread has, and this turn did not tell."""
        thread_id = self.thread_id
        assert thread_id is not None
        items = await self._client.items(thread_id, self._seen.last_item_id)
        return [
            as_event({"type": "thread.item.done", "item": dict(item.data)}, is_recovered=True)
            for item in items
        ]

    def _take(self, event: ChatEvent) -> None:
        data = event.data
        if event.type == "thread.created":
            self._seen.thread_id = data["thread"]["id"]
        elif event.type in ("thread.item.done", "thread.item.replaced"):
            item = as_item(data["item"])
            self.items[item.id] = item
            if event.type == "thread.item.done":
                self._seen.last_item_id = item.id
        elif event.type == "thread.item.removed":
            self.items.pop(data["item_id"], None)


def message(
    text: str,
    *,
    attachments: Sequence[str] = (),
    quoted: str | None = None,
    model: str | None = None,
    tool: str | None = None,
) -> dict[str, Any]:
    """A user's message as the protocol wants it.

    Args:
        attachments: ids that `ChatClient.attach` gave.
        quoted: the words that it is about.
        model, tool: chosen by the user, by their ids.
    """
    options: dict[str, Any] = {"model": model, "tool_choice": tool and {"id": tool}}
    return {
        "content": [{"type": "input_text", "text": text}],
        "attachments": list(attachments),
        "quoted_text": quoted,
        "inference_options": {name: value for name, value in options.items() if value},
    }


def _action(thread_id: str, action: str, payload: Any, item_id: str | None) -> dict[str, Any]:
    what = {"type": action, "payload": payload}
    return {"thread_id": thread_id, "action": what, "item_id": item_id}


def _body(kind: str, params: Mapping[str, Any]) -> bytes:
    given = {name: value for name, value in params.items() if value is not None or name == "result"}
    return json.dumps({"type": kind, "params": given}).encode()


def _refused(what: str, status: int, text: str) -> ServerRefused:
    try:
        error = json.loads(text).get("error") or {}
        code, message = error.get("code"), error.get("message") or text
    except (ValueError, AttributeError):
        code, message = None, text
    return ServerRefused(
        f"{what} was refused.",
        status=status,
        code=code,
        expected="an answer",
        found=f"HTTP {status}: {message[:500]}",
    )


def _unreachable(url: str, error: Exception) -> ServerUnreachable:
    return ServerUnreachable(
        "The chat's endpoint does not answer.",
        expected=f"an answer from {url}",
        found=str(error) or type(error).__name__,
    )
