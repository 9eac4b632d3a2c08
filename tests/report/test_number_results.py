"""Numbers over turns, as they are written: what did not happen is left out."""

from __future__ import annotations

import json

import pytest

from harness.report.number_results import Conduct, numbers_of
from harness.report.results import Latencies, Turn, collect


def turn(voice_to_voice_s: float | None, doubt_s: float | None = None) -> Turn:
    latencies = Latencies(voice_to_voice_s=voice_to_voice_s, voice_to_voice_uncertainty_s=doubt_s)
    return Turn(
        index=1, said=None, user_transcript=None, heard=None, interrupted=False, latencies=latencies
    )


def test_a_number_is_summed_up_over_the_turns_in_which_it_happened() -> None:
    numbers = numbers_of([turn(0.5, 0.02), turn(None), turn(0.7, 0.04)])
    assert set(numbers) == {"voice_to_voice_s"}
    assert json.loads(numbers["voice_to_voice_s"].model_dump_json()) == {
        "count": 2,
        "median": 0.6,
        "largest": 0.7,
        "uncertainty": 0.04,
        "why_no_p95": "withheld: 2 values, and it takes 20",
    }


def test_twenty_turns_have_a_95th_percentile_with_its_interval() -> None:
    summary = numbers_of([turn(n / 20) for n in range(21)])["voice_to_voice_s"]
    assert summary.p95 == pytest.approx(0.95)
    assert summary.p95_low is not None
    assert summary.p95 is not None
    assert summary.p95_low <= summary.p95
    assert summary.p95_high is None
    assert summary.why_no_p95 is None


def test_seventy_two_turns_have_the_upper_end_of_it_too() -> None:
    summary = numbers_of([turn(n / 71) for n in range(72)])["voice_to_voice_s"]
    assert summary.p95 is not None
    assert summary.p95_high is not None
    assert summary.p95 <= summary.p95_high


def test_a_fault_that_did_not_happen_is_0_and_what_nothing_could_show_is_absent() -> None:
    assert json.loads(Conduct(cut_offs=0).model_dump_json()) == {"cut_offs": 0}


def test_no_scenario_has_no_number() -> None:
    assert collect([]).numbers == {}
