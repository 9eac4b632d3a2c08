"""Whole results from the folders of runs."""

from __future__ import annotations

from pathlib import Path

from harness.report.build import (
    NOTHING_JUDGED,
    ONLY_SOFT,
    build_results,
    build_scenario,
    nothing_judged,
)
from harness.report.results import Results
from harness.resources import fixtures_dir
from tests.score.test_network_periods import changed, counted, stats
from tests.support.call_events import event, record


def test_each_run_gets_its_verdict(results: Results) -> None:
    assert [(s.name, s.verdict) for s in results.scenarios] == [
        ("rover", "passed"),
        ("table-booking", "failed"),
        ("harbour", "error"),
    ]


def test_a_passed_run_has_its_numbers(results: Results) -> None:
    rover = results.scenarios[0]
    assert rover.engine == "browser"
    assert rover.conversation_s is not None
    assert rover.wall_s is not None
    assert rover.wall_s > rover.conversation_s
    assert rover.connect.data_channel_s == 0.57
    assert rover.time_line.uncertainty_s == 0.0021
    assert rover.artifacts == {"audio": "rover/call.wav", "trace": "rover/trace.jsonl"}
    assert [turn.interrupted for turn in rover.turns] == [False, True, False]


def test_a_broken_run_keeps_what_was_known_until_then(results: Results) -> None:
    harbour = results.scenarios[2]
    assert harbour.error is not None
    assert harbour.error.kind == "PeerLost"
    assert harbour.turns[0].user_transcript == "Go forward ten meters."
    assert harbour.turns[0].heard is None
    assert harbour.wall_s is None


def test_the_kept_trace_gives_the_same_numbers_as_when_it_was_made() -> None:
    """fixtures/traces/barge-in: a change of a formula shows here."""
    results = build_results([fixtures_dir() / "traces" / "barge-in"])
    first, second = results.scenarios[0].turns
    assert first.interrupted
    assert first.latencies.model_dump(mode="json") == {
        "voice_to_voice_s": 1.15,
        "voice_to_voice_uncertainty_s": 0.017,
        "endpointing_s": 0.52,
        "time_to_first_event_s": 0.09,
        "barge_in_reaction_s": 0.355,
        "barge_in_reaction_uncertainty_s": 0.023,
    }
    assert second.heard is None


def test_what_was_said_while_muted_is_no_turn_and_is_told() -> None:
    muted = event(
        "microphone.clip", 1.0, "harness", text="Hello?", start_s=1.0, end_s=2.0, muted=True
    )
    result = build_scenario(record([muted]))
    assert result.turns == []
    assert "Said while the microphone was muted, unheard by anybody: “Hello?”" in result.notes


def test_what_was_lost_or_converted_is_noted() -> None:
    events = [
        event("microphone.clip", 1.0, "harness", file="a.ogg", converted="ogg, 44.1 kHz"),
        event("fallback", 1.0, "page", what="worklet", why="forbidden by the page's policy"),
        event("call.closed", 9.0, "harness", gap_frames=480, heard_dropped=0),
    ]
    notes = build_scenario(record(events), root=Path()).notes
    assert notes[0] == "Converted a.ogg: ogg, 44.1 kHz"
    assert "forbidden" in notes[1]
    assert notes[2].startswith("10 ms of audio is missing")
    assert len(notes) == 3


def test_a_scenario_that_expects_nothing_says_that_nothing_was_judged() -> None:
    step = event("step.started", 1.0, "harness", kind="say", index=1)
    held = event("expectation", 2.0, "harness", text="x", verdict="passed")
    assert nothing_judged([step]) == [NOTHING_JUDGED]
    assert nothing_judged([step, held]) == []
    soft = event("expectation", 2.0, "harness", text="x", verdict="passed", soft=True)
    assert nothing_judged([step, soft]) == [ONLY_SOFT]
    assert nothing_judged([step, soft, held]) == []
    assert nothing_judged([]) == [], "a call that no scenario made"


def test_a_run_that_broke_is_not_said_to_expect_nothing() -> None:
    """What it expects would have come after the step that broke; it has not passed, either."""
    step = event("step.started", 1.0, "harness", kind="converse", index=1)
    closed = event("call.closed", 2.0, "harness")
    assert NOTHING_JUDGED in build_scenario(record([step, closed]), root=Path()).notes
    broken_off = build_scenario(record([step]), root=Path())
    assert broken_off.error is not None
    assert broken_off.notes == []


def test_a_network_is_told_period_by_period() -> None:
    events = [
        counted(0, 0), changed(0, "3g", loss=0.1), stats(4, 180, 20), counted(4.5, 250, 25),
        changed(4.5, "", blackout=True), counted(6, 300, 75),
    ]  # fmt: skip
    told = build_scenario(record(events)).model_dump(mode="json")["network"]
    assert [period["up"]["asked"] for period in told] == ["10 % loss", "blackout"]
    assert told[0]["down"] == {
        "asked": "10 % loss", "packets": 250, "dropped": 25, "delay_s": 0.0, "stats_loss": 0.1,
    }  # fmt: skip
    assert told[1]["up"] == {"asked": "blackout", "packets": 50, "dropped": 50}


def test_a_network_that_nothing_went_through_is_noted() -> None:
    asked = event("network.began", 0.1, "harness", asked="3g", seed=0)
    assert "nothing of the call went through it" in build_scenario(record([asked])).notes[0]
