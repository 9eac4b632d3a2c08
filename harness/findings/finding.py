"""Finding: one thing that is wrong with a call, with its evidence and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from harness.facts.described import summary
from harness.trace import TraceEvent

Severity = Literal["error", "warning", "note"]
"""error: somebody was not heard, or the call did not work. warning: it will bite somebody.
note: good to know."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Evidence:
    """An event of the trace that a finding stands on."""

    seq: int
    """Its number in the trace."""

    t_s: float | None
    """Its place on the timeline, seconds; None where it has none."""

    type: str
    """What kind of event it is, as in the trace."""

    @classmethod
    def of(cls, event: TraceEvent) -> Evidence:
        """A reference to an event."""
        return cls(event.seq, event.t_s, event.type)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. What every finding of a kind has in common is said by its class.

    The first paragraph of the class's docstring says what it means.
    """

    name: ClassVar[str]
    """What it is called everywhere; stable."""

    severity: ClassVar[Severity]

    to_do: ClassVar[str]
    """What to do about it, as a sentence."""

    cause: str
    """What happened in this call, as a sentence."""

    at_s: float | None
    """Where to look, seconds on the timeline; None where the call had none yet."""

    evidence: tuple[Evidence, ...] = ()
    """The events that it stands on, in order."""

    page_line: str = ""
    """Where in the page's scripts, as "http://127.0.0.1/call.js:12:5"; "" where nobody knows."""

    @classmethod
    def means(cls) -> str:
        """What a finding of this kind means, as a sentence."""
        return summary(cls)

    @classmethod
    def by(
        cls, cause: str, *events: TraceEvent, at_s: float | None = None, page_line: str = ""
    ) -> Finding:
        """A finding that stands on these events.

        Args:
            cause: what happened, as a sentence.
            events: the place of the first of them is where to look.
            at_s: where to look instead, seconds.
            page_line: where in the page's scripts.
        """
        place_s = next((e.t_s for e in events if e.t_s is not None), None)
        evidence = tuple(Evidence.of(event) for event in events)
        return cls(cause, place_s if at_s is None else at_s, evidence, page_line)

    def as_data(self) -> dict[str, Any]:
        """As JSON: name, severity, cause, what to do, when, and the evidence."""
        data: dict[str, Any] = {
            "name": self.name,
            "severity": self.severity,
            "cause": self.cause,
            "to_do": self.to_do,
            "at_s": None if self.at_s is None else round(self.at_s, 3),
            "evidence": [
                {"seq": e.seq, "t_s": None if e.t_s is None else round(e.t_s, 3), "type": e.type}
                for e in self.evidence
            ],
        }
        return {**data, **({"page_line": self.page_line} if self.page_line else {})}

    def __str__(self) -> str:
        where = "" if self.at_s is None else f" at {self.at_s:.2f} s"
        return f"{self.name}{where}: {self.cause}"


Catalogue = Mapping[str, type[Finding]]
"""Kinds of findings by their names."""
