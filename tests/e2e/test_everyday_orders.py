"""Everyday scenarios of one pattern, as a new user writes them: right ones pass, others fail."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest

from harness.scenario.run import run_scenarios

pytestmark = pytest.mark.usefixtures("understood_voice", "fresh_speech")

DISHES = ("pizza", "soup", "sandwich", "salad", "pasta")
DAYS = ("Monday", "Wednesday", "Thursday")


def write_orders(folder: Path, *, said_back: str = "{dish} for {day}") -> list[Path]:
    """A scenario for each dish, for one of the days; what is expected is what was ordered.

    The user's voice is the quick one, for it is the assistant's words that are judged.
    """
    paths = []
    for dish, day in zip(DISHES, cycle(DAYS), strict=False):
        answer = said_back.format(dish=dish, day=day)
        path = folder / f"{dish}-{day}.yaml".lower()
        path.write_text(
            f"name: {dish}-{day}\n"
            f"assistant: {{rules: [{{say: 'So that is a {answer}. Thank you.'}}]}}\n"
            "steps:\n"
            f"  - say: {{text: 'I would like a {dish} for {day}, please.', voice: en-US}}\n"
            f"  - expect: {{words: [{dish}, {day.lower()}]}}\n"
            "  - hang_up\n",
            encoding="utf-8",
        )
        paths.append(path)
    return paths


@pytest.mark.timeout(600)
@pytest.mark.long
async def test_right_orders_pass(tmp_path: Path) -> None:
    results = await run_scenarios(write_orders(tmp_path), out=tmp_path / "out", engine="simulated")
    wrong = {one.name: one.expectations for one in results.scenarios if one.verdict != "passed"}
    assert wrong == {}
    assert results.counts["passed"] == len(DISHES)


@pytest.mark.timeout(600)
async def test_none_of_them_passes_when_another_day_is_said(tmp_path: Path) -> None:
    """The answer names the dish and a day that nobody ordered."""
    paths = write_orders(tmp_path, said_back="{dish} for Sunday")[::4]
    results = await run_scenarios(paths, out=tmp_path / "out", engine="simulated")
    assert {one.verdict for one in results.scenarios} == {"failed"}
