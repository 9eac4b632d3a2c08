"""The bars of waits: shares of one scale, and words for what no bar shows."""

from __future__ import annotations

import pytest

from harness.report.results import Latencies, Turn, WaitStage
from harness.report.wait_bars import wait_bars


def turn(index: int, *lengths_s: float, doubt_s: float | None = None, not_told: str = "") -> Turn:
    stages, at_s = [], 10.0
    names = ("endpointing", "decision", "generation + jitter buffer")
    for name, length_s in zip(names, lengths_s, strict=False):
        stages.append(
            WaitStage(name=name, start_s=at_s, end_s=at_s + length_s, uncertainty_s=0.0002)
        )
        at_s += length_s
    return Turn(
        index=index,
        said=None,
        user_transcript=None,
        heard=None,
        interrupted=False,
        latencies=Latencies(
            voice_to_voice_s=sum(lengths_s) or None, voice_to_voice_uncertainty_s=doubt_s
        ),
        stages=stages,
        not_told=[not_told] if not_told else [],
    )


def test_all_turns_are_on_the_scale_of_the_longest() -> None:
    """Two seconds and its doubt of 0.5 s are the whole width; one second of it is 40 %."""
    first, second = wait_bars([turn(1, 0.4, 0.1, 0.5), turn(2), turn(3, 0.5, 0.5, 1, doubt_s=0.5)])
    assert (first.index, second.index) == (1, 3), "a turn without a wait has no bar"
    assert [part.width for part in first.parts] == pytest.approx([0.16, 0.04, 0.20])
    assert [part.left for part in first.parts] == pytest.approx([0.0, 0.16, 0.20])
    assert [second.end, second.doubt] == pytest.approx([0.8, 0.2])
    assert (first.total, second.total) == ("1.00 s", "2.00 s ± 500 ms")


def test_a_joined_stage_has_the_colour_of_its_last_part_and_all_names() -> None:
    (bar,) = wait_bars([turn(1, 0.4, 0.1, 0.5, not_told="first_packet")])
    assert (bar.parts[2].name, bar.parts[2].kind) == ("generation + jitter buffer", "jitter-buffer")
    assert bar.parts[0].text == "400 ms ± 1 ms", "no doubt is smaller than what is written"
    assert bar.note == "Not told: the first audio packet."


def test_a_stage_that_was_overtaken_has_no_width() -> None:
    """The bar never goes back; the words tell the length."""
    (bar,) = wait_bars([turn(1, 0.5, -0.1, 0.6)])
    assert bar.parts[1].width == 0
    assert bar.parts[1].text.startswith("-100 ms")
    assert bar.end == pytest.approx(1.0)
