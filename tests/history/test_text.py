"""Histories as text and data."""

from __future__ import annotations

import json

from harness.history.text import (
    as_data,
    as_text,
    change_words,
    headline,
    sparkline,
    trend_line,
    value_words,
    words_of,
)
from harness.history.trends import histories
from tests.support.make_history import nights, run_row, suite_of, verdicts

SLOWER = [0.80, 0.82, 0.79, 0.81, 0.80, 1.2]


def test_a_sparkline_goes_from_the_smallest_to_the_largest() -> None:
    assert sparkline([1.0, 2.0, 3.0]) == "▁▅█"
    assert sparkline([0.5, 0.5]) == "▄▄"


def test_values_have_units_and_changes_have_signs() -> None:
    assert value_words("dead_air_s", 0.0421) == "42 ms"
    assert change_words("dead_air_s", -0.042) == "-42 ms"
    assert value_words("word_error_rate", 0.051) == "5.1%"
    assert change_words("word_error_rate", 0.02) == "+2.0 points"
    assert words_of("voice_to_voice_s") == "voice to voice"


def test_a_line_says_what_is_unusual() -> None:
    ((trend,),) = (one.trends for one in histories(nights(SLOWER)))
    line = trend_line(trend)
    assert "1200 ms, +400 ms against 800 ms before" in line
    assert line.endswith("unusual: 756 ms to 844 ms is usual")


def test_the_text_has_each_scenario_with_its_reason() -> None:
    found = histories(verdicts("passed", "failed", "passed", "failed"))
    text = as_text(found, 4)
    assert text.startswith("4 suites, 1 scenario: 1 to look at\n")
    assert "booking (simulated)  ✓✗✓✗  2 of 4 passed (15% to 85%), 3 flips, flaky" in text
    assert "last: step 2" in text
    assert headline([], 0) == "0 suites, 0 scenarios: nothing to look at"


def test_a_scenario_that_is_in_the_suites_no_more_is_told() -> None:
    night = verdicts("passed")[0]
    for count, words in ((2, "not in the last suite"), (3, "not in the last 2 suites")):
        later = [suite_of(day, run_row(scenario="other")) for day in range(10, 9 + count)]
        text = as_text(histories([night, *later]), count)
        assert f"(21% to 100%), {words}\n" in text


def test_the_data_is_json_with_every_value() -> None:
    data = json.loads(json.dumps(as_data(histories(nights(SLOWER)), 6)))
    (scenario,) = data["scenarios"]
    number = scenario["numbers"]["voice_to_voice_s"]
    assert number["values"] == SLOWER
    assert (number["change"], number["unusual"]) == (0.4, True)
    assert scenario["pass_rate"] == {"passed": 6, "runs": 6, "low": 0.6097, "high": 1.0}
    assert not scenario["flaky"]
