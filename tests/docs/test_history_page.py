"""What the page on histories shows is so: its example, and Allure's words for verdicts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from harness.history.rows import BUILD_VARIABLES, Number
from harness.history.text import as_text
from harness.history.trends import histories
from harness.report.suite_results import SuiteVerdict
from harness.suite.allure import STATUS
from tests.support.make_history import NUMBER, run_row, suite_of

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "history.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"<!-- example: history -->\n```\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_is_what_would_be_shown() -> None:
    suites = []
    for day, wait_s in enumerate([0.80, 0.81, 0.80, 0.79, 0.80, 1.21], start=1):
        failed = day in (2, 5)
        booking = {NUMBER: Number(wait_s), "dead_air_s": Number(0.3)}
        greeting = run_row(
            "failed" if failed else "passed", "greeting", numbers={NUMBER: Number(0.7)}
        )
        suites.append(suite_of(day, run_row(numbers=booking), greeting))
    assert as_text(histories(suites), len(suites)) + "\n" == EXAMPLE


def test_every_verdict_has_a_word_of_allure_on_the_page() -> None:
    table = PAGE[PAGE.index("| verdict |") :]
    verdicts = [verdict.replace("_", " ") for verdict in get_args(SuiteVerdict)]
    assert [verdict for verdict in verdicts if verdict not in table] == []
    told = {status for status in STATUS.values() if status not in ("passed", "failed")}
    assert [status for status in told if status not in table] == []
    assert [name for name in BUILD_VARIABLES if f"`{name}`" not in PAGE] == []
