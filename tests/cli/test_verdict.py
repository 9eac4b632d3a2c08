"""The end of a run: a table, the failures with their evidence, the report's place."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from harness.cli.verdict import failure_lines, print_verdict
from harness.report.build import NOTHING_JUDGED
from harness.report.results import collect
from harness.score.held_up import TOO_BUSY
from tests.support.make_results import make_scenario


def printed(*scenarios: object, width: int = 200) -> str:
    out = io.StringIO()
    print_verdict(collect(list(scenarios)), Path("out/x"), Console(file=out, width=width))  # type: ignore[arg-type]
    return out.getvalue()


def test_a_passed_run_shows_its_numbers_and_the_report() -> None:
    text = printed(make_scenario(latencies_s=[0.7, 0.9, 0.8]))
    assert "✓ passed" in text
    assert "0.80 s" in text
    assert "Report: out/x/report.html" in text
    assert "✓ PASSED  1 passed" in text


def test_a_failed_expectation_stands_with_its_evidence() -> None:
    text = printed(make_scenario(failed="it says “table”", evidence="heard “a chair”"))
    assert "✗ booking, step 1: expected it says “table”\n    found: heard “a chair”" in text
    assert "0 of 1" in text


def test_an_error_stands_with_its_message() -> None:
    lines = failure_lines(make_scenario(error="The page crashed.\n  found: a crash"))
    assert [str(line) for line in lines] == ["! booking: The page crashed.\n    found: a crash"]


def test_a_busy_machine_is_told_with_what_failed_on_it_and_not_without() -> None:
    note = {"notes": [f"{TOO_BUSY}: it stood still.", "The context: jobs is gone.", "another"]}
    text = printed(make_scenario(failed="x").model_copy(update=note))
    assert text.count("note: The context: jobs is gone.") == 1
    assert text.count("note: This machine was too busy for the call: it stood still.") == 1
    assert "another" not in text
    assert TOO_BUSY not in printed(make_scenario().model_copy(update=note))


def test_the_worst_verdict_is_the_verdict() -> None:
    text = printed(make_scenario(), make_scenario(error="gone"), make_scenario(failed="x"))
    assert "! ERROR  1 passed, 1 failed, 1 error" in text


def test_a_number_that_did_not_happen_is_absent() -> None:
    assert "0.00 s" not in printed(make_scenario(latencies_s=[]))


def test_what_nobody_could_tell_has_its_own_wording() -> None:
    scenario = make_scenario(failed="it says “table”", evidence="heard “a chair”")
    [unmet] = [e.model_copy(update={"verdict": "cannot_tell"}) for e in scenario.expectations]
    doubtful = scenario.model_copy(update={"verdict": "cannot_tell", "expectations": [unmet]})
    text = printed(doubtful)
    assert "? cannot tell" in text
    assert "? booking, step 1: cannot tell whether it says “table”" in text
    assert "? CANNOT TELL  1 cannot tell" in text
    assert "that is no pass (exit 1)" in text


def test_a_scenario_without_an_expectation_is_loud_about_it() -> None:
    unjudged = make_scenario().model_copy(update={"expectations": [], "notes": [NOTHING_JUDGED]})
    text = printed(unjudged)
    assert "! booking: nothing was judged" in text
    assert "none" in text
    assert "nothing was judged" not in printed(make_scenario())


def test_words_of_others_are_one_line_and_steer_nothing() -> None:
    text = printed(make_scenario(failed="it says “a\nb”", evidence="heard “\x1b[31m\n::error::x”"))
    assert "expected it says “a\\nb”\n" in text
    assert "found: heard “\\x1b[31m\\n\\u003a:error::x”\n" in text
