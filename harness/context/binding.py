"""The binding of a context to a call that another client leads, such as a page: pure.

It puts the thread in front of the conversation, keeps the context's instructions and tools beside
the session's own, whatever the page asks for meanwhile, and says what is to be kept of the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.context.context import Context, Row
from harness.context.settings import definitions_of, instructions_with, tools_with
from harness.context.thread_items import history_of_thread, kept_id, written_row
from harness.context.transcript import CallTranscript, Kept, is_transcribed
from harness.realtime.client.outputs import Output
from harness.realtime.client.side_session import SideSession
from harness.realtime.client.tools import Tool
from harness.realtime.ids import Ids
from harness.realtime.items import Item
from harness.realtime.session_parts import Transcription


class Binding:
    """One context in one call, or in a part of it.

    After every call its owner drains `take_outputs`, as with a `SideSession`.

    Args:
        context: as it stands in this call.
        rows: its thread, the oldest first.
        tools: its tools that are done in Python.
        now_s: now, on the call's clock.
    """

    def __init__(
        self, context: Context, rows: Sequence[Row], tools: Sequence[Tool], now_s: float
    ) -> None:
        self.context = context
        self.history = history_of_thread(rows, context.definition.history_tokens)
        self.session = SideSession(tools, now_s, _ids(context))
        self._transcript = CallTranscript(context, (item["id"] for item in self.history.items))
        self._tools = list(tools)
        self._own_instructions = ""
        self._own_tools: list[dict[str, Any]] = []
        self._own_transcribes = True
        self._wanted: tuple[str, list[Any], bool] | None = None
        """Instructions, names of tools, and whether the user's speech is written down: as the
        session is, or as it was asked to be last."""

        self._is_open = False
        self._typed = 0

    def open(self, now_s: float) -> None:
        """The call is up, and what the session is has been told: see `on_server_event`."""
        self._is_open = True
        self._update(now_s)
        self.session.put_in(self.history, now_s)

    def skip_so_far(self) -> None:
        """What was said by now is none of the context's."""
        self._transcript.skip_so_far()

    @property
    def is_ready(self) -> bool:
        """Whether the whole history is in."""
        return self.session.is_put_in

    def on_server_event(self, event: Mapping[str, Any], now_s: float, unix_s: float) -> list[Kept]:
        """One event of the server; gives what is to be kept of the call by now."""
        received = dict(event)
        self.session.on_server_event(received, now_s)
        if received.get("type") in ("session.created", "session.updated"):
            self._session_is(received.get("session"), now_s)
        return self._transcript.on_server_event(received, now_s, unix_s)

    def type_text(self, text: str, now_s: float, unix_s: float) -> tuple[Row, Item]:
        """Something that the user writes: the thread's item, and the conversation's.

        Once the first is kept, `send_typed` the second.
        """
        self._typed += 1
        item_id = kept_id(self.context, f"typed {self._typed}")
        self._transcript.is_there(item_id)
        part = {"type": "input_text", "text": text}
        item: Item = {"id": item_id, "type": "message", "role": "user", "content": [part]}
        return written_row(self.context, item_id, text, unix_s), item

    def send_typed(self, item: Item, now_s: float) -> None:
        """Put it in, and ask for an answer."""
        self.session.create_item(item, now_s)
        self.session.respond(now_s)

    def redefine(self, context: Context, tools: Sequence[Tool], now_s: float) -> None:
        """The context is another from here on: its instructions, state and tools."""
        self.context = self._transcript.context = context
        self._tools = list(tools)
        self.session.offer(tools)
        self._update(now_s)

    def release(self, now_s: float, unix_s: float) -> list[Kept]:
        """Let the call go on without the context; gives what is to be kept of it so far."""
        self._update(now_s, is_released=True)
        self._is_open = False
        self.session.end(now_s)
        return self._transcript.release(now_s, unix_s)

    def end(self, now_s: float, unix_s: float) -> list[Kept]:
        """The call is over; gives what is still to be kept of it."""
        self._is_open = False
        self.session.end(now_s)
        return self._transcript.end(now_s, unix_s)

    def take_outputs(self) -> list[Output]:
        """Everything to be done since the last call, in order."""
        return self.session.take_outputs()

    def _session_is(self, session: Any, now_s: float) -> None:
        """Another's update may have taken the context's part away: it is put back then."""
        if not isinstance(session, dict):
            return
        instructions = str(session.get("instructions") or "")
        tools = session.get("tools") or []
        found = (instructions, [tool.get("name") for tool in tools], is_transcribed(session))
        if found == self._wanted:
            return
        ours = {tool["name"] for tool in definitions_of(self.context, self._tools)}
        if self._wanted is None or instructions != self._wanted[0]:
            self._own_instructions = instructions
        if self._wanted is None or not found[2]:
            self._own_transcribes = found[2]
        self._own_tools = [tool for tool in tools if tool.get("name") not in ours]
        self._wanted = found
        if self._is_open:
            self._update(now_s)

    def _update(self, now_s: float, *, is_released: bool = False) -> None:
        ours = [] if is_released else definitions_of(self.context, self._tools)
        context = None if is_released else self.context
        instructions = instructions_with(self._own_instructions, context)
        tools = tools_with(self._own_tools, ours)
        is_written = self._own_transcribes or not is_released
        wanted = (instructions, [tool.get("name") for tool in tools], is_written)
        if wanted == self._wanted:
            return
        change: dict[str, Any] = {"type": "realtime", "instructions": instructions, "tools": tools}
        if is_written != (self._wanted or (None, None, is_written))[2]:
            transcription = Transcription().model_dump(exclude_none=True) if is_written else None
            change["audio"] = {"input": {"transcription": transcription}}
        self._wanted = wanted
        self.session.update(change, now_s)


def _ids(context: Context) -> Ids:
    """Of its own in each call of each context, and the same when a simulated run is repeated."""
    return Ids(int.from_bytes(f"{context.id}/{context.calls}".encode(), "big"))
