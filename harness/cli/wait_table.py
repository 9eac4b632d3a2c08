"""The table of a run's waits in a terminal: where the time went between a turn and its answer."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table

from harness.report.results import ScenarioResult, Turn
from harness.score.stages import STAGES

MOST_ROWS = 12
"""More turns than these are in the report alone."""


def wait_table(scenarios: Sequence[ScenarioResult]) -> Table | None:
    """One row a turn, milliseconds; None where no turn has a wait that is known in parts.

    Stages that nothing tells apart share the cell of the last of them, the others hold a dot.
    """
    waiting = [(s, turn) for s in scenarios for turn in s.turns if len(turn.stages) > 1]
    if not waiting:
        return None
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, caption_justify="left")
    table.add_column("wait, ms")
    table.add_column("turn", justify="right")
    for name in (*STAGES.values(), "in all", "±", "path", "remains"):
        table.add_column(name, justify="right")
    shown = waiting[:MOST_ROWS]
    for place, (scenario, turn) in enumerate(shown):
        is_first = place == 0 or shown[place - 1][0] is not scenario
        table.add_row(scenario.name if is_first else "", str(turn.index), *_cells(turn))
    if len(waiting) > MOST_ROWS:
        table.caption = f"and {len(waiting) - MOST_ROWS} more: see the report"
    return table


def _cells(turn: Turn) -> list[str]:
    cells = dict.fromkeys(STAGES.values(), "")
    for stage in turn.stages:
        *before, last = stage.name.split(" + ")
        cells |= dict.fromkeys(before, "·")
        cells[last] = _ms(stage.end_s - stage.start_s)
    latencies = turn.latencies
    doubt_s = latencies.voice_to_voice_uncertainty_s
    path = [_ms(latencies.path_s), _ms(latencies.beyond_path_s)]
    return [*cells.values(), _ms(latencies.voice_to_voice_s), _ms(doubt_s), *path]


def _ms(value_s: float | None) -> str:
    return "" if value_s is None else f"{value_s * 1000:.0f}"
