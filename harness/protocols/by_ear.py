"""No protocol at all: a call that is known by its sound alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.errors import UsageError
from harness.facts.dialogue import DialogueFact
from harness.protocols.interface import Message, VoiceProtocol

WHY = "the page spoke no protocol that the harness reads, so its call is followed by ear alone"


class ByEar(VoiceProtocol):
    """Takes no message for its own."""

    name: ClassVar[str] = "none"

    def knows(self, message: Message) -> bool:
        return False

    def read(self, message: Message) -> Sequence[DialogueFact]:
        return []

    def event_of(self, message: Message) -> tuple[str, dict[str, Any]] | None:
        return None

    def _lacks(self, what: str) -> UsageError:
        return UsageError(
            "A call by ear alone has no events.",
            expected=what,
            found=WHY,
            hint="do it on the page; or name the protocol: `protocol: module:name` for one of "
            "your own (see “Your own protocol”)",
        )
