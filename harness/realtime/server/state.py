"""State that the parts of one server session share, and their way of speaking to the client."""

from __future__ import annotations

from typing import Literal

from harness.errors import ProtocolError
from harness.realtime.conversation import Conversation
from harness.realtime.ids import Ids
from harness.realtime.items import Item, without_words
from harness.realtime.server.assistants.assistant import Assistant
from harness.realtime.server.outputs import Output, SendEvent
from harness.realtime.server.playback import PlaybackBuffer, PlaybackChange
from harness.realtime.server.response_faults import SessionFaults
from harness.realtime.server.spoken_audio import SpokenAudio
from harness.realtime.server.tokens import RateLimit
from harness.realtime.server.validation.mcp_values import WantedCall, without_secrets
from harness.realtime.session_object import Settings
from harness.realtime.wire import Event

Transport = Literal["webrtc", "websocket"]
OBFUSCATION_CHARS = 16


class SessionState:
    """The data of one session. Nothing here decides; the parts around it do."""

    def __init__(
        self,
        settings: Settings,
        assistant: Assistant,
        ids: Ids,
        transport: Transport,
        faults: SessionFaults | None = None,
    ) -> None:
        self.settings = settings
        self.assistant = assistant
        self.faults = faults or SessionFaults()
        self.ids = ids
        self.transport = transport
        self.conversation_id = ids.conversation()
        self.conversation = Conversation()
        self.playback = PlaybackBuffer()
        self.spoken = SpokenAudio()
        self.has_spoken = False
        """Whether assistant audio is present: the voice is fixed from then on."""
        self.audio_s: dict[str, float] = {}
        """Seconds of audio an item carries, for items that have any."""
        self.reserved_item_ids: set[str] = set()
        """Announced for an item that is still to come, so nobody else may use them."""
        self.truncated_item_ids: set[str] = set()
        self.dropped_item_ids: set[str] = set()
        """In the conversation, but too old for the assistant: see `truncation`."""
        self.busy_item_ids: set[str] = set()
        """In the conversation and not final yet, where the item itself does not say so."""

        self.open_approvals: dict[str, WantedCall] = {}
        """Remote calls that the client has not decided about, by the id of the request."""

        self.quiet_since_s: float | None = None
        """When the last answer was over, while nobody has spoken since."""
        self.rate_limit = RateLimit()
        self._outputs: list[Output] = []
        self._jobs = 0

    @property
    def plays_audio(self) -> bool:
        """Whether the server plays the answers itself (a media track), or sends them as events."""
        return self.transport == "webrtc"

    def put(self, output: Output) -> None:
        """Hand something out."""
        self._outputs.append(output)

    def take_outputs(self) -> list[Output]:
        """Everything put since the last call, in order."""
        taken, self._outputs = self._outputs, []
        return taken

    def new_job_id(self) -> str:
        """A name for a job that is new in this session."""
        self._jobs += 1
        return f"job_{self._jobs}"

    def new_item_id(self) -> str:
        """An id that no item has, not even one that a client named."""
        item_id = self.ids.item()
        while item_id in self.conversation or item_id in self.reserved_item_ids:
            item_id = self.ids.item()
        return item_id

    def send(self, kind: str, **fields: object) -> None:
        """Send one server event with a fresh event id; a session is told without its secrets."""
        if isinstance(session := fields.get("session"), dict):
            fields["session"] = without_secrets(session)
        self.put(SendEvent({"type": kind, "event_id": self.ids.event(), **fields}))

    def send_delta(self, kind: str, **fields: object) -> None:
        """Send a text-like delta, padded so that its size tells little."""
        padding = -len(str(fields["delta"])) % OBFUSCATION_CHARS or OBFUSCATION_CHARS
        self.send(kind, **fields, obfuscation=self.ids.letters(padding))

    def send_playback(self, kind: str, response_id: str) -> None:
        """Send an ``output_audio_buffer`` event, whose ids have a shape of their own."""
        event: Event = {
            "type": f"output_audio_buffer.{kind}",
            "event_id": self.ids.playback_event(),
            "response_id": response_id,
        }
        self.put(SendEvent(event))

    def send_playback_changes(self, changes: list[PlaybackChange], now_s: float) -> None:
        """Tell the client what a step of playback changed."""
        for change in changes:
            self.send_playback(change.kind, change.response_id)
            if change.kind == "stopped":
                self.quiet_since_s = now_s

    def send_error(
        self,
        error: ProtocolError,
        client_event_id: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        """Send the protocol's ``error`` event; the session goes on."""
        details = {
            "type": kind,
            "code": error.code,
            "message": error.message,
            "param": error.param,
            "event_id": client_event_id,
        }
        self.send("error", error=details)

    def add_item(self, item: Item, previous_item_id: str | None = None) -> str | None:
        """Put an item into the conversation and announce it; gives the id before it.

        Raises:
            ProtocolError: its id is taken or announced, or previous_item_id is unknown.
        """
        before = self.conversation.insert(item, previous_item_id)
        self.send("conversation.item.added", previous_item_id=before, item=item)
        return before

    def finish_item(self, item: Item) -> None:
        """Set an item's final state and say so."""
        before = self.conversation.replace(item)
        self.send("conversation.item.done", previous_item_id=before, item=item)
        if item["id"] in self.truncated_item_ids:
            self.forget_words(item["id"])

    def add_finished_item(self, item: Item, previous_item_id: str | None = None) -> None:
        """An item that is complete as it enters the conversation.

        Raises:
            ProtocolError: see `add_item`.
        """
        self.add_item(item, previous_item_id)
        self.finish_item(item)

    def truncate_item(self, item_id: str, content_index: int, audio_end_ms: int) -> None:
        """Drop an assistant item's audio after a point, and its words with it; say so."""
        self.truncated_item_ids.add(item_id)
        self.audio_s[item_id] = audio_end_ms / 1000
        self.spoken.cut(item_id, audio_end_ms / 1000)
        self.forget_words(item_id)
        self.send(
            "conversation.item.truncated",
            item_id=item_id,
            content_index=content_index,
            audio_end_ms=audio_end_ms,
        )

    def delete_item(self, item_id: str) -> None:
        """Take an item out with all that is known of it: a client may use its id again.

        Raises:
            ProtocolError: no such item.
        """
        self.conversation.delete(item_id)
        self.audio_s.pop(item_id, None)
        self.spoken.forget(item_id)
        self.truncated_item_ids.discard(item_id)
        self.dropped_item_ids.discard(item_id)

    def forget_words(self, item_id: str) -> None:
        """Take an assistant item's transcript out: nobody knows which words were heard."""
        self.conversation.replace(without_words(self.conversation.get(item_id)))
