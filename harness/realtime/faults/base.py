"""Fields that kinds of faults have in common: which events, requests or moments one concerns."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from harness.plain_data import Data

Seconds: TypeAlias = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]
Count: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Glob: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
Route: TypeAlias = Literal["client_secrets", "calls", "websocket", "responses", "chatkit", "any"]


class BaseFault(Data):
    """One fault as a script, a request or a file says it; `fault` is its kind."""

    in_memory: ClassVar[bool] = True
    """Whether the simulated engine, which has no network, can have it."""

    per_answer: ClassVar[bool] = False
    """Whether it can belong to one rule of the script."""

    @property
    def name(self) -> str:
        """Its kind, as scripts and requests write it."""
        return str(getattr(self, "fault"))  # noqa: B009 - each subclass has its own literal


class HttpFault(BaseFault):
    """Concerns HTTP requests, picked by their route."""

    in_memory = False
    on: Route = Field(
        default="any",
        description="which requests: client_secrets, calls, websocket, responses, chatkit or any",
    )
    times: Count | None = Field(
        default=None, description="so many requests, then no more; absent: all"
    )


class SelectedFault(BaseFault):
    """Concerns server events, picked by type, position and chance."""

    per_answer = True
    events: Glob = Field(default="*", description="the types of the events it concerns, as a glob")
    skip: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="let so many of them pass first"
    )
    times: Count | None = Field(
        default=None, description="so many of them, then no more; absent: all"
    )
    probability: Share = Field(default=1.0, description="the chance of each")
    seed: int = Field(default=0, description="for the chance: the same seed picks the same events")

    def selects(self, event_type: str) -> bool:
        """Whether the type of an event fits its glob."""
        return fnmatchcase(event_type, self.events)


class TimedFault(BaseFault):
    """Begins at a moment: so long after the n-th event of a type."""

    on: Glob | None = Field(
        default=None,
        description="begins at an event of this type (a glob); absent: as the call opens",
    )
    nth: Count = Field(default=1, description="at the n-th such event")
    after_s: Seconds = Field(default=0.0, description="and so many seconds later")


class LastingFault(TimedFault):
    """Begins at a moment and lasts: so many seconds, or to the end of the call."""

    per_answer = True
    for_s: Seconds | None = Field(
        default=None, description="for so long; absent: to the end of the call"
    )


class OneAnswersFault(BaseFault):
    """Concerns one answer of the call, or every one."""

    per_answer = True
    nth: Count | None = Field(
        default=None, description="the n-th answer of the call; absent: every one"
    )
