"""``conversation.item.*``: what a client does to the conversation."""

from __future__ import annotations

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.errors import ProtocolError
from harness.realtime import items
from harness.realtime.audio_formats import AudioDecoder, AudioEncoder, format_of
from harness.realtime.items import Item
from harness.realtime.server.state import SessionState
from harness.realtime.server.transcription import Transcription
from harness.realtime.wire import Event

TRUNCATION_TOLERANCE_MS = 1
"""Durations are rounded to whole milliseconds."""

MAX_RETRIEVED_AUDIO_CHARS = 200_000
"""Browsers take data channel messages of 256 KiB; longer audio (4 s and a bit) is left out."""

MAX_RETRIEVED_OVER_A_SOCKET_CHARS = 15 * 1024 * 1024
"""As much as a client may send at once; a longer message would look like a client that does not
read (four minutes of PCM16)."""


class Items:
    """The client's side of the conversation's items."""

    def __init__(self, state: SessionState, transcription: Transcription) -> None:
        self._state = state
        self._transcription = transcription

    def receive_create(self, event: Event, now_s: float) -> None:
        """``conversation.item.create``. Never starts a response.

        Raises:
            ProtocolError: the id is taken, previous_item_id or call_id is unknown, or the audio
                is not in the input format.
        """
        given: Item = event["item"]
        item_id = given.get("id") or self._state.new_item_id()
        if item_id in self._state.reserved_item_ids:
            raise ProtocolError(
                f"Item with id '{item_id}' already exists in the conversation.",
                code="item_already_exists",
                param="item.id",
            )
        self._refuse_unknown_call(given)
        if given["type"] == "function_call" and given.get("call_id") is None:
            given = {**given, "call_id": self._state.ids.function_call()}
        samples = item_audio(given, "item", format_of(self._state.settings, "input"))
        echo = items.announced(given, item_id)
        self._state.add_finished_item(echo, event.get("previous_item_id"))
        if samples is not None:
            self._transcription.hear(item_id, samples, announce=True, wants_text=False)

    def receive_retrieve(self, event: Event, now_s: float) -> None:
        """``conversation.item.retrieve``: with its audio, and what is known of the user's words.

        The assistant's audio comes over a WebSocket alone, as with the hosted service.

        Raises:
            ProtocolError: no such item.
        """
        item = self._state.conversation.get(event["item_id"])
        if items.is_user_message(item):
            parts = [self._retrieved_part(item["id"], part) for part in item["content"]]
            item = {**item, "content": parts}
        elif items.is_assistant_message(item):
            parts = [self._with_sound(item["id"], part) for part in item["content"]]
            item = {**item, "content": parts}
        self._state.send("conversation.item.retrieved", item=item)

    def receive_delete(self, event: Event, now_s: float) -> None:
        """``conversation.item.delete``.

        Raises:
            ProtocolError: no such item, or it is still being generated.
        """
        item_id = event["item_id"]
        item = self._state.conversation.get(item_id)
        is_busy = item_id in self._state.busy_item_ids
        if item.get("status") == "in_progress" or is_busy:
            raise ProtocolError(
                f"Item with item_id '{item_id}' is still being generated.",
                code="item_in_progress",
                param="item_id",
            )
        self._state.delete_item(item_id)
        self._transcription.forget(item_id)
        self._state.send("conversation.item.deleted", item_id=item_id)

    def receive_truncate(self, event: Event, now_s: float) -> None:
        """``conversation.item.truncate``: edits history, stops nothing.

        Raises:
            ProtocolError: no such item, not assistant audio, or more than its audio.
        """
        item_id, audio_end_ms = event["item_id"], event["audio_end_ms"]
        item = self._state.conversation.get(item_id)
        audio_s = self._state.audio_s.get(item_id)
        if not items.is_assistant_message(item) or audio_s is None:
            raise ProtocolError(
                "Only model output audio messages can be truncated",
                code="unsupported_content_type",
                param="item_id",
            )
        if event["content_index"] != 0:
            raise ProtocolError(
                f"Item with item_id '{item_id}' has no content part {event['content_index']}.",
                code="invalid_value",
                param="content_index",
            )
        if audio_end_ms > audio_s * 1000 + TRUNCATION_TOLERANCE_MS:
            raise ProtocolError(
                f"Audio content of {round(audio_s * 1000)}ms is already shorter than "
                f"{audio_end_ms}ms",
                code="invalid_value",
                param="audio_end_ms",
            )
        self._state.truncate_item(item_id, 0, audio_end_ms)

    def _refuse_unknown_call(self, item: Item) -> None:
        if item["type"] != "function_call_output":
            return
        calls = (known for known in self._state.conversation if known["type"] == "function_call")
        if all(known.get("call_id") != item["call_id"] for known in calls):
            raise ProtocolError(
                f"Tool call ID '{item['call_id']}' not found in conversation.",
                code="invalid_tool_call_id",
                param="item.call_id",
            )

    def _retrieved_part(self, item_id: str, part: dict[str, object]) -> dict[str, object]:
        if part["type"] != "input_audio":
            return part
        transcript = part.get("transcript") or self._transcription.transcript(item_id)
        retrieved = {"type": "input_audio", "transcript": transcript}
        audio = self._transcription.audio_base64(item_id)
        return {**retrieved, "audio": audio} if self._fits(audio) else retrieved

    def _with_sound(self, item_id: str, part: dict[str, object]) -> dict[str, object]:
        samples = self._state.spoken.samples(item_id)
        if part["type"] != "output_audio" or samples is None:
            return part
        audio = AudioEncoder(format_of(self._state.settings, "output")).encode(samples)
        return {**part, "audio": audio} if self._fits(audio) else part

    def _fits(self, audio: str | None) -> bool:
        """Whether there is any, and one message may hold it."""
        over_webrtc = self._state.plays_audio
        most = MAX_RETRIEVED_AUDIO_CHARS if over_webrtc else MAX_RETRIEVED_OVER_A_SOCKET_CHARS
        return audio is not None and len(audio) <= most


def item_audio(item: Item, path: str, kind: str) -> MonoFloat32 | None:
    """The audio of a client's user message at 24 kHz, its parts joined; None where it has none.

    Args:
        item: as the client sent it.
        path: what it is called in error messages.
        kind: the session's input format.

    Raises:
        ProtocolError: not base64, or not whole samples.
    """
    if not (item["type"] == "message" and item["role"] == "user"):
        return None
    pieces = [
        AudioDecoder().decode(part["audio"], kind, f"{path}.content[{index}].audio")
        for index, part in enumerate(item["content"])
        if part["type"] == "input_audio" and part.get("audio") is not None
    ]
    return np.concatenate(pieces) if pieces else None
