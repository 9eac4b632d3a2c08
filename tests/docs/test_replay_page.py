"""What the page on replays shows is so: its scenario is one, its limits are the code's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.cli.choices import Benchmark, Pace
from harness.replay.make import BASELINE, ReplayOptions, replay_all
from harness.replay.plan import AFTER_S, BEFORE_S, LONGEST_TURN_S, MOST_KEPT_S, USUAL_PAUSE_S
from harness.scenario.load import load_scenario
from harness.score.exchanges import SAME_TURN_PAUSE_S
from tests.support.recorded_calls import channel, fixtures_at, scribes, write_call

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "replay.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))

RATE_HZ = 8000
SAID = ((4.0, "booking-table-for-two"), (9.2, "interruption-wait"))
ANSWERED = ((1.0, "greeting-hello-michael"), (7.5, "interruption-tell-me"), (13.0, "no-thanks"))
CALLER = ("I'd like to book a table for two, please.", "Wait, I have another question.")
AGENT = ("Harbour Inn, how can I help you?", "Certainly, for when would that be?", "Of course.")


def test_the_example_is_what_a_replay_makes(tmp_path: Path) -> None:
    sides = [channel(fixtures_at(RATE_HZ, *each), 16.0, RATE_HZ) for each in (SAID, ANSWERED)]
    path = write_call(tmp_path / "monday-0412.wav", sides, RATE_HZ)
    ears = scribes([*CALLER, *AGENT, *CALLER], AGENT)
    outcome = replay_all([path], ReplayOptions(tmp_path / "out"), ears, lambda path: None)
    (made,) = outcome.made
    assert made.scenario.read_text(encoding="utf-8") == EXAMPLES["scenario"]
    assert load_scenario(made.scenario).scenario.name == "monday-0412"
    assert outcome.baseline is not None
    listed = {path.relative_to(tmp_path / "out").as_posix() for path in made.fixtures}
    assert "monday-0412/turn-01.flac" in listed
    assert all(name in PAGE for name in (BASELINE, "manifest.json", "turn-01.flac"))


def test_the_limits_are_the_codes() -> None:
    assert f"{BEFORE_S:g} s before and {AFTER_S:g} s after" in PAGE
    assert (LONGEST_TURN_S, MOST_KEPT_S) == (5 * 60, 60 * 60)
    assert "an hour of the caller's speech" in PAGE
    assert "no turn longer than five minutes" in PAGE
    assert f"pauses below {SAME_TURN_PAUSE_S:g} s" in PAGE
    assert f"begins {USUAL_PAUSE_S:g} s after" in PAGE


@pytest.mark.parametrize("pace", list(Pace))
def test_every_pace_has_a_row(pace: Pace) -> None:
    assert f"| `{pace.value}` |" in PAGE


def test_the_figures_name_their_command() -> None:
    assert f"harness bench {Benchmark.replay.value}" in PAGE
