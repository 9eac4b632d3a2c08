"""Pairs: by name and engine, and by what the user says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.regression.pairing import PairedScenario, pair_scenarios, pair_turns
from tests.support.make_calls import make_calls, make_run, make_side, make_turn

words = st.lists(st.sampled_from(["yes", "no", "seven", None]), min_size=1, max_size=8)


def test_scenarios_are_paired_by_name_and_engine() -> None:
    run = make_run(make_turn())
    base = make_calls(
        make_side(run, engine="browser"), make_side(run, engine="native"), make_side(run, name="a")
    )
    new = make_calls(
        make_side(run, engine="native"),
        make_side(run, name="b"),
        make_side(run, name="a", engine="browser"),
    )
    pairs = pair_scenarios(base, new)
    assert [(one.name, one.base.engine, one.new.engine) for one in pairs.both] == [
        ("booking", "native", "native"),
        ("a", "simulated", "browser"),
    ]
    assert [(one.name, one.engine) for one in pairs.gone] == [("booking", "browser")]
    assert [one.name for one in pairs.added] == ["b"]


def test_a_turn_between_moves_no_other_one() -> None:
    base = make_run(make_turn("one"), make_turn("two"))
    new = make_run(make_turn("one"), make_turn(None, "again"), make_turn("two"))
    first, second = pair_turns(PairedScenario(make_side(base, base), make_side(new)))
    assert [len(first.base), len(first.new), len(second.new)] == [2, 1, 1]
    assert [[turn.answer for turn in extra] for extra in first.new_extra] == [["again"]]
    assert not second.new_extra


def test_turns_that_never_came_are_empty() -> None:
    base = make_run(make_turn("one"), make_turn("two"))
    first, second = pair_turns(PairedScenario(make_side(base), make_side(make_run(base.turns[0]))))
    assert (len(first.new), len(second.new)) == (1, 0)


@given(words, words)
def test_no_turn_is_lost_or_made(base: list[str | None], new: list[str | None]) -> None:
    runs = [make_run(*map(make_turn, side)) for side in (base, new)]
    turns = pair_turns(PairedScenario(make_side(runs[0]), make_side(runs[1])))
    assert sum(len(turn.base) for turn in turns) == len(base) == len(turns)
    assert all(len(turn.new_extra) <= turn.new_runs for turn in turns), "one list a run"
    kept = sum(len(turn.new) + sum(map(len, turn.new_extra)) for turn in turns)
    assert kept == len(new)
