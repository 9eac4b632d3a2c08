"""Events of the ChatKit protocol for a client: typed where known, and always as they came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from harness.errors import MalformedEvent, MissingExtra

if TYPE_CHECKING:
    from chatkit.types import ThreadItem, ThreadStreamEvent
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class ChatEvent:
    """One event of a turn."""

    type: str
    data: Mapping[str, Any] = field(repr=False)
    """As it came."""

    event: ThreadStreamEvent | None
    """The official package's model of it; None for a type, or a shape, that it does not know."""

    is_recovered: bool = False
    """The connection broke: this item was read from the thread afterwards."""


@dataclass(frozen=True, slots=True)
class ChatItem:
    """One item of a thread."""

    id: str
    type: str
    data: Mapping[str, Any] = field(repr=False)
    """As it came."""

    item: ThreadItem | None
    """The official package's model of it; None for a type that it does not know."""

    @property
    def text(self) -> str:
        """The words of a message; "" for anything else."""
        content = self.data.get("content")
        parts = content if isinstance(content, list) else []
        return " ".join(part["text"] for part in parts if part.get("text"))


def read_event(line: str) -> ChatEvent | None:
    """The event of one line of a stream; None for a line without one.

    Raises:
        MalformedEvent: it is no JSON object with a type.
    """
    if not line.startswith("data:"):
        return None
    return as_event(_object(line.removeprefix("data:")))


def as_event(data: Mapping[str, Any], *, is_recovered: bool = False) -> ChatEvent:
    """An event from its JSON object."""
    model: Any = _model(_events(), data)
    return ChatEvent(str(data["type"]), data, model, is_recovered)


def as_item(data: Mapping[str, Any]) -> ChatItem:
    """An item from its JSON object."""
    return ChatItem(str(data["id"]), str(data["type"]), data, _model(_items(), data))


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise _malformed(text) from error
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise _malformed(text)
    return value


def _model(adapter: TypeAdapter[Any], data: Mapping[str, Any]) -> Any:
    from pydantic import ValidationError

    try:
        return adapter.validate_python(data)
    except ValidationError:
        return None


@cache
def _events() -> TypeAdapter[Any]:
    return _adapters()[0]


@cache
def _items() -> TypeAdapter[Any]:
    return _adapters()[1]


@cache
def _adapters() -> tuple[TypeAdapter[Any], TypeAdapter[Any]]:
    try:
        from chatkit.types import ThreadItem, ThreadStreamEvent
    except ImportError as error:
        raise MissingExtra("chatkit", "The ChatKit client") from error
    from pydantic import TypeAdapter

    return TypeAdapter(ThreadStreamEvent), TypeAdapter(ThreadItem)


def _malformed(text: str) -> MalformedEvent:
    return MalformedEvent(
        "An event of the chat cannot be read.",
        expected="a JSON object with a type",
        found=text.strip()[:200] or "nothing",
    )
