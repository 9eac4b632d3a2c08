"""Comparisons for a terminal: aligned, the worst first, each with evidence and place."""

from dataclasses import replace

from harness.regression.compare import Comparison
from harness.regression.findings import Finding
from harness.regression.text import as_data, as_text, headline, more

FINDINGS = (
    Finding("worse", "words", "“seven” is gone", "“at seven” → “at”", "booking", 3),
    Finding(
        "cannot_tell", "latency", "voice to voice may be 300 ms slower", "95 %", more_repeats=1
    ),
    Finding("same", "latency", "endpointing is the same", "95 %"),
)
COMPARISON = Comparison("base.yaml", "out/new", FINDINGS, 1, 3, 2, ("model: one → two",))


def test_the_worst_comes_first_with_evidence_and_place() -> None:
    assert as_text(COMPARISON).splitlines() == [
        "base.yaml → out/new",
        "not alike: model: one → two",
        "",
        "worse        booking, turn 3  “seven” is gone",
        "                              “at seven” → “at”",
        "cannot tell  all scenarios    voice to voice may be 300 ms slower "
        "(1 more run of each side would tell)",
        "                              95 %",
        "",
        "1 worse, 1 cannot tell; 3 turns of 1 scenario",
    ]


def test_what_stayed_the_same_is_told_where_nothing_else_is() -> None:
    same = Comparison("base.yaml", "out/new", FINDINGS[2:], 1, 3, 2)
    assert as_text(same).splitlines()[2:] == [
        "same  all scenarios  endpointing is the same",
        "",
        "1 same; 3 turns of 1 scenario",
    ]


def test_scenarios_that_were_not_run_are_in_the_last_line_and_in_the_data() -> None:
    part = Comparison("a", "b", (), 2, 1, 0, gone=("x", "y"))
    assert headline(part) == "nothing is different; 1 turn of 2 scenarios; 2 not run"
    assert as_data(part)["gone"] == ["x", "y"]


def test_nothing_at_all_is_said_so() -> None:
    assert headline(Comparison("a", "b", (), 2, 1, 0)) == (
        "nothing is different; 1 turn of 2 scenarios"
    )


def test_the_data_have_the_verdict_and_every_finding() -> None:
    data = as_data(COMPARISON)
    assert data["verdict"] == "worse"
    assert data["counts"]["cannot_tell"] == 1
    assert data["counts"]["same"] == 1
    assert data["findings"][0]["turn"] == 3


def test_what_hardly_any_number_of_runs_would_tell_is_not_promised() -> None:
    rate = Finding("cannot_tell", "pass rate", "passes less often", more_repeats=400)
    assert more(rate) == " (it would take 400 more runs of each side, or still more)"
    assert more(replace(rate, kind="latency")) == " (400 more runs of each side would tell)"
    assert more(replace(rate, more_repeats=None)) == ""
