"""Acts of a user by the protocol's own messages: ending a turn, writing, a tool's result."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from harness.call.call_context import CallContext
from harness.call.listener import Listener
from harness.call.recorder import CallRecorder
from harness.call.spoken_protocol import spoken_protocol
from harness.call.tool_calls import called_tool
from harness.call.waits import CallWaits
from harness.line.interface import Line
from harness.protocols.interface import VoiceProtocol


class ProtocolActs:
    """Of one call. What each does and raises is told by the methods of `Call`.

    Args:
        user_acts: told before each: what came until then is no news any more.
        now: gives the time on the call's timeline.
    """

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        waits: CallWaits,
        listener: Listener,
        user_acts: Callable[[], None],
        now: Callable[[], float],
    ) -> None:
        self._line = line
        self._recorder = recorder
        self._waits = waits
        self._listener = listener
        self._user_acts = user_acts
        self._now = now

    async def end_turn(self) -> None:
        """End the user's turn by hand."""
        events = (await self._spoken()).end_turn()
        self.user_asks()
        await self._send_all(events)

    async def answer_tool(self, name: str, output: str, within_s: float) -> None:
        """Give the result of the tool that was called last under this name.

        Raises:
            ExpectationFailed: it was not called.
        """
        call_id = await called_tool(name, self._recorder, self._waits, within_s)
        given = (await self._spoken()).tool_result(call_id, output)
        self._user_acts()
        self._listener.next.user_gives_result(self._now())
        await self._send_all(given)

    async def send_event(self, event: dict[str, Any]) -> None:
        """Send an event that somebody wrote."""
        spoken = await self._spoken()
        self._user_acts()
        if spoken.asks_for_answer(event):
            self._listener.next.user_asks(self._now())
        await self.send(event)

    async def type_text(self, text: str, context: CallContext) -> None:
        """Send a written message of the user's, and ask for an answer.

        Args:
            context: of the call; where one is bound, the message is an item of its thread.
        """
        if context.is_bound:
            self.user_asks()
            await context.type_text(text)
            return
        events = (await self._spoken()).typed(text)
        self.user_asks()
        await self._send_all(events)

    def user_asks(self) -> None:
        """The user asks for an answer without a word: the next one is to that."""
        self._user_acts()
        self._listener.next.user_asks(self._now())

    async def send(self, event: dict[str, Any]) -> None:
        """Send an event on the protocol's own channel."""
        await self._line.send_text(self._recorder.channels.sending_label, json.dumps(event))

    async def _spoken(self) -> VoiceProtocol:
        return await spoken_protocol(self._recorder.channels, self._recorder.events)

    async def _send_all(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            await self.send(event)
