"""Bars of the waits for answers: their stages, on one scale for all turns, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.drawing import milliseconds
from harness.report.results import Turn, WaitStage

NOT_TOLD = {
    "speech_stopped": "when the other side took the turn for ended",
    "answer_created": "when it began its answer",
    "first_packet": "the first audio packet",
    "first_received": "the first sample received",
}
"""Moments in words for people."""


@dataclass(frozen=True, slots=True)
class WaitPart:
    """One stage, drawn."""

    name: str
    kind: str
    """A class of the stylesheet: the last of the stages it is made of."""

    left: float
    """Where it begins, share of the scale."""

    width: float
    text: str
    """Its length, with how far it may be off."""

    at_s: float
    """Where it begins on the timeline."""


@dataclass(frozen=True, slots=True)
class WaitBar:
    """One turn's wait."""

    index: int
    """Of the turn."""

    total: str
    doubt: float
    """How far its end may be off, share of the scale; 0 where that is not known."""

    end: float
    """Where it ends, share of the scale."""

    parts: tuple[WaitPart, ...]
    rest: str
    """What of it the path costs, and what remains, in words; "" where no path was measured."""

    note: str
    """What was not told, in words; "" where all was."""


def wait_bars(turns: Sequence[Turn]) -> list[WaitBar]:
    """A bar for each turn that has stages; the scale is the longest wait of them, and its doubt."""
    waiting = [turn for turn in turns if turn.stages]
    scale_s = max((_total_s(turn) + _doubt_s(turn) for turn in waiting), default=0.0)
    return [_bar(turn, scale_s or 1.0) for turn in waiting]


def _bar(turn: Turn, scale_s: float) -> WaitBar:
    begin_s = turn.stages[0].start_s
    reached_s, parts = begin_s, []
    for stage in turn.stages:
        # One that was overtaken has no width: what lies behind it begins where the bar has got to.
        until_s = max(reached_s, stage.end_s)
        parts.append(
            WaitPart(
                stage.name,
                stage.name.split(" + ")[-1].replace(" ", "-"),
                (reached_s - begin_s) / scale_s,
                (until_s - reached_s) / scale_s,
                _length(stage),
                stage.start_s,
            )
        )
        reached_s = until_s
    doubt_s, total_s = _doubt_s(turn), _total_s(turn)
    total = milliseconds(total_s) + (f" ± {milliseconds(doubt_s)}" if doubt_s else "")
    missing = [NOT_TOLD.get(name, name) for name in turn.not_told]
    note = f"Not told: {', '.join(missing)}." if missing else ""
    end = (reached_s - begin_s) / scale_s
    return WaitBar(turn.index, total, doubt_s / scale_s, end, tuple(parts), _rest(turn), note)


def _rest(turn: Turn) -> str:
    path_s, rest_s = turn.latencies.path_s, turn.latencies.beyond_path_s
    if path_s is None or rest_s is None:
        return ""
    return f"The path itself cost {milliseconds(path_s)} of it; {milliseconds(rest_s)} remain."


def _length(stage: WaitStage) -> str:
    doubt_s = stage.uncertainty_s
    doubt = f" ± {milliseconds(max(doubt_s, 0.001))}" if doubt_s is not None else ""
    return milliseconds(stage.end_s - stage.start_s) + doubt


def _total_s(turn: Turn) -> float:
    return turn.stages[-1].end_s - turn.stages[0].start_s


def _doubt_s(turn: Turn) -> float:
    return turn.latencies.voice_to_voice_uncertainty_s or 0.0
