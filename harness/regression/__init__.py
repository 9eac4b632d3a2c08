"""Regressions: what got worse between two runs, by how much, and how sure that is."""

from harness.regression.compare import Comparison, compare
from harness.regression.facts import Calls, RunFacts, ScenarioFacts, TurnFacts
from harness.regression.findings import Finding
from harness.regression.read import read_calls

__all__ = [
    "Calls",
    "Comparison",
    "Finding",
    "RunFacts",
    "ScenarioFacts",
    "TurnFacts",
    "compare",
    "read_calls",
]
