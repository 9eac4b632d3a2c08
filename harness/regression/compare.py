"""Comparisons: two sides in, findings out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from harness.errors import UsageError
from harness.regression.answers import answer_findings
from harness.regression.event_order import order_findings
from harness.regression.facts import Calls, ScenarioFacts
from harness.regression.findings import ORDER, Candidate, Finding, Verdict, in_order
from harness.regression.latencies import WORTH_TELLING_MS, latency_findings
from harness.regression.loudness import loudness_findings
from harness.regression.pairing import Pairs, pair_scenarios, pair_turns
from harness.regression.passing import event_findings, pass_rate_finding
from harness.regression.quality import quality_findings
from harness.regression.speech_rate import rate_findings
from harness.regression.statistics import holm
from harness.regression.unlike import refuse_unlike, unlike
from harness.regression.voices import voice_findings

MOST_NAMES = 6
"""Of the scenarios of a side, in a message."""

MOST_GONE = 3
"""Scenarios that are gone have a finding each; more than these share one."""

ALLOW_GONE = "--allow-gone"


@dataclass(frozen=True)
class Comparison:
    """What became of a base."""

    base: str
    """Where it was read."""

    new: str
    findings: tuple[Finding, ...]
    """The worst first."""

    scenarios: int
    """That are on both sides."""

    turns: int
    tests: int
    """So many were made, and corrected for one another."""

    unlike: tuple[str, ...] = ()
    """What differs though it should not, where that was allowed."""

    gone: tuple[str, ...] = ()
    """Scenarios of the base that were not run, by name."""

    @property
    def verdict(self) -> Verdict:
        """The worst of all findings."""
        found = {finding.verdict for finding in self.findings}
        return next((verdict for verdict in ORDER if verdict in found), "same")

    @property
    def counts(self) -> dict[Verdict, int]:
        """Findings by verdict."""
        counts = Counter(finding.verdict for finding in self.findings)
        return {verdict: counts[verdict] for verdict in ORDER}

    @property
    def told(self) -> tuple[Finding, ...]:
        """What people are told: that something stayed the same where nothing else is found."""
        told = tuple(one for one in self.findings if one.verdict != "same")
        return told or tuple(self.findings)

    def of(self, verdict: Verdict) -> list[Finding]:
        """Findings with this verdict."""
        return [finding for finding in self.findings if finding.verdict == verdict]


def compare(
    base: Calls, new: Calls, *, allow_unlike: bool = False, allow_gone: bool = False
) -> Comparison:
    """Pair what both sides have, and find what is different.

    Args:
        allow_unlike: also where the sides differ in what is to be the same.
        allow_gone: a scenario of the base that was not run is no fault: a part was run on purpose.

    Raises:
        UsageError: the sides are not alike, or have no scenario in common.
    """
    pairs = pair_scenarios(base, new)
    if not pairs.both:
        _refuse_strangers(base, new)
    told = unlike(base, new, pairs)
    if not allow_unlike:
        refuse_unlike(told)
    turns = [(one.name, pair_turns(one)) for one in pairs.both]
    found: list[Finding | Candidate] = [
        *_only_one_side(pairs, allow_gone),
        *latency_findings(turns),
    ]
    found += rate_findings(turns)
    found += _missing_audio(base, new)
    for scenario, (name, paired) in zip(pairs.both, turns, strict=True):
        rate = pass_rate_finding(scenario)
        found += [rate] if rate is not None else []
        found += answer_findings(name, paired, by_sound=scenario.is_recording)
        found += voice_findings(name, paired)
        found += loudness_findings(name, paired)
        found += quality_findings(name, paired)
        found += event_findings(scenario)
        found += order_findings(name, paired)
    decided, tests = _decided(found)
    kept = _without_echoes(decided)
    return Comparison(
        base.source,
        new.source,
        tuple(_together(in_order(kept))),
        len(pairs.both),
        sum(len(paired) for _, paired in turns),
        tests,
        tuple(told),
        tuple(dict.fromkeys(one.name for one in pairs.gone)),
    )


def _refuse_strangers(base: Calls, new: Calls) -> None:
    raise UsageError(
        "The two have no scenario in common.",
        expected=f"{_names(base.scenarios)} ({base.source})",
        found=f"{_names(new.scenarios)} ({new.source})",
        hint="compare runs of the same scenarios: they are paired by their names",
    )


def _names(scenarios: Sequence[ScenarioFacts]) -> str:
    names = list(dict.fromkeys(one.name for one in scenarios))
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more or "no scenario at all"


def _only_one_side(pairs: Pairs, allow_gone: bool) -> Iterator[Finding]:
    """A scenario that is in the base alone is worse: what is not run finds nothing any more."""
    yield from _gone(pairs, "changed" if allow_gone else "worse")
    for one in pairs.added:
        yield Finding("changed", "scenario new", "is not in the base", "", one.name)


def _gone(pairs: Pairs, verdict: Verdict) -> Iterator[Finding]:
    still_run = {one.name for one in (*(pair.new for pair in pairs.both), *pairs.added)}
    told = f"left out on purpose: {ALLOW_GONE}; deleted or renamed: accept the baseline anew"
    if verdict != "worse":
        told = ""
    if len(pairs.gone) > MOST_GONE:
        text = f"{len(pairs.gone)} scenarios are in the base, and were not run"
        evidence = "; ".join(filter(None, (_names(pairs.gone), told)))
        yield Finding(verdict, "scenario gone", text, evidence)
        return
    for one in pairs.gone:
        where = f" by the engine {one.engine}" if one.name in still_run else ""
        text = f"is in the base, and was not run{where}"
        yield Finding(verdict, "scenario gone", text, told, one.name)


def _missing_audio(base: Calls, new: Calls) -> Iterator[Finding]:
    """Audio that was accepted with a baseline and is not there: voices cannot be compared."""
    for side in (base, new):
        if side.missing_audio:
            count = side.missing_audio
            text = f"the audio of {count} answer{'s' * (count != 1)} of {side.source} is not there"
            told = "it is kept in the folder beside it; or accept the baseline anew with --audio"
            yield Finding("cannot_tell", "voice", text, told)


def _decided(found: Sequence[Finding | Candidate]) -> tuple[list[Finding], int]:
    """Facts as they are, and what all tests together leave of the others."""
    tested = [one for one in found if isinstance(one, Candidate)]
    findings = [one for one in found if isinstance(one, Finding)]
    for one, holds in zip(tested, holm([one.p for one in tested]), strict=True):
        finding = one.if_sure if holds else one.if_not
        if finding is not None:
            findings.append(finding)
    return findings, len(tested)


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Of latencies: what is said of all turns is not said again of one scenario or one turn."""
    latencies = [one for one in findings if one.kind == "latency"]
    told = {(one.measure, one.verdict, one.scenario, one.turn) for one in latencies}
    return [one for one in findings if one.kind != "latency" or not _is_echo(one, told)]


