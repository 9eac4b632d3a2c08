"""Findings that a scenario expects, or ignores with a reason."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from harness.findings.catalogue import FINDINGS
from harness.findings.finding import Finding
from harness.score.judgement import Judgement

MOST_TOLD = 5


def _known(name: str) -> str:
    if name in FINDINGS:
        return name
    close = difflib.get_close_matches(name, FINDINGS, n=1, cutoff=0.5)
    meant = f"; “{close[0]}” is the nearest" if close else ""
    raise ValueError(f"there is no finding “{name}”{meant}: harness/docs/findings.md has them all")


FindingName = Annotated[
    str, AfterValidator(_known), Field(json_schema_extra={"enum": sorted(FINDINGS)})
]

FindingsWish = Literal["none"] | Annotated[list[FindingName], Field(min_length=1)]
"""``none``: nothing is wrong; or the names of all that is."""

IgnoredFindings = dict[FindingName, Annotated[str, Field(min_length=1)]]
"""Why a finding does not count, by its name."""


def judge_findings(
    wish: FindingsWish, found: Sequence[Finding], ignored: Mapping[str, str]
) -> list[Judgement]:
    """What a scenario expects of the findings of its call.

    Args:
        wish: the names of all that may, and must, be found.
        found: all of the call.
        ignored: those that do not count.
    """
    wanted = [] if wish == "none" else wish
    missing = [name for name in wanted if name not in {one.name for one in found}]
    others = [one for one in found if one.name not in wanted and one.name not in ignored]
    judged = [_judgement(f"the finding {name} shows", False, "it did not") for name in missing]
    judged += [
        _judgement(f"the finding {name} shows", True, "it did")
        for name in wanted
        if name not in missing
    ]
    text = "nothing else is wrong with the call" if wanted else "nothing is wrong with the call"
    return [*judged, _judgement(text, not others, _told(others))]


def _told(found: Sequence[Finding]) -> str:
    told = [str(one).rstrip(".") for one in found[:MOST_TOLD]]
    more = [f"and {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
    return "; ".join([*told, *more]) or "no finding"


def _judgement(text: str, passed: bool, evidence: str) -> Judgement:
    return Judgement("findings", text, passed, evidence)
