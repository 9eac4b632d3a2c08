"""Facts of runs without a run, for what compares them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.regression.facts import Calls, RunFacts, ScenarioFacts, TurnFacts
from harness.regression.pairing import PairedScenario, PairedTurn, pair_turns

GOOD = "Certainly, a table for two at seven."


def make_turn(said: str | None = "hello", answer: str | None = GOOD, **more: Any) -> TurnFacts:
    """A turn that was answered with these words, and heard so."""
    return TurnFacts(said=said, answer=answer, **{"heard": answer, "audible": bool(answer), **more})


def make_run(*turns: TurnFacts, **more: Any) -> RunFacts:
    """A run of these turns."""
    return RunFacts(turns=turns, **more)


def make_side(*runs: RunFacts, name: str = "booking", **more: Any) -> ScenarioFacts:
    """A scenario with these runs."""
    return ScenarioFacts(name=name, **{"engine": "simulated", **more}, runs=runs)


def make_calls(*scenarios: ScenarioFacts, **more: Any) -> Calls:
    """One side of a comparison."""
    return Calls(scenarios=scenarios, **more)


def one_turn(base: Sequence[TurnFacts], new: Sequence[TurnFacts]) -> list[PairedTurn]:
    """One turn, over so many runs of either side."""
    sides = (make_side(*(make_run(turn) for turn in turns)) for turns in (base, new))
    return pair_turns(PairedScenario(*sides))


def timed_run(waits_ms: Sequence[float], **more: Any) -> RunFacts:
    """A run with one turn a wait."""
    turns = (
        make_turn(f"question {n}", times_ms={"voice_to_voice": wait_ms}, **more)
        for n, wait_ms in enumerate(waits_ms)
    )
    return make_run(*turns)