def _is_echo(one: Finding, told: set[tuple[str | None, Verdict, str | None, int | None]]) -> bool:
    wider = [(None, None), (one.scenario, None)][: 2 if one.turn else 1]
    above = [
        (one.measure, verdict, *place)
        for place in wider
        for verdict in ORDER
        if place != (one.scenario, one.turn)
    ]
    above = [each for each in above if each in told]
    if not above:
        return False
    if one.verdict in ("worse", "better"):
        return any(verdict == one.verdict for _, verdict, _, _ in above)
    if one.verdict == "same" or one.turn or abs(one.change_ms or 0.0) < WORTH_TELLING_MS:
        return True
    return any(verdict in ("worse", "better") for _, verdict, _, _ in above)


TOGETHER: dict[tuple[str, Verdict], str] = {
    ("voice", "worse"): "are spoken by another voice",
    ("loudness", "worse"): "are quieter",
    ("loudness", "changed"): "are louder",
}
"""What is said of many turns at once, by kind and verdict."""

MANY = 4


def _together(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Many turns that became quieter, or that another voice speaks, are one finding."""
    for place, group in groupby(findings, key=lambda one: (one.kind, one.verdict)):
        alike = list(group)
        if place not in TOGETHER or len(alike) < MANY:
            yield from alike
            continue
        scenarios = list(dict.fromkeys(one.scenario for one in alike))
        is_loudness = place[0] == "loudness"
        places = ", ".join(
            f"{one.place} {one.text if is_loudness else one.evidence}" for one in alike[:2]
        )
        text = f"{len(alike)} turns {TOGETHER[place]}"
        where = scenarios[0] if len(scenarios) == 1 else None
        yield replace(alike[0], text=text, evidence=f"{places}, …", scenario=where, turn=None)
