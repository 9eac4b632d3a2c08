"""Comparisons: what got worse is told once, and what did not is not."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.regression.compare import compare
from harness.regression.facts import RunFacts
from tests.support.make_calls import make_calls, make_run, make_side, make_turn, timed_run

WAITS = [700.0, 820.0, 640.0, 900.0, 760.0, 810.0, 690.0, 720.0]


def slower(by_ms: float) -> list[float]:
    return [wait + by_ms + n for n, wait in enumerate(WAITS)]


def test_a_run_is_like_itself() -> None:
    calls = make_calls(make_side(timed_run(WAITS)))
    comparison = compare(calls, calls)
    assert comparison.verdict == "same"
    assert [one.kind for one in comparison.findings] == ["latency"]
    assert (comparison.scenarios, comparison.turns) == (1, len(WAITS))


def test_a_slower_build_that_drops_a_word_is_told_as_both_and_nothing_else() -> None:
    base = [make_side(timed_run(WAITS), name=name) for name in ("a", "b", "c")]
    run = timed_run(slower(400))
    turns = list(run.turns)
    turns[2] = turns[2].model_copy(update={"answer": "Certainly, a table at seven."})
    changed = [make_side(run, name=name) for name in ("a", "b")]
    changed.append(make_side(make_run(*turns), name="c"))
    comparison = compare(make_calls(*base), make_calls(*changed))
    worse = [(one.kind, one.place) for one in comparison.of("worse")]
    assert worse == [("words", "c, turn 3"), ("latency", "all scenarios")]
    assert comparison.counts == {
        "worse": 2,
        "cannot_tell": 0,
        "changed": 0,
        "better": 0,
        "same": 0,
    }


def test_one_slower_scenario_among_many_is_named() -> None:
    names = [f"s{n}" for n in range(8)]
    base = [make_side(timed_run(WAITS), name=name) for name in names]
    new = [make_side(timed_run(slower(400 if n == 3 else 0)), name=s) for n, s in enumerate(names)]
    comparison = compare(make_calls(*base), make_calls(*new))
    assert [one.place for one in comparison.of("worse")] == ["s3"]


def test_a_deleted_and_an_added_scenario_are_told() -> None:
    run = timed_run(WAITS)
    base = make_calls(make_side(run), make_side(run, name="old"))
    new = make_calls(make_side(run), make_side(run, name="fresh"))
    comparison = compare(base, new)
    (gone,) = comparison.of("worse")
    assert (gone.kind, gone.scenario) == ("scenario gone", "old")
    assert "--allow-gone" in gone.evidence
    assert [one.scenario for one in comparison.of("changed")] == ["fresh"]
    assert comparison.gone == ("old",)


def test_a_part_that_was_run_on_purpose_is_no_fault_and_is_told() -> None:
    run = timed_run(WAITS)
    base = make_calls(make_side(run), make_side(run, name="slow"))
    comparison = compare(base, make_calls(make_side(run)), allow_gone=True)
    assert comparison.verdict == "changed"
    assert [(one.kind, one.scenario) for one in comparison.told] == [("scenario gone", "slow")]


def test_many_scenarios_that_are_gone_are_one_finding() -> None:
    run = timed_run(WAITS)
    base = make_calls(*(make_side(run, name=f"s{n}") for n in range(10)))
    (gone,) = compare(base, make_calls(make_side(run, name="s0"))).of("worse")
    assert (gone.text, gone.scenario) == ("9 scenarios are in the base, and were not run", None)
    assert gone.evidence.startswith("s1, s2, s3, s4, s5, s6 and 3 more; left out on purpose: ")


def test_a_scenario_that_one_engine_alone_does_not_run_any_more_is_told_with_it() -> None:
    run = timed_run(WAITS)
    base = make_calls(make_side(run), make_side(run, engine="native"))
    (gone,) = compare(base, make_calls(make_side(run))).of("worse")
    assert gone.text == "is in the base, and was not run by the engine native"


def test_many_quieter_turns_are_one_finding() -> None:
    base, new = (timed_run(WAITS, level_dbfs=level) for level in (-20.0, -26.0))
    (quieter,) = compare(make_calls(make_side(base)), make_calls(make_side(new))).of("worse")
    assert quieter.text == "8 turns are quieter"
    assert "turn 1 6.0 dB quieter" in quieter.evidence


def test_strangers_and_unlike_runs_are_refused() -> None:
    run: RunFacts = make_run(make_turn())
    base = make_calls(make_side(run), source="one")
    with pytest.raises(UsageError, match="no scenario in common"):
        compare(base, make_calls(make_side(run, name="other")))
    other = make_calls(make_side(run, engine="browser"))
    with pytest.raises(UsageError, match="simulated → browser"):
        compare(base, other)
    allowed = compare(base, other, allow_unlike=True)
    assert allowed.unlike == ("booking: engine simulated → browser",)
    assert allowed.verdict == "same"


def test_a_comparison_is_the_same_every_time() -> None:
    base, new = (
        make_calls(make_side(timed_run(WAITS))),
        make_calls(make_side(timed_run(slower(60)))),
    )
    assert compare(base, new) == compare(base, new)
