"""The network of a call as a user writes it down, and its meaning.

A name from `harness.network.impairment.profiles`, conditions for both directions, conditions for
one of them; what is more special wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema

from harness.errors import UsageError
from harness.network.impairment.conditions import NetworkConditions
from harness.network.impairment.profiles import PROFILES, Stage
from harness.plain_data import Data

Network: TypeAlias = "str | Mapping[str, Any] | NetworkWish"
"""What a user gives: a profile's name, or what a scenario has under `network`."""

AnyWish = TypeVar("AnyWish", bound="NetworkChange")

TRANSPARENT = "transparent"
"""The profile that changes nothing."""

SHARES = frozenset({"loss", "burst_loss", "duplicate"})

_PERCENT = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*%\s*")


def _share(value: Any) -> Any:
    """5% as 0.05."""
    if isinstance(value, str) and (found := _PERCENT.fullmatch(value)):
        value = float(found[1]) / 100
        if value <= 1:
            return value
        raise ValueError("more than 100 % of all packets cannot be")
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1:
        return float(value)
    raise ValueError("it is no share of packets: write it as 5%, or as 0.05")


_WRITTEN = Annotated[str, Field(pattern=r"^\s*(\d+(\.\d*)?|\.\d+)\s*%\s*$")]
_NUMBER = Annotated[float, Field(ge=0, lt=1)]
Share = Annotated[float, BeforeValidator(_share, json_schema_input_type=_WRITTEN | _NUMBER)]
Milliseconds = Annotated[float, Field(ge=0, le=60_000)]


class DirectionWish(Data):
    """Conditions of one direction, or of both; what is not named stays as it is."""

    loss: Share | None = Field(default=None, description="packets that are lost, as 5%")
    burst: Annotated[float, Field(ge=1, le=1000)] | None = Field(
        default=None, description="losses come in bad stretches of so many packets in the mean"
    )
    burst_loss: Share | None = Field(
        default=None, description="packets that are lost in a bad stretch; all where absent"
    )
    delay_ms: Milliseconds | None = Field(
        default=None, description="how long a packet takes, one way"
    )
    jitter_ms: Milliseconds | None = Field(
        default=None, description="a packet takes up to so much more or less"
    )
    reorder: bool | None = Field(
        default=None, description="true: packets may overtake each other by the jitter"
    )
    duplicate: Share | None = Field(default=None, description="packets that come twice, as 1%")
    rate_kbps: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="so many kbit pass in a second"
    )
    queue_bytes: Annotated[int, Field(ge=1500)] | None = Field(
        default=None, description="so much waits for the rate; the rest is dropped"
    )
    blackout: bool | None = Field(default=None, description="true: nothing passes")

    def conditions(self) -> dict[str, Any]:
        """What is given, by the names of `Conditions`."""
        inside = self.model_dump(include=set(DirectionWish.model_fields), exclude_none=True)
        return dict(inside)


class NetworkChange(DirectionWish):
    """The network from here on: a profile in place of what was, or changes to it."""

    profile: str | None = Field(default=None, description=f"one of {', '.join(PROFILES)}")
    up: DirectionWish = Field(
        default=DirectionWish(), description="from the page to the remote peer alone"
    )
    down: DirectionWish = Field(
        default=DirectionWish(), description="from the remote peer to the page alone"
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A profile's name alone is one, too."""
        whole = handler.resolve_ref_schema(handler(core))
        return {"anyOf": [{"enum": list(PROFILES)}, whole]}

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"profile": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _can_be(self) -> NetworkChange:
        if self.profile is not None and self.profile not in PROFILES:
            raise ValueError(f"there is no network “{self.profile}”: {', '.join(PROFILES)}")
        if not self.model_dump(exclude_none=True, exclude_defaults=True):
            raise ValueError("changes nothing: give a profile, loss, delay_ms, blackout, …")
        return self

    def stages(self, now: NetworkConditions) -> tuple[Stage, ...]:
        """What it makes of the network that is there, now and later.

        Raises:
            UsageError: these conditions cannot be together.
        """
        planned = (Stage(0.0, now),) if self.profile is None else PROFILES[self.profile].stages
        both, up, down = self.conditions(), self.up.conditions(), self.down.conditions()
        try:
            return tuple(
                Stage(stage.at_s, stage.conditions.with_changes(both, up, down), stage.name)
                for stage in planned
            )
        except ValueError as error:
            raise UsageError("There is no such network.", found=str(error)) from error

    def in_words(self) -> str:
        """As a step is told."""
        parts = [] if self.profile is None else [self.profile]
        for name, wish in (("", self), ("up ", self.up), ("down ", self.down)):
            parts += [f"{name}{_plain(key, value)}" for key, value in wish.conditions().items()]
        return ", ".join(parts)


class NetworkWish(NetworkChange):
    """The network of a call from its beginning."""

    seed: int = Field(default=0, description="of what is left to chance; one seed, one fate")
    pcap: bool = Field(
        default=False, description="true: its packets of UDP are kept in call.pcap, by the trace"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> NetworkWish:
        try:
            self.stages(NetworkConditions())
        except UsageError as error:
            raise ValueError(error.found) from error
        return self

    def in_words(self) -> str:
        """As a step is told."""
        return ", ".join(filter(None, [NetworkChange.in_words(self), "pcap" * self.pcap]))


def read_wish(given: Network) -> NetworkWish:
    """What a user gave for a whole call.

    Raises:
        UsageError: no such profile, no such condition, or they cannot be together.
    """
    if isinstance(given, NetworkWish):
        return given
    return _read(NetworkWish, given)


def with_pcap(wish: NetworkWish | None) -> NetworkWish:
    """The same network with its packets kept; without one, they pass as they are."""
    return (wish or read_wish(TRANSPARENT)).model_copy(update={"pcap": True})


def read_change(given: str | Mapping[str, Any] | NetworkChange) -> NetworkChange:
    """What a user gave for the rest of a call; raises as `read_wish`."""
    if isinstance(given, NetworkChange):
        return given
    return _read(NetworkChange, given)


def _read(model: type[AnyWish], given: str | Mapping[str, Any]) -> AnyWish:
    try:
        return model.model_validate(given if isinstance(given, str) else dict(given))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        raise UsageError(
            "There is no such network.",
            expected=f"one of {', '.join(PROFILES)}; or conditions, as {{loss: 5%, delay_ms: 80}}",
            found=f"{place}: {said}".removeprefix(": "),
        ) from error


def _plain(name: str, value: Any) -> str:
    """A condition in words, such as "loss 5 %"."""
    plain, _, unit = (
        name.rpartition("_") if name.endswith(("_ms", "_kbps", "_bytes")) else (name, "", "")
    )
    if isinstance(value, bool):
        return plain if value else f"no {plain}"
    if name in SHARES:
        return f"{plain.replace('_', ' ')} {value * 100:g} %"
    return f"{plain} {value:g} {unit}".rstrip()
