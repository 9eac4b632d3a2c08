"""The table of waits in a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from harness.cli.wait_table import MOST_ROWS, wait_table
from harness.report.results import Turn
from harness.score.stages import STAGES
from tests.report.test_wait_bars import turn
from tests.support.make_results import make_scenario


def printed(*turns: Turn) -> list[str]:
    out = io.StringIO()
    table = wait_table([make_scenario().model_copy(update={"turns": list(turns)})])
    if table is not None:
        Console(file=out, width=120).print(table)
    return [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]


def test_a_turn_is_a_row_of_milliseconds() -> None:
    head, _, row = printed(turn(1, 0.4, 0.1, 0.5, doubt_s=0.02))
    names = [*STAGES.values(), "in all", "±", "path", "remains"]
    assert head.split() == " ".join(["wait, ms", "turn", *names]).split()
    assert row.split() == ["booking", "1", "400", "100", "·", "500", "1000", "20"]


def test_many_turns_are_in_the_report_alone() -> None:
    rows = printed(*(turn(n, 0.4, 0.1, 0.5) for n in range(MOST_ROWS + 3)))
    assert len(rows) == 2 + MOST_ROWS + 1
    assert rows[-1] == "and 3 more: see the report"


def test_without_stages_there_is_no_table() -> None:
    """One stage alone tells nothing that the latency does not."""
    assert printed(turn(1), turn(2, 0.4)) == []
