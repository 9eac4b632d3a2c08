"""Parts of a client or a call: its commands, their requests, its microphone, its context.

Written by `python -m harness.sync_api.generate`: do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.call.call_context import BIND_WITHIN_S
from harness.call.call_context import CallContext as _CallContext
from harness.client.commands import Commands as _Commands
from harness.client.microphone import Microphone as _Microphone
from harness.client.requests import Request as _Request
from harness.sync_api.loop import Runner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    from harness.audio.clip import AudioClip
    from harness.context.context import Context, Row
    from harness.context.definition import ContextDefinition
    from harness.context.threads.choice import AnyContext
    from harness.errors import HarnessError
    from harness.paths import StrPath
    from harness.realtime.client.settings import SessionSettings
    from harness.realtime.items import Item
    from harness.realtime.wire import Event


class Request:
    """Something asked of the server. `wait` for the answer, or leave it.

    Waiting gives the server's event (None where there was nothing to do), or raises
    `ProtocolError` with the protocol's code. Not waited for, a refusal is an “error” event only.
    """

    def __init__(self, wrapped: _Request, runner: Runner) -> None:
        self._wrapped = wrapped
        self._runner = runner

    @property
    def is_settled(self) -> bool:
        """Whether the server has answered or refused it."""
        return self._runner.read(lambda: self._wrapped.is_settled)

    @property
    def problem(self) -> HarnessError | None:
        """Why it was refused; None where it was not, or not yet."""
        return self._runner.read(lambda: self._wrapped.problem)

    def wait(self) -> Event | None:
        """The server's answer; None where there was nothing to do. A refusal is raised."""
        return self._runner.run(self._wrapped)


class Commands:
    """Part of `RealtimeClient`. Every method raises `NotConnected` where there is no call.

    While the call is being connected (again), what is asked for waits.
    """

    def __init__(self, wrapped: _Commands, runner: Runner) -> None:
        self._wrapped = wrapped
        self._runner = runner

    def commit(self) -> Request:
        """End the user's turn by hand. Starts no answer: call `respond`."""
        return Request(self._runner.read(lambda: self._wrapped.commit()), self._runner)

    def clear_input_audio(self) -> Request:
        """Drop what was said since the last turn."""
        return Request(self._runner.read(lambda: self._wrapped.clear_input_audio()), self._runner)

    def respond(self, response: Mapping[str, Any] | None = None) -> Request:
        """Ask for an answer, as soon as no other is active; ``response`` overrides settings."""
        return Request(self._runner.read(lambda: self._wrapped.respond(response)), self._runner)

    def respond_outside(self, response: Mapping[str, Any] | None = None) -> Request:
        """Ask for an answer outside the conversation, beside any other."""
        return Request(
            self._runner.read(lambda: self._wrapped.respond_outside(response)), self._runner
        )

    def cancel(self, response_id: str | None = None) -> Request:
        """Stop generating; what is buffered is still played."""
        return Request(self._runner.read(lambda: self._wrapped.cancel(response_id)), self._runner)

    def clear_output_audio(self) -> Request:
        """Stop playing."""
        return Request(self._runner.read(lambda: self._wrapped.clear_output_audio()), self._runner)

    def interrupt(self) -> Request:
        """Stop the answer: generation and playback."""
        return Request(self._runner.read(lambda: self._wrapped.interrupt()), self._runner)

    def send_text(
        self, text: str, role: Literal["user", "system", "assistant"] = "user"
    ) -> Request:
        """Add a written message. Call `respond` for an answer to it.

        Args:
            text: plain text.
            role: who says it; "assistant" puts words into the model's mouth.
        """
        return Request(self._runner.read(lambda: self._wrapped.send_text(text, role)), self._runner)

    def send_image(
        self,
        image: bytes | str,
        text: str | None = None,
        detail: Literal["auto", "low", "high"] = "auto",
    ) -> Request:
        """Add a PNG or JPEG, with words where there are any. Call `respond` for an answer.

        Args:
            image: the bytes of the file, or a data URI of one.
            text: goes with it, in the same message.
            detail: how closely the model is to look.

        Raises:
            SettingsError: neither PNG nor JPEG.
        """
        return Request(
            self._runner.read(lambda: self._wrapped.send_image(image, text, detail)), self._runner
        )

    def create_item(self, item: Item, previous_item_id: str | None = None) -> Request:
        """Put any item into the conversation.

        Args:
            item: as on the wire; it gets an id where it has none.
            previous_item_id: None appends, "root" puts it first.
        """
        return Request(
            self._runner.read(lambda: self._wrapped.create_item(item, previous_item_id)),
            self._runner,
        )

    def delete_item(self, item_id: str) -> Request:
        """Take an item out."""
        return Request(self._runner.read(lambda: self._wrapped.delete_item(item_id)), self._runner)

    def retrieve_item(self, item_id: str) -> Request:
        """Ask for an item as the server has it."""
        return Request(
            self._runner.read(lambda: self._wrapped.retrieve_item(item_id)), self._runner
        )

    def truncate(self, item_id: str, audio_end_ms: int, content_index: int = 0) -> Request:
        """Cut an assistant's item to what was heard. The server does so by itself on WebRTC.

        Args:
            item_id: of the assistant's message.
            audio_end_ms: milliseconds from its first sample; what follows was not heard.
            content_index: which part of the message holds the audio.
        """
        return Request(
            self._runner.read(lambda: self._wrapped.truncate(item_id, audio_end_ms, content_index)),
            self._runner,
        )

    def update(self, changes: SessionSettings | Mapping[str, Any]) -> Request:
        """Change the running session: all settings, or a part of the session object."""
        return Request(self._runner.read(lambda: self._wrapped.update(changes)), self._runner)

    def approve_mcp(
        self, request_id: str, approve: bool = True, reason: str | None = None
    ) -> Request:
        """Answer a remote tool's request for approval.

        Args:
            request_id: id of the item that asks.
            approve: False refuses the call.
            reason: of a refusal, for the model.
        """
        return Request(
            self._runner.read(lambda: self._wrapped.approve_mcp(request_id, approve, reason)),
            self._runner,
        )

    def send_event(self, event: Mapping[str, Any]) -> Request:
        """Any event of the protocol, as it is."""
        return Request(self._runner.read(lambda: self._wrapped.send_event(event)), self._runner)

    def finish_tool(
        self, call_id: str, output: object = None, error: BaseException | str | None = None
    ) -> None:
        """Give the result of a tool that was called by hand (`SessionSettings.functions`).

        Args:
            call_id: as the event "tool_called" told it.
            output: text, or anything that can be JSON.
            error: what went wrong, in place of an output.

        Raises:
            NotConnected: no call is open.
            ToolRefused: no tool call has this id.
        """
        self._runner.read(lambda: self._wrapped.finish_tool(call_id, output, error))


