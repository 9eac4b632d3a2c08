"""Commands of a program to a call that is up, or on its way (again)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from harness.client.core import ClientCore
from harness.client.requests import Request
from harness.realtime.client.session import RealtimeSession
from harness.realtime.client.settings import SessionSettings
from harness.realtime.items import Item


class Commands:
    """Part of `RealtimeClient`. Every method raises `NotConnected` where there is no call.

    While the call is being connected (again), what is asked for waits.
    """

    _core: ClientCore

    def _ask(self, command: Callable[[RealtimeSession], str]) -> Request:
        return self._core.live_shell().ask(command)

    # --- turns and answers ---

    def commit(self) -> Request:
        """End the user's turn by hand. Starts no answer: call `respond`."""
        return self._ask(RealtimeSession.commit)

    def clear_input_audio(self) -> Request:
        """Drop what was said since the last turn."""
        return self._ask(RealtimeSession.clear_input_audio)

    def respond(self, response: Mapping[str, Any] | None = None) -> Request:
        """Ask for an answer, as soon as no other is active; ``response`` overrides settings."""
        return self._ask(lambda session: session.respond(response))

    def respond_outside(self, response: Mapping[str, Any] | None = None) -> Request:
        """Ask for an answer outside the conversation, beside any other."""
        return self._ask(lambda session: session.respond_outside(response))

    def cancel(self, response_id: str | None = None) -> Request:
        """Stop generating; what is buffered is still played."""
        return self._ask(lambda session: session.cancel(response_id))

    def clear_output_audio(self) -> Request:
        """Stop playing."""
        return self._ask(RealtimeSession.clear_output_audio)

    def interrupt(self) -> Request:
        """Stop the answer: generation and playback."""
        return self._ask(RealtimeSession.interrupt)

    # --- conversation and session ---

    def send_text(
        self, text: str, role: Literal["user", "system", "assistant"] = "user"
    ) -> Request:
        """Add a written message. Call `respond` for an answer to it.

        Args:
            text: plain text.
            role: who says it; "assistant" puts words into the model's mouth.
        """
        return self._ask(lambda session: session.send_text(text, role))

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
        return self._ask(lambda session: session.send_image(image, text, detail))

    def create_item(self, item: Item, previous_item_id: str | None = None) -> Request:
        """Put any item into the conversation.

        Args:
            item: as on the wire; it gets an id where it has none.
            previous_item_id: None appends, "root" puts it first.
        """
        return self._ask(lambda session: session.create_item(item, previous_item_id))

    def delete_item(self, item_id: str) -> Request:
        """Take an item out."""
        return self._ask(lambda session: session.delete_item(item_id))

    def retrieve_item(self, item_id: str) -> Request:
        """Ask for an item as the server has it."""
        return self._ask(lambda session: session.retrieve_item(item_id))

    def truncate(self, item_id: str, audio_end_ms: int, content_index: int = 0) -> Request:
        """Cut an assistant's item to what was heard. The server does so by itself on WebRTC.

        Args:
            item_id: of the assistant's message.
            audio_end_ms: milliseconds from its first sample; what follows was not heard.
            content_index: which part of the message holds the audio.
        """
        return self._ask(lambda session: session.truncate(item_id, audio_end_ms, content_index))

    def update(self, changes: SessionSettings | Mapping[str, Any]) -> Request:
        """Change the running session: all settings, or a part of the session object."""
        return self._ask(lambda session: session.update(changes))

    def approve_mcp(
        self, request_id: str, approve: bool = True, reason: str | None = None
    ) -> Request:
        """Answer a remote tool's request for approval.

        Args:
            request_id: id of the item that asks.
            approve: False refuses the call.
            reason: of a refusal, for the model.
        """
        return self._ask(lambda session: session.approve_mcp(request_id, approve, reason))

    def send_event(self, event: Mapping[str, Any]) -> Request:
        """Any event of the protocol, as it is."""
        return self._ask(lambda session: session.send_event(event))

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
        self._core.live_shell().do(
            lambda session, now_s: session.tool_finished(call_id, output, error, now_s=now_s)
        )
