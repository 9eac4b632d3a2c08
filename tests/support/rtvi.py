"""Messages of RTVI for tests, as a bot sends them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from harness.facts.dialogue import DialogueFact
from harness.protocols.interface import Channel, Direction, Message
from harness.protocols.rtvi import RtviProtocol

CHAT = Channel("chat")


def rtvi(kind: str, data: Any = None, direction: Direction = "received") -> Message:
    """One message; without data, it has no such field."""
    told = {"label": "rtvi-ai", "type": kind, "id": "1"}
    told |= {} if data is None else {"data": data}
    return Message(CHAT, direction, json.dumps(told))


def facts_of(
    messages: Sequence[Message], protocol: RtviProtocol | None = None
) -> list[DialogueFact]:
    """What all of them mean."""
    protocol = protocol or RtviProtocol()
    return [fact for message in messages for fact in protocol.read(message)]
