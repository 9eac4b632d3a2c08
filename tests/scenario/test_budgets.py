"""Budgets: what can be written, and what they say of the numbers of turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ScenarioError
from harness.scenario.budgets import Budget, TurnNumbers, judge_budget
from harness.scenario.load import load_scenario
from harness.scenario.model import Scenario
from harness.scenario.progress import NoProgress
from harness.scenario.runner import ScenarioRunner
from harness.score.summary import Measured
from tests.support.fake_call import FakeCall, heard

P95 = {"number": "voice_to_voice_s", "at_most_s": 0.9, "of": "p95", "over": 30}
STOPS = {"number": "barge_in_reaction_s", "at_most_s": 0.5, "at_least": 27, "over": 30}
EVERY = {"number": "voice_to_voice_s", "at_most_s": 0.9}
GOOD, SLOW, NEAR = Measured(0.45, 0.02), Measured(1.2, 0.02), Measured(0.89, 0.02)


def outcome(budget: dict[str, Any], values: Sequence[Measured | None]) -> tuple[str, str]:
    judged = judge_budget(Budget.model_validate(budget), values)
    return judged.outcome, judged.evidence


def test_a_budget_is_a_sentence() -> None:
    texts = [Budget.model_validate(one).in_words for one in (P95, STOPS, EVERY)]
    assert texts == [
        "p95 voice-to-voice latency is at most 0.9 s over 30 turns",
        "at least 27 of 30 turns have a barge-in reaction of at most 0.5 s",
        "every voice-to-voice latency is at most 0.9 s",
    ]


def test_p95_over_thirty_turns() -> None:
    assert outcome(P95, [GOOD] * 30)[0] == "held"
    assert outcome(P95, [GOOD] * 25 + [SLOW] * 5)[0] == "failed"
    assert outcome(P95, [NEAR] * 30)[0] == "cannot_tell"
    few = outcome(P95, [GOOD] * 29)
    assert few == ("cannot_tell", "there were 29 such turns, and 30 are asked for")


def test_so_many_interruptions_of_so_many() -> None:
    assert outcome(STOPS, [GOOD] * 27 + [SLOW] * 3)[0] == "held"
    assert outcome(STOPS, [GOOD] * 26 + [None] * 4)[0] == "failed"
    assert outcome(STOPS, [GOOD] * 26 + [Measured(0.51, 0.02)] + [SLOW] * 3)[0] == "cannot_tell"
    more = outcome(STOPS, [GOOD] * 27 + [SLOW] * 13)
    assert more[0] == "failed", "of more turns no more than three may be late"


def test_a_turn_that_was_never_answered_is_not_left_out() -> None:
    numbers = TurnNumbers()
    numbers.add("voice_to_voice_s", 0.5, 0.02)
    numbers.add("voice_to_voice_s", -0.4, 0.02)
    found = outcome(EVERY, numbers.of("voice_to_voice_s"))
    assert found == ("failed", "1 of 2 turns had no such number, or cut the user off")
    assert outcome(EVERY, [GOOD, NEAR])[0] == "cannot_tell"
    assert outcome(EVERY, numbers.of("barge_in_reaction_s")) == ("cannot_tell", "it never happened")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("number: voice_to_voice_s\n    at_most: 1", "“at_most” is not known here"),
        ("number: voice_to_voice\n    at_most_s: 1", "a.yaml:3"),
        ("number: voice_to_voice_s\n    at_most_s: 1\n    at_least: 3", "needs `over: 30`"),
        (
            "number: voice_to_voice_s\n    at_most_s: 1\n    of: p95\n    over: 9",
            "takes at least 20",
        ),
        (
            "number: voice_to_voice_s\n    at_most_s: 1\n    at_least: 9\n    over: 3",
            "9 of 3 can never be",
        ),
    ],
)
def test_a_mistake_has_file_line_and_a_way_out(tmp_path: Path, lines: str, found: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"name: a\nbudgets:\n  - {lines}\nsteps: [hang_up]\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert found in str(caught.value)
    assert "a.yaml:" in str(caught.value)


def test_a_typo_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "name: a\nbudgets:\n  - number: voice_to_voice_s\n    at_mots_s: 1\nsteps: []\n"
    )
    with pytest.raises(ScenarioError, match=r"a\.yaml:4[\s\S]*did you mean “at_most_s”"):
        load_scenario(path)


async def test_a_budget_is_judged_over_all_turns_at_the_end() -> None:
    def scenario(at_most_s: float) -> Scenario:
        budget = {"number": "voice_to_voice_s", "at_most_s": at_most_s, "over": 2}
        steps = [{"expect": {"words": ["sun"]}}] * 2
        return Scenario.model_validate({"name": "t", "budgets": [budget], "steps": steps})

    for at_most_s, verdict in ((1.3, "passed"), (1.2, "cannot_tell"), (1.0, "failed")):
        answers = [heard("sun"), heard("sun", voice_to_voice_s=1.2)]
        doubtful = [replace(one, voice_to_voice_uncertainty_s=0.05) for one in answers]
        call = FakeCall(list(doubtful))
        runner = ScenarioRunner(call, scenario(at_most_s), {}, NoProgress())  # type: ignore[arg-type]
        assert await runner.run() is (verdict == "passed")
        assert runner.verdict == verdict
        last = call.recorder.of("expectation")[-1]
        assert (last["kind"], last["verdict"]) == ("budget", verdict)
