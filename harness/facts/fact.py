"""The base of all facts, and what stands for a fact that this version does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Literal

VERSION = 2
"""Of traces; a newer harness reads the older ones. Since 2, reports may be kept as differences."""

Source = Literal["page", "harness", "dialogue", "server"]


@dataclass(frozen=True, slots=True)
class Typed:
    """One type of event; its fields are the keys of the event's data, in their order.

    A field that has a default is left out of the data while it has that value.
    """

    type: ClassVar[str]
    """What it is, for example "data_channel.open"."""

    def to_data(self) -> dict[str, Any]:
        """As plain data."""
        given = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        return {
            name: value
            for name, (value, default) in given.items()
            if default is MISSING or value != default
        }


@dataclass(frozen=True, slots=True)
class Fact(Typed):
    """One type of event of a trace, unique among those of its source."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    source: ClassVar[Source]
    """Who saw it."""


@dataclass(frozen=True, slots=True)
class HarnessFact(Fact):
    """What the harness itself did or saw."""

    source: ClassVar[Literal["harness"]] = "harness"


@dataclass(frozen=True, slots=True)
class PageFact(Fact):
    """What a page did, told by the probe in it; or a line without a page, of its connection."""

    source: ClassVar[Literal["page"]] = "page"


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event as it came: of a type, or with data, that this version does not know."""

    source: str
    type: str
    data: Mapping[str, Any]

    def to_data(self) -> dict[str, Any]:
        """As a trace holds it."""
        return dict(self.data)
