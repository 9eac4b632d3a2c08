"""Pairs of scenarios, and of the turns in them: what is compared with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from harness.regression.facts import Calls, RunFacts, ScenarioFacts, TurnFacts


@dataclass(frozen=True)
class PairedScenario:
    """A scenario on both sides."""

    base: ScenarioFacts
    new: ScenarioFacts

    @property
    def name(self) -> str:
        """As the base has it."""
        return self.base.name

    @property
    def is_recording(self) -> bool:
        """Whether of one side nothing is known but its sound, of one call that nobody repeats."""
        return self.base.is_recording or self.new.is_recording


@dataclass
class PairedTurn:
    """One turn, in each run that came to it."""

    index: int
    """From 1."""

    base: list[TurnFacts] = field(default_factory=list)
    new: list[TurnFacts] = field(default_factory=list)
    base_runs: int = 0
    """Runs of the base, those that never came to this turn too."""

    new_runs: int = 0
    base_extra: list[list[TurnFacts]] = field(default_factory=list)
    """Answers behind this turn that nobody asked for, of each run that has any."""

    new_extra: list[list[TurnFacts]] = field(default_factory=list)


@dataclass(frozen=True)
class Pairs:
    """All scenarios of two sides."""

    both: tuple[PairedScenario, ...]
    gone: tuple[ScenarioFacts, ...]
    added: tuple[ScenarioFacts, ...]


def pair_scenarios(base: Calls, new: Calls) -> Pairs:
    """By name and engine; by name alone where one engine has it on either side."""
    both: list[PairedScenario] = []
    gone: list[ScenarioFacts] = []
    left = list(new.scenarios)
    for one in base.scenarios:
        named = [other for other in left if other.name == one.name]
        exact = [other for other in named if other.engine == one.engine]
        once = sum(other.name == one.name for other in base.scenarios) == 1 and len(named) == 1
        match = exact[0] if exact else named[0] if once else None
        if match is None:
            gone.append(one)
        else:
            left.remove(match)
            both.append(PairedScenario(one, match))
    return Pairs(tuple(both), tuple(gone), tuple(left))


def pair_turns(scenario: PairedScenario) -> list[PairedTurn]:
    """By what the user says, in order; the base's longest usual run says which turns there are."""
    reference = _usual(scenario.base.runs)
    paired = [
        PairedTurn(n, base_runs=len(scenario.base.runs), new_runs=len(scenario.new.runs))
        for n in range(1, len(reference) + 1)
    ]
    for run in scenario.base.runs:
        _put(run, reference, paired, is_new=False)
    for run in scenario.new.runs:
        _put(run, reference, paired, is_new=True)
    return paired


def _usual(runs: Sequence[RunFacts]) -> tuple[TurnFacts, ...]:
    """The turns of the run whose number of turns is the most frequent, and then the largest."""
    lengths = [len(run.turns) for run in runs]
    usual = max(lengths, key=lambda length: (lengths.count(length), length))
    return runs[lengths.index(usual)].turns


def _put(
    run: RunFacts, reference: Sequence[TurnFacts], paired: list[PairedTurn], *, is_new: bool
) -> None:
    wanted = [turn.said for turn in reference]
    found = [turn.said for turn in run.turns]
    unasked: dict[int, list[TurnFacts]] = {}
    steps = SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes()
    for step, first, end, other, other_end in steps:
        turns = list(run.turns[other:other_end])
        if step == "replace":  # said otherwise: told as unlike, and compared by place
            common = min(end - first, other_end - other)
            _fill(paired, first, turns[:common], is_new=is_new)
            _behind(unasked, first + common, turns[common:])
        elif step == "equal":
            _fill(paired, first, turns, is_new=is_new)
        elif step == "insert":
            _behind(unasked, first, turns)
    for at, turns in unasked.items():
        if turns and paired:
            (paired[at].new_extra if is_new else paired[at].base_extra).append(turns)


def _fill(paired: list[PairedTurn], at: int, turns: list[TurnFacts], *, is_new: bool) -> None:
    for slot, turn in zip(paired[at:], turns, strict=False):
        (slot.new if is_new else slot.base).append(turn)


def _behind(unasked: dict[int, list[TurnFacts]], at: int, turns: list[TurnFacts]) -> None:
    """Behind the turn before; what comes before the first one stands with it, too."""
    unasked.setdefault(max(at - 1, 0), []).extend(turns)
