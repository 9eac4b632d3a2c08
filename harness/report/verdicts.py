"""Verdicts on a run: the scenario's own ones, and whether it reached its end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from harness.report.results import WORST_FIRST, Expectation, Failure, HeardBy, Verdict
from harness.score.call_record import CallRecord
from harness.trace import TraceEvent

ExpectationVerdict = Literal["passed", "failed", "cannot_tell", "error", "skipped"]
_VERDICTS = ("passed", "failed", "cannot_tell", "error", "skipped")


def expectations_of(events: Sequence[TraceEvent]) -> list[Expectation]:
    """The verdicts that the scenario wrote into the trace, in order."""
    return [
        Expectation(
            step=_whole(event.data.get("step")),
            kind=str(event.data.get("kind") or "expect"),
            text=str(event.data.get("text") or event.data.get("kind") or "expectation"),
            verdict=_expectation_verdict(event.data.get("verdict")),
            evidence=_evidence_text(event.data.get("evidence")),
            at_s=_evidence_s(event.data.get("evidence"), event.t_s),
            start_s=_place_s(event.data.get("evidence"), "start_s"),
            end_s=_place_s(event.data.get("evidence"), "end_s"),
            ears=_ears(event.data.get("evidence")),
            soft=event.data.get("soft") is True,
        )
        for event in events
        if event.type == "expectation"
    ]


def failure_of(record: CallRecord) -> Failure | None:
    """Why the run did not reach its end; None where it did (an unmet expectation is no error)."""
    for event in record.trace.of_type("error"):
        if event.source == "harness" and event.data.get("kind") != "ExpectationFailed":
            return Failure(
                kind=str(event.data.get("kind") or "HarnessError"),
                message=str(event.data.get("message") or "no message"),
                at_s=event.t_s,
            )
    if record.trace.cut or not record.trace.of_type("call.closed"):
        last = next((e for e in reversed(record.events) if e.t_s is not None), None)
        seen = f"the last event is “{last.type}”" if last else "it holds no event with a time"
        return Failure(
            kind="TraceCut",
            message=f"The trace ends before the call was closed: {seen}. The run was stopped or "
            "crashed; everything up to there is shown.",
            at_s=last.t_s if last else None,
        )
    return None


def verdict_of(expectations: Sequence[Expectation], error: Failure | None) -> Verdict:
    """The worst of what was judged; an error is worse than any verdict."""
    if error is not None:
        return "error"
    found = {expectation.verdict for expectation in expectations if not expectation.soft}
    return next((verdict for verdict in WORST_FIRST if verdict in found), "passed")


def _expectation_verdict(value: Any) -> ExpectationVerdict:
    """A verdict nobody knows is an error of the trace, not a pass."""
    return cast("ExpectationVerdict", value) if value in _VERDICTS else "error"


def _evidence_text(evidence: Any) -> str | None:
    if evidence is None or isinstance(evidence, str):
        return evidence
    if isinstance(evidence, Mapping):
        if isinstance(evidence.get("text"), str):
            return cast("str", evidence["text"])
        return ", ".join(f"{key}: {_plain(value)}" for key, value in evidence.items())
    return _plain(evidence)


def _evidence_s(evidence: Any, judged_s: float | None) -> float | None:
    """Where to look: the place that the evidence names, or else when it was judged."""
    if isinstance(evidence, Mapping):
        for name in ("at_s", "t_s", "start_s"):
            if isinstance(evidence.get(name), int | float):
                return float(evidence[name])
    return judged_s


def _place_s(evidence: Any, name: str) -> float | None:
    place_s = evidence.get(name) if isinstance(evidence, Mapping) else None
    return float(place_s) if isinstance(place_s, int | float) else None


def _ears(evidence: Any) -> list[HeardBy]:
    """Who heard what; older traces do not say."""
    ears = evidence.get("ears") if isinstance(evidence, Mapping) else None
    return [
        HeardBy(
            ear=str(ear.get("ear") or "?"),
            text=str(ear.get("text") or ""),
            least_sure=_place_s(ear, "least_sure"),
            problem=str(ear["problem"]) if ear.get("problem") else None,
        )
        for ear in (ears if isinstance(ears, list) else [])
        if isinstance(ear, Mapping)
    ]


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
