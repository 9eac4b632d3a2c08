"""The context of a call: bound when it is opened or later, changed, written into, released."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from itertools import count
from typing import Any

from harness.call.bound_context import BoundContext, CallEnd, Send, bound_context
from harness.call.recorder import CallRecorder
from harness.call.spoken_protocol import spoken_protocol
from harness.call.uses import Awaited, Uses
from harness.context.attachments import read_attachment
from harness.context.context import Context, Row
from harness.context.definition import ContextDefinition
from harness.context.threads.choice import AnyContext, chosen
from harness.context.widgets import find_pressable, to_press
from harness.errors import UsageError
from harness.line.interface import Line
from harness.paths import StrPath
from harness.protocols.interface import VoiceProtocol
from harness.protocols.realtime import RealtimeProtocol

BIND_WITHIN_S = 20.0


class CallContext(Awaited, written_as="call.context"):
    """What a call knows from before, and keeps for later. Made by `Call`."""

    def __init__(
        self,
        line: Line,
        recorder: CallRecorder,
        send: Send,
        now: Callable[[], float],
        user_asks: Callable[[], None],
    ) -> None:
        self.uses = Uses()
        self._line, self._recorder, self._send, self._now = line, recorder, send, now
        self._user_asks = user_asks
        self._attached: list[Row] = []
        """Files for the next message."""

        self._files = count(1)
        self._stack = AsyncExitStack()
        self._bound: BoundContext | None = None

    @property
    def is_bound(self) -> bool:
        """Whether the call has a context now."""
        return self._bound is not None

    @property
    def value(self) -> Context:
        """The context as it stands: its name, its state, the number of this call.

        Raises:
            UsageError: the call has none.
        """
        return self._required().context

    async def bind(
        self, wanted: AnyContext, *, within_s: float = BIND_WITHIN_S, from_start: bool = False
    ) -> None:
        """Give the call a context; its thread goes in front of the conversation.

        Args:
            wanted: a YAML file, a definition, or a `ContextChoice`, which says where it is kept.
            within_s: how long another call that has it is waited for, and then the server.
            from_start: also what was said before belongs into its thread.

        Raises:
            UsageError: the call has one; the context is a user's and none is named; or the page
                speaks no Realtime.
            ContextError: it cannot be had, see `harness.context.errors`.
        """
        if self._bound is not None:
            raise UsageError(
                "The call has a context already.",
                expected="a call without one",
                found=f"“{self._bound.context.name}”",
                hint="`await call.context.release()` before",
            )
        recorder = self._recorder
        refuse_other_protocols(await spoken_protocol(recorder.channels, recorder.events))
        block = bound_context(chosen(wanted), self._end(), within_s, from_start=from_start)
        self._bound = await self._stack.enter_async_context(block)
        self._attached, self._files = [], count(1)

    async def release(self) -> None:
        """Let the call go on without its context; what was said so far is kept.

        Raises:
            UsageError: the call has none.
            ContextError: something of it could not be kept.
        """
        await self._required().release()
        await self.aclose()

    async def set_state(self, state: Mapping[str, Any]) -> None:
        """Keep values for later calls, and tell the model; None takes one out.

        Raises:
            UsageError: the call has no context.
            ContextError: it cannot be kept.
        """
        await self._required().set_state(state)

    async def redefine(self, definition: ContextDefinition) -> None:
        """Other instructions and tools from here on, in this call and in later ones.

        Raises:
            UsageError: the call has no context, or a tool cannot be had.
            ContextError: it cannot be kept.
        """
        await self._required().redefine(definition)

    async def items(self) -> Sequence[Row]:
        """The thread, the oldest item first, in the shapes of ChatKit.

        Raises:
            UsageError: the call has no context.
            ContextError: it cannot be read.
        """
        return await self._required().wait_items(lambda rows: True, 0.0)

    async def wait_items(
        self, fits: Callable[[Sequence[Row]], bool], within_s: float = 10
    ) -> Sequence[Row]:
        """The thread, once it fits, or as it is after so long; raises as `items`."""
        return await self._required().wait_items(fits, within_s)

    async def attach(
        self, file: StrPath, *, mime_type: str | None = None, alone: bool = False
    ) -> None:
        """Attach a file to the next message that is written, see `Call.type_text`.

        The file stands in the thread; the model is told its name, and sees a picture (PNG, JPEG)
        that fits into one of the protocol's events, about 180 KiB.

        Args:
            mime_type: what it is, as "application/pdf"; absent: as its name says.
            alone: True: it is a message of its own, and an answer is asked for.

        Raises:
            UsageError: the call has no context.
            ContextError: it is missing, too large or not what it is said to be
                (`AttachmentError`), or it cannot be kept.
        """
        bound = self._required()
        row = await bound.keep_attachment(next(self._files), read_attachment(file, mime_type))
        self._attached.append(row)
        if alone:
            self._user_asks()
            await self.type_text("")

    async def press(
        self, name: str, *, values: Mapping[str, Any] | None = None, within_s: float = 10
    ) -> None:
        """Press something in the thread's newest widget that has it, and ask for an answer.

        Its action goes into the thread and the session as ChatKit's `threads.custom_action` does.

        Args:
            name: what it shows, whatever the case; or its id or key.
            values: what the user fills into the widget's fields, by their names.
            within_s: how long such a widget is waited for.

        Raises:
            UsageError: the call has no context.
            ExpectationFailed: there is no such widget, or nobody can press it.
            ContextError: it cannot be kept; nothing was sent.
        """
        bound = self._required()
        rows = await bound.wait_items(lambda rows: find_pressable(rows, name) is not None, within_s)
        widget_id, pressed = to_press(rows, name, values)
        self._user_asks()
        await bound.put(lambda binding, _, unix_s: binding.press(pressed.action, widget_id, unix_s))

    async def type_text(self, text: str) -> bool:
        """Write into the thread and the session; False where the call has no context."""
        if self._bound is None:
            return False
        attached, self._attached = self._attached, []
        await self._bound.put(
            lambda binding, now_s, unix_s: binding.type_text(text, now_s, unix_s, attached)
        )
        return True

    async def aclose(self) -> None:
        """End what was begun; of no use to anybody but the call itself."""
        self._bound = None
        stack, self._stack = self._stack, AsyncExitStack()
        await stack.aclose()

    def _end(self) -> CallEnd:
        recorder, now = self._recorder, self._now
        return CallEnd(
            recorder.events,
            self._send,
            lambda fact: recorder.note(fact, now()),
            now,
            self._line.capabilities.is_real_time,
            self._line.capabilities.most_message_bytes,
        )

    def _required(self) -> BoundContext:
        if self._bound is None:
            raise UsageError(
                "This call has no context.",
                expected="a call that was opened with one, or to which one was bound",
                hint='open it with context="restaurant.yaml"',
            )
        return self._bound


def refuse_other_protocols(protocol: VoiceProtocol) -> None:
    """Nothing, where a context can be bound to a call of that protocol.

    Raises:
        UsageError: it is not Realtime.
    """
    if not isinstance(protocol, RealtimeProtocol):
        raise UsageError(
            "A context cannot be bound to this call.",
            expected="a call that speaks Realtime",
            found=f"the protocol “{protocol.name}”",
            hint="tell the page's own program of the context",
        )
