"""Responses that are kept for later requests, within bounds."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from harness.errors import ProtocolError
from harness.realtime.items import Item

MOST_KEPT = 1_000
MOST_KEPT_BYTES = 64 * 1024 * 1024


@dataclass(slots=True)
class KeptResponse:
    """A response and what it was asked with."""

    resource: dict[str, Any]
    """As the API shows it; grows while it is written."""

    input: list[Item] = field(repr=False)
    """The items of its own request, the oldest first."""

    earlier: list[Item] = field(repr=False)
    """Those of the responses before it, with their output."""

    @property
    def response_id(self) -> str:
        """Its id."""
        return str(self.resource["id"])

    @property
    def conversation(self) -> list[Item]:
        """All that a response after this one sees."""
        return [*self.earlier, *self.input, *self.resource["output"]]


class KeptResponses:
    """The responses that can be asked for; beyond the bounds, the oldest go first.

    Args:
        most, most_bytes: the bounds; bytes are those of the requests as JSON, each with all that it
            follows.
    """

    def __init__(self, most: int = MOST_KEPT, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[str, tuple[KeptResponse, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, response: KeptResponse) -> None:
        """Keep one more; the oldest go for it where there are too many."""
        # Earlier items are counted again: they stay with this one when those that brought them go.
        size = _size([response.earlier, response.input, response.resource])
        self._kept[response.response_id] = (response, size)
        total = sum(size for _, size in self._kept.values())
        while len(self._kept) > 1 and (len(self._kept) > self._most or total > self._most_bytes):
            _, (_, freed) = self._kept.popitem(last=False)
            total -= freed

    def find(self, response_id: str) -> KeptResponse | None:
        """The response with this id."""
        found = self._kept.get(response_id)
        return None if found is None else found[0]

    def remove(self, response_id: str) -> KeptResponse | None:
        """Forget it."""
        found = self._kept.pop(response_id, None)
        return None if found is None else found[0]

    def before(self, previous_id: str | None) -> list[Item]:
        """What a response that follows another sees of what came before.

        Raises:
            ProtocolError: there is no such response, it has not ended, or its conversation alone
                is larger than all that is kept may be.
        """
        if previous_id is None:
            return []
        previous = self.find(previous_id)
        if previous is None:
            raise ProtocolError(
                f"Previous response with id '{previous_id}' not found.",
                code="previous_response_not_found",
                param="previous_response_id",
            )
        if previous.resource["status"] in ("queued", "in_progress"):
            raise ProtocolError(
                f"Previous response with id '{previous_id}' is still in progress.",
                code="invalid_value",
                param="previous_response_id",
            )
        conversation = previous.conversation
        if (size := _size(conversation)) > self._most_bytes:
            raise ProtocolError(
                f"The conversation that ends with '{previous_id}' has {size} bytes; "
                f"one of up to {self._most_bytes} can be followed.",
                code="context_length_exceeded",
                param="previous_response_id",
            )
        return conversation


def _size(value: Any) -> int:
    """Bytes of JSON."""
    return len(json.dumps(value))
