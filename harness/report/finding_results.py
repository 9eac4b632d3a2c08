"""The shape of findings in ``results.json``, and where they come from: the trace alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from harness.facts.browser import SnapshotTaken
from harness.findings.watch import findings_of
from harness.trace import TraceEvent

Seconds = Annotated[float, PlainSerializer(lambda value: round(value, 3), return_type=float)]

IGNORED = "ignored_findings"
"""The key of a trace's header that says which findings a scenario ignores, and why."""

ABOUT = ("peer_connection.", "data_channel.", "stats")
"""Types of events that are about a connection."""


class EvidenceResult(BaseModel):
    """An event of the trace that a finding stands on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: int = Field(description="its number in the trace")
    t_s: Seconds | None = Field(description="its place on the timeline; null: it has none")
    type: str = Field(description="what kind of event it is")


class SnapshotResult(BaseModel):
    """The page as it was when the finding showed; both are also among the artifacts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    picture: str = Field(description="the picture's file, beside the trace")
    dom: str = Field(description="the file with the page's markup, beside the trace")


class FindingResult(BaseModel):
    """One thing that is wrong with a call."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="which finding; harness/docs/findings.md has all of them")
    severity: Literal["error", "warning", "note"]
    cause: str = Field(description="what happened in this call")
    to_do: str = Field(description="what to do about it")
    at_s: Seconds | None = Field(description="where to look; null: before the timeline began")
    evidence: list[EvidenceResult] = Field(default_factory=list)
    page_line: str | None = Field(default=None, description="where in the page's scripts")
    connection: str | None = Field(
        default=None, description="the peer connection that it is about; null: none"
    )
    snapshot: SnapshotResult | None = Field(
        default=None, description="the page as it showed; null: none was taken"
    )
    ignored: str | None = Field(
        default=None, description="why the scenario ignores it; null: it does not"
    )


def finding_results(events: Sequence[TraceEvent], header: Mapping[str, Any]) -> list[FindingResult]:
    """The findings of a call, those that are ignored last."""
    ignored = header.get(IGNORED)
    reasons: Mapping[str, Any] = ignored if isinstance(ignored, Mapping) else {}
    snapshots = {
        fact.finding: SnapshotResult(picture=fact.picture, dom=fact.dom)
        for event in events
        if event.type == SnapshotTaken.type and isinstance(fact := event.fact, SnapshotTaken)
    }
    connections = {event.seq: name for event in events if (name := _connection_of(event))}
    found = [
        FindingResult.model_validate(
            {
                **one.as_data(),
                "ignored": str(reasons[one.name]) if one.name in reasons else None,
                "connection": next(
                    (connections[e.seq] for e in one.evidence if e.seq in connections), None
                ),
                "snapshot": snapshots.get(one.name),
            }
        )
        for one in findings_of(events)
    ]
    return sorted(found, key=lambda one: one.ignored is not None)


def asked_snapshots(events: Sequence[TraceEvent]) -> list[dict[str, Any]]:
    """Those that somebody asked for, with their places on the timeline."""
    return [
        {"at_s": event.t_s, "picture": fact.picture, "dom": fact.dom}
        for event in events
        if event.type == SnapshotTaken.type
        and isinstance(fact := event.fact, SnapshotTaken)
        and not fact.finding
    ]


def _connection_of(event: TraceEvent) -> str | None:
    """The connection that an event is about; a message only went over one."""
    is_about = event.type.startswith(ABOUT) and event.type != "data_channel.message"
    name = event.data.get("connection") if is_about else None
    return name if isinstance(name, str) and name else None
