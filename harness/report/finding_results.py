"""The shape of findings in ``results.json``, and where they come from: the trace alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from harness.findings.watch import findings_of
from harness.trace import TraceEvent

Seconds = Annotated[float, PlainSerializer(lambda value: round(value, 3), return_type=float)]

IGNORED = "ignored_findings"
"""The key of a trace's header that says which findings a scenario ignores, and why."""


class EvidenceResult(BaseModel):
    """An event of the trace that a finding stands on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: int = Field(description="its number in the trace")
    t_s: Seconds | None = Field(description="its place on the timeline; null: it has none")
    type: str = Field(description="what kind of event it is")


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
    ignored: str | None = Field(
        default=None, description="why the scenario ignores it; null: it does not"
    )


def finding_results(events: Sequence[TraceEvent], header: Mapping[str, Any]) -> list[FindingResult]:
    """The findings of a call, those that are ignored last."""
    ignored = header.get(IGNORED)
    reasons: Mapping[str, Any] = ignored if isinstance(ignored, Mapping) else {}
    found = [
        FindingResult.model_validate(
            {**one.as_data(), "ignored": str(reasons[one.name]) if one.name in reasons else None}
        )
        for one in findings_of(events)
    ]
    return sorted(found, key=lambda one: one.ignored is not None)
