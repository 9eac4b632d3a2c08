"""Findings of a check of this machine, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["ok", "missing", "optional"]


@dataclass(frozen=True)
class Finding:
    """The outcome of one check."""

    name: str
    status: Status
    """"optional": it is not there, and only what the hint says needs it."""

    found: str
    hint: str | None = None


@dataclass(frozen=True)
class Diagnosis:
    """All findings; healthy where nothing needed is missing."""

    findings: list[Finding]

    @property
    def healthy(self) -> bool:
        """Whether nothing is missing; what is optional may be."""
        return all(finding.status != "missing" for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """As JSON data: whether it is healthy, and every finding."""
        return {"healthy": self.healthy, "findings": [asdict(one) for one in self.findings]}
