"""Latencies: what is slower, what is not, and how many runs would tell."""

from __future__ import annotations

from harness.regression.findings import Candidate
from harness.regression.latencies import latency_findings
from harness.regression.pairing import PairedScenario, PairedTurn, pair_turns
from tests.support.make_calls import make_side, timed_run

WAITS = [700.0, 820.0, 640.0, 900.0, 760.0, 810.0, 690.0, 720.0]
NOISE = [5.0, -8.0, 12.0, -3.0, 9.0, -11.0, 4.0, 1.0]


def paired(base: list[list[float]], new: list[list[float]], **more: object) -> list[PairedTurn]:
    sides = (make_side(*(timed_run(waits, **more) for waits in runs)) for runs in (base, new))
    return pair_turns(PairedScenario(*sides))


def candidates(turns: list[PairedTurn]) -> list[Candidate]:
    return list(latency_findings([("booking", turns)]))


def slower(by_ms: float) -> list[float]:
    return [wait + noise + by_ms for wait, noise in zip(WAITS, NOISE, strict=True)]


def test_slower_turns_are_worse_with_an_interval() -> None:
    (found,) = candidates(paired([WAITS], [slower(100)]))
    sure = found.if_sure
    assert (sure.verdict, sure.measure, sure.scenario) == ("worse", "voice_to_voice", "booking")
    assert sure.text.startswith("voice to voice is 10")
    assert sure.low_ms is not None
    assert sure.high_ms is not None
    assert 80 < sure.low_ms < 100 < sure.high_ms < 120
    assert found.p < 0.01


def test_faster_turns_are_better() -> None:
    (found,) = candidates(paired([WAITS], [slower(-100)]))
    assert found.if_sure.verdict == "better"
    assert found.if_sure.text.endswith("faster")


def test_noise_is_the_same_and_so_is_what_nobody_hears() -> None:
    for by_ms in (0.0, 15.0):
        (found,) = candidates(paired([WAITS], [slower(by_ms)]))
        assert found.if_sure.verdict == "same"
        assert found.if_not is not None
        assert found.if_not.verdict == "same"


def test_few_turns_cannot_tell_and_say_how_many_runs_would() -> None:
    (found,) = candidates(paired([WAITS[:2]], [[1100.0, 1230.0]]))
    assert found.p > 0.05
    assert found.if_not is not None
    assert found.if_not.verdict == "cannot_tell"
    assert found.if_not.more_repeats == 3


def test_numbers_that_nobody_knows_well_are_not_compared_and_others_make_it_wider() -> None:
    assert candidates(paired([WAITS], [slower(400)], uncertain_ms={"voice_to_voice": 260.0})) == []
    (sharp,) = candidates(paired([WAITS], [slower(100)]))
    (blunt,) = candidates(paired([WAITS], [slower(100)], uncertain_ms={"voice_to_voice": 240.0}))
    assert blunt.if_not is not None
    assert sharp.if_not is not None
    assert blunt.if_not.low_ms is not None
    assert sharp.if_not.low_ms is not None
    assert blunt.if_not.low_ms < sharp.if_not.low_ms


def test_repeats_tell_which_turn_it_is() -> None:
    base = [[wait + noise for wait in WAITS[:3]] for noise in NOISE[:5]]
    new = [[one, two + 300, three] for one, two, three in base]
    found = {one.if_sure.turn: one for one in candidates(paired(base, new))}
    assert found[2].if_sure.verdict == "worse"
    assert found[2].p < 0.02
    assert found[1].p == found[3].p == 1.0


def test_each_scenario_is_tested_where_it_has_turns_enough() -> None:
    many, few = paired([WAITS], [WAITS]), paired([WAITS[:2]], [WAITS[:2]])
    found = list(latency_findings([("many", many), ("few", few)]))
    assert [one.if_sure.scenario for one in found] == [None, "many"]


def test_two_pairs_have_no_interval_and_are_never_the_same() -> None:
    assert candidates(paired([WAITS[:2]], [WAITS[:2]])) == []
    (found,) = candidates(paired([WAITS[:2]], [[900.0, 1000.0]]))
    assert found.if_not is not None
    assert found.if_not.verdict == "cannot_tell"
    assert found.if_not.low_ms is None
    assert found.if_not.evidence.startswith("2 turns, median")
