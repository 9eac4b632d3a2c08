"""Commands of a caller to a client session. Each queues events and returns at once.

The returned text is the request's ``event_id``: a `RequestCompleted` with it follows, once the
server has answered or refused. Commands before the channel is open, or while the connection is
lost, wait for it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Literal

from harness.errors import SessionStateError, SettingsError
from harness.realtime.client.core import SessionCore
from harness.realtime.client.events import MicrophoneChanged, VolumeChanged
from harness.realtime.client.outputs import SetMicrophone, SetVolume
from harness.realtime.client.responses import Responses
from harness.realtime.client.settings import SessionSettings
from harness.realtime.items import Item
from harness.realtime.wire import Event

Role = Literal["user", "system", "assistant"]

IMAGE_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""First bytes of the images the protocol takes."""


class Commands:
    """Part of `RealtimeSession`. Every method may raise `SessionClosed`."""

    core: SessionCore
    answers: Responses
    is_microphone_on: bool
    volume: float

    @property
    def settings(self) -> SessionSettings:
        """The settings that are wanted by now."""
        raise NotImplementedError

    # --- the user's audio ---

    def append_audio(self, pcm16_base64: str) -> str:
        """Send user audio as an event, where no track carries it (WebSocket alone).

        Args:
            pcm16_base64: base64 of mono PCM16, little-endian, 24 kHz; or what the session's input
                format says.
        """
        return self._command("input_audio_buffer.append", audio=pcm16_base64)

    def commit(self) -> str:
        """End the user's turn by hand; starts no answer."""
        return self._command("input_audio_buffer.commit")

    def clear_input_audio(self) -> str:
        """Drop what the user said since the last commit."""
        return self._command("input_audio_buffer.clear")

    # --- answers ---

    def respond(self, response: Mapping[str, Any] | None = None) -> str:
        """Ask for an answer; sent as soon as no other one is active.

        Args:
            response: what differs from the session for this answer alone.

        Raises:
            SessionStateError: a transcription session gives no answers.
        """
        self._refuse_answers()
        event: Event = {"type": "response.create"}
        if response:
            event["response"] = dict(response)
        return self.answers.ask(event)

    def respond_outside(self, response: Mapping[str, Any] | None = None) -> str:
        """Ask for an answer outside the conversation; several may run, beside any other.

        Raises:
            SessionStateError: see `respond`.
        """
        return self.respond({**(response or {}), "conversation": "none"})

    def cancel(self, response_id: str | None = None) -> str:
        """Stop generating. What is buffered is still played: see `interrupt`.

        With nothing to cancel nothing is sent, and the request is settled at once.
        """
        answer = self.answers.get(response_id) if response_id else None
        is_done = answer is not None and answer.done_s is not None
        if is_done or (response_id is None and not self.answers.is_busy()):
            return self._nothing_to_do()
        fields = {"response_id": response_id} if response_id else {}
        return self._command("response.cancel", **fields)

    def clear_output_audio(self) -> str:
        """Stop playing; the server truncates the item. With nothing to play nothing is sent."""
        if not self.answers.has_sound():
            return self._nothing_to_do()
        return self._command("output_audio_buffer.clear")

    def interrupt(self) -> str:
        """Stop the answer altogether: generation and playback."""
        self.cancel()
        return self.clear_output_audio()

    # --- the conversation ---

    def create_item(self, item: Item, previous_item_id: str | None = None) -> str:
        """Put an item in; it gets an id where it has none.

        Args:
            item: as on the wire.
            previous_item_id: None appends, "root" puts it first.
        """
        fields: dict[str, Any] = {"item": self._with_id(item)}
        if previous_item_id is not None:
            fields["previous_item_id"] = previous_item_id
        return self._command("conversation.item.create", **fields)

    def delete_item(self, item_id: str) -> str:
        """Take an item out of the conversation."""
        return self._command("conversation.item.delete", item_id=item_id)

    def retrieve_item(self, item_id: str) -> str:
        """Ask for an item as the server has it."""
        return self._command("conversation.item.retrieve", item_id=item_id)

    def truncate(self, item_id: str, audio_end_ms: int, content_index: int = 0) -> str:
        """Cut an assistant's item to what was heard. On WebRTC the server does so by itself.

        Args:
            item_id: of the assistant's message.
            audio_end_ms: milliseconds from its first sample; what follows was not heard.
            content_index: which part of the message holds the audio.
        """
        where = {"item_id": item_id, "content_index": content_index, "audio_end_ms": audio_end_ms}
        return self._command("conversation.item.truncate", **where)

    def send_text(self, text: str, role: Role = "user") -> str:
        """Add a written message. Call `respond` for an answer to it.

        Args:
            text: plain text.
            role: who says it.
        """
        kind = "output_text" if role == "assistant" else "input_text"
        return self.create_item(_message(role, {"type": kind, "text": text}))

    def send_image(
        self,
        image: bytes | str,
        text: str | None = None,
        detail: Literal["auto", "low", "high"] = "auto",
    ) -> str:
        """An image, with words where there are any. Call `respond` for an answer to it.

        Args:
            image: the bytes of a PNG or JPEG, or a data URI of one.

        Raises:
            SettingsError: neither PNG nor JPEG.
        """
        part = {"type": "input_image", "image_url": _data_uri(image), "detail": detail}
        words = [{"type": "input_text", "text": text}] if text else []
        return self.create_item(_message("user", part, *words))

    def approve_mcp(self, request_id: str, approve: bool = True, reason: str | None = None) -> str:
        """Answer a remote tool's request for approval.

        Args:
            request_id: id of the item that asks.
            approve: False refuses the call.
            reason: of a refusal, for the model.
        """
        item: Item = {
            "type": "mcp_approval_response",
            "approval_request_id": request_id,
            "approve": approve,
        }
        if reason is not None:
            item["reason"] = reason
        return self.create_item(item)

    def send_event(self, event: Mapping[str, Any]) -> str:
        """Any event, as it is; only an ``event_id`` is added where it has none.

        Raises:
            SessionStateError: it has no ``type``.
        """
        if not isinstance(event.get("type"), str):
            raise SessionStateError("An event needs a “type”.", code="invalid_event", param="type")
        return self.core.command(dict(event))

    # --- what is heard here ---

    def set_microphone(self, is_on: bool) -> None:
        """Let the microphone be heard, or not."""
        self.core.refuse_if_closed()
        if is_on != self.is_microphone_on:
            self.is_microphone_on = is_on
            self.core.put(SetMicrophone(is_on))
            self.core.notify(MicrophoneChanged(is_on))

    def toggle_microphone(self) -> None:
        """Switch the microphone on, or off."""
        self.set_microphone(not self.is_microphone_on)

    def set_volume(self, volume: float) -> None:
        """How loud the assistant is played: 0 to 1.

        Raises:
            SettingsError: outside that range.
        """
        self.core.refuse_if_closed()
        if not 0.0 <= volume <= 1.0:
            raise SettingsError(
                "The volume is out of range.", expected="0.0 to 1.0", found=f"{volume}"
            )
        if volume != self.volume:
            self.volume = volume
            self.core.put(SetVolume(volume))
            self.core.notify(VolumeChanged(volume))

    def _command(self, kind: str, **fields: Any) -> str:
        return self.core.command({"type": kind, **fields})

    def _nothing_to_do(self) -> str:
        self.core.refuse_if_closed()
        event_id = self.core.ids.event()
        self.core.settle(event_id)
        return event_id

    def _with_id(self, item: Item) -> Item:
        return dict(item) if item.get("id") else {"id": self.core.ids.item(), **item}

    def _refuse_answers(self) -> None:
        if self.settings.type == "transcription":
            raise SessionStateError(
                "A transcription session gives no answers.", code="no_answers_in_transcription"
            )


def _message(role: Role, *parts: dict[str, Any]) -> Item:
    return {"type": "message", "role": role, "content": list(parts)}


def _data_uri(image: bytes | str) -> str:
    if isinstance(image, str):
        if image.startswith(("data:image/png;base64,", "data:image/jpeg;base64,")):
            return image
    else:
        for start, media_type in IMAGE_TYPES.items():
            if image.startswith(start):
                return f"data:{media_type};base64,{base64.b64encode(image).decode('ascii')}"
    raise SettingsError("The image is neither PNG nor JPEG.", expected="PNG or JPEG")