class CallContext:
    """What a call knows from before, and keeps for later. Made by `Call`."""

    def __init__(self, wrapped: _CallContext, runner: Runner) -> None:
        self._wrapped = wrapped
        self._runner = runner

    @property
    def is_bound(self) -> bool:
        """Whether the call has a context now."""
        return self._runner.read(lambda: self._wrapped.is_bound)

    @property
    def value(self) -> Context:
        """The context as it stands: its name, its state, the number of this call.

        Raises:
            UsageError: the call has none.
        """
        return self._runner.read(lambda: self._wrapped.value)

    def bind(
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
        self._runner.run(self._wrapped.bind(wanted, within_s=within_s, from_start=from_start))

    def release(self) -> None:
        """Let the call go on without its context; what was said so far is kept.

        Raises:
            UsageError: the call has none.
            ContextError: something of it could not be kept.
        """
        self._runner.run(self._wrapped.release())

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Keep values for later calls, and tell the model; None takes one out.

        Raises:
            UsageError: the call has no context.
            ContextError: it cannot be kept.
        """
        self._runner.run(self._wrapped.set_state(state))

    def redefine(self, definition: ContextDefinition) -> None:
        """Other instructions and tools from here on, in this call and in later ones.

        Raises:
            UsageError: the call has no context, or a tool cannot be had.
            ContextError: it cannot be kept.
        """
        self._runner.run(self._wrapped.redefine(definition))

    def items(self) -> Sequence[Row]:
        """The thread, the oldest item first, in the shapes of ChatKit.

        Raises:
            UsageError: the call has no context.
            ContextError: it cannot be read.
        """
        return self._runner.run(self._wrapped.items())

    def attach(self, file: StrPath, *, mime_type: str | None = None, alone: bool = False) -> None:
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
        self._runner.run(self._wrapped.attach(file, mime_type=mime_type, alone=alone))

    def press(
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
        self._runner.run(self._wrapped.press(name, values=values, within_s=within_s))


class Microphone:
    """The client's voice. On from the start.

    Args:
        on_change: told True or False whenever it is switched.
        is_live: whether a connection pulls, or will again: saying something needs one.
    """

    def __init__(self, wrapped: _Microphone, runner: Runner) -> None:
        self._wrapped = wrapped
        self._runner = runner

    @property
    def is_on(self) -> bool:
        """Whether what is said is sent; off, silence is."""
        return self._runner.read(lambda: self._wrapped.is_on)

    def on(self) -> None:
        """Send what is said from now on."""
        self._runner.read(lambda: self._wrapped.on())

    def off(self) -> None:
        """Send silence from now on."""
        self._runner.read(lambda: self._wrapped.off())

    def toggle(self) -> bool:
        """Switch, and say whether it is on now."""
        return self._runner.read(lambda: self._wrapped.toggle())

    def play(self, clip: AudioClip | StrPath, gain: float = 1.0) -> None:
        """Say a clip, an audio file of any usual kind, or a shipped fixture by its name.

        Returns when the last sample has gone.

        Several at once are mixed. A cancelled one falls silent.

        Raises:
            FixtureError: the file cannot be used.
            NotConnected: no call is open, or it ended meanwhile.
        """
        self._runner.run(self._wrapped.play(clip, gain))

    def stop_all(self) -> None:
        """Fall silent at once; whoever waits for the end of what is said goes on."""
        self._runner.read(lambda: self._wrapped.stop_all())
