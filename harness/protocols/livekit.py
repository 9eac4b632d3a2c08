"""LiveKit: what a page's rooms tell in their data packets, which is what was said and by whom.

Read are the texts of the topic "lk.transcription" and the transcription packets of older agents.
Turns, tools and interruptions are in no packet, so they are told by nobody; sealed packets (a
room with end-to-end encryption) tell nothing at all.

Source: livekit_models.proto and livekit_rtc.proto of the livekit/protocol repository, protocol 16;
"Text and transcriptions", docs.livekit.io.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.facts.dialogue import (
    AnswerEnded,
    AnswerStarted,
    AnswerText,
    DialogueFact,
    UserTranscript,
)
from harness.protocols.interface import Channel, Message, Tells, VoiceProtocol
from harness.protocols.protobuf import Value, fields_of, messages_of, text_of

_Fields = Mapping[int, Sequence[Value]]
_Told = Iterable[DialogueFact]

TOPIC = "lk.transcription"
SEGMENT, FINAL = "lk.segment_id", "lk.transcription_final"
"""Attributes of its streams."""

SIGNAL_PATHS = ("/rtc", "/rtc/v1")
"""Ends of the address of the WebSocket by which a room is joined."""

IDENTITY, TRANSCRIPTION, HEADER, CHUNK, TRAILER = 4, 7, 13, 14, 15
"""Fields of a data packet."""

JOIN, JOINED_AS = 1, 2
"""Fields of the signal that a room was joined, and of the participant in it."""

AGENT = "agent-"
"""What the identity of an agent begins with, where nobody gave it another."""


@dataclass(slots=True)
class _Stream:
    who: str
    segment: str
    is_final: bool
    text: str = ""


class LiveKitProtocol(VoiceProtocol):
    """Reads one room's packets."""

    name: ClassVar[str] = "LiveKit"
    labels: ClassVar[Sequence[str]] = ("_reliable", "_lossy", "_data_track")
    tells: ClassVar[frozenset[Tells]] = frozenset({"user_words"})
    user_words_may_lack: ClassVar[bool] = True
    """Agents that stand on LiveKit send their transcripts in packets of their own."""

    socket_is_call: ClassVar[bool] = False

    def __init__(self) -> None:
        self._me: str | None = None
        """The page's own identity in the room."""

        self._streams: dict[str, _Stream] = {}
        self._told: dict[str, str] = {}
        """What was told of each segment."""

        self._over: set[str] = set()

    def knows_channel(self, channel: Channel) -> bool:
        if channel.carrier == "web_socket":
            return channel.path.endswith(SIGNAL_PATHS)
        return channel.label in self.labels

    def knows(self, message: Message) -> bool:
        return False  # a packet is known by its channel alone

    def read(self, message: Message) -> Sequence[DialogueFact]:
        if message.data is None or message.direction == "sent":
            return []
        fields = fields_of(message.data)
        if message.channel.carrier == "web_socket":
            self._joined(fields)
            return []
        return list(self._packet(fields))

    def event_of(self, message: Message) -> tuple[str, dict[str, Any]] | None:
        """Texts alone: a room is full of packets that say nothing."""
        if message.data is None or message.channel.carrier == "web_socket":
            return None
        fields = fields_of(message.data)
        who = text_of(fields.get(IDENTITY))
        for chunk in messages_of(fields.get(CHUNK)):
            return "livekit.text", {"participant": who, "text": text_of(chunk.get(3))}
        for heard in messages_of(fields.get(TRANSCRIPTION)):
            texts = [text_of(segment.get(2)) for segment in messages_of(heard.get(4))]
            return "livekit.transcription", {"participant": text_of(heard.get(2)), "texts": texts}
        return None

    # --- who is who ---

    def _joined(self, fields: _Fields) -> None:
        for join in messages_of(fields.get(JOIN)):
            for participant in messages_of(join.get(JOINED_AS)):
                self._me = text_of(participant.get(2)) or self._me

    def _is_user(self, who: str) -> bool:
        return who == self._me if self._me else not who.startswith(AGENT)

    # --- texts ---

    def _packet(self, fields: _Fields) -> _Told:
        for header in messages_of(fields.get(HEADER)):
            self._opened(text_of(fields.get(IDENTITY)), header)
        for chunk in messages_of(fields.get(CHUNK)):
            yield from self._chunk(chunk)
        for trailer in messages_of(fields.get(TRAILER)):
            yield from self._closed(trailer)
        for heard in messages_of(fields.get(TRANSCRIPTION)):
            who = text_of(heard.get(2))
            for segment in messages_of(heard.get(4)):
                is_final = bool(segment.get(5, [0])[-1])
                yield from self._tell(
                    who, text_of(segment.get(1)), text_of(segment.get(2)), is_final
                )

    def _opened(self, who: str, header: _Fields) -> None:
        if text_of(header.get(3)) != TOPIC:
            return
        stream_id, attributes = text_of(header.get(1)), _attributes(header.get(8))
        segment = attributes.get(SEGMENT) or stream_id
        self._streams[stream_id] = _Stream(who, segment, attributes.get(FINAL) == "true")

    def _chunk(self, chunk: _Fields) -> _Told:
        stream = self._streams.get(text_of(chunk.get(1)))
        if stream is None:
            return
        stream.text += text_of(chunk.get(3))
        if not self._is_user(stream.who):
            yield from self._tell(stream.who, stream.segment, stream.text, False)

    def _closed(self, trailer: _Fields) -> _Told:
        stream = self._streams.pop(text_of(trailer.get(1)), None)
        if stream is None:
            return
        is_final = stream.is_final or _attributes(trailer.get(3)).get(FINAL) == "true"
        # What an agent says is one stream a segment; what a user says, one an update.
        is_final = is_final or not self._is_user(stream.who)
        yield from self._tell(stream.who, stream.segment, stream.text, is_final)

    def _tell(self, who: str, segment: str, text: str, is_final: bool) -> _Told:
        """Both ways may tell the same segment; each word of it is told once."""
        if not segment or segment in self._over:
            return
        if is_final:
            self._over.add(segment)
        if self._is_user(who):
            if is_final and text.strip():
                yield UserTranscript(segment, text.strip())
            return
        told = self._told.get(segment)
        if told is None:
            yield AnswerStarted(segment)
        if text.startswith(told or "") and text != (told or ""):
            yield AnswerText(segment, text[len(told or "") :])
        self._told[segment] = text
        if is_final:
            yield AnswerEnded(segment, "completed", None, text.strip())


def _attributes(values: Sequence[Value] | None) -> dict[str, str]:
    return {text_of(entry.get(1)): text_of(entry.get(2)) for entry in messages_of(values)}
