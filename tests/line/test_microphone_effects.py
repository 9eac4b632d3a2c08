"""What a microphone does to its sound, by the cases that the page's side has, too."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.line.microphone_effects import MicrophoneEffects
from harness.line.microphone_plan import DropoutPlan, EchoPlan, MicrophonePlan

CASES = json.loads(Path(__file__).with_suffix("").with_name("microphone_effects.json").read_text())


def plan_of(data: dict[str, Any]) -> MicrophonePlan:
    echo, dropouts = data.get("echo"), data.get("dropouts")
    return MicrophonePlan(
        gain=data.get("gain", 1.0),
        fade_frames=data.get("fadeFrames", 0),
        limit=data.get("limit"),
        taps=tuple(data["taps"]) if "taps" in data else None,
        dropouts=dropouts
        and DropoutPlan(dropouts["frames"], dropouts["pieces"], tuple(dropouts["silent"])),
        echo=echo
        and EchoPlan(
            echo["gain"], echo["delayFrames"], tuple(echo["taps"]) if "taps" in echo else None
        ),
    )


def apply(
    effects: MicrophoneEffects,
    frame: int,
    block: int,
    samples: list[float],
    heard: list[float] | None = None,
) -> list[float]:
    out: list[float] = []
    for at in range(0, len(samples), block):
        piece = np.array(samples[at : at + block], np.float32)
        if heard is not None:
            effects.hear(np.array(heard[at : at + block], np.float32), frame + at)
        effects.apply(piece, frame + at)
        out += piece.tolist()
    return out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_samples_are_those_that_follow_by_arithmetic(case: dict[str, Any]) -> None:
    effects = MicrophoneEffects()
    effects.change(plan_of(case["plan"]), case["frame"])
    found = apply(effects, case["frame"], case["block"], case["input"], case.get("heard"))
    assert found == pytest.approx(case["expected"], abs=1e-6)


def test_the_plan_of_each_case_is_what_a_page_gets() -> None:
    for case in CASES:
        told = json.loads(json.dumps(plan_of(case["plan"]).to_page()))
        assert {name: value for name, value in told.items() if name in case["plan"]} == {
            **case["plan"],
            **({"echo": {"taps": None, **case["plan"]["echo"]}} if "echo" in case["plan"] else {}),
        }


def test_the_same_filter_goes_on_with_what_passed_it_and_from_the_gain_that_was() -> None:
    effects = MicrophoneEffects()
    effects.change(MicrophonePlan(taps=(0.0, 0.0, 1.0)), 0)
    assert apply(effects, 0, 2, [1, 0.5]) == [0, 0]
    effects.change(MicrophonePlan(gain=0.0, fade_frames=2, taps=(0.0, 0.0, 1.0)), 2)
    assert apply(effects, 2, 2, [1, 1, 0, 0]) == [1, 0.5, 1, 0.5]


def test_heard_pieces_follow_each_other_though_their_places_jitter() -> None:
    effects = MicrophoneEffects()
    effects.change(MicrophonePlan(echo=EchoPlan(1.0, 10)), 0)
    effects.hear(np.array([0.1, 0.2], np.float32), 0)
    effects.hear(np.array([0.3, 0.4], np.float32), 5)
    out = np.zeros(4, np.float32)
    effects.apply(out, 10)
    assert out.tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_where_nothing_was_heard_for_long_nothing_comes_back() -> None:
    effects = MicrophoneEffects()
    effects.change(MicrophonePlan(echo=EchoPlan(1.0, 10)), 0)
    effects.hear(np.ones(100, np.float32), 0)
    effects.hear(np.full(4, 0.5, np.float32), 5_000)
    out = np.zeros(5_000, np.float32)
    effects.apply(out, 20)
    assert np.count_nonzero(out) == 90 + 4, "of the first 100 the last 90, and the late ones"


@given(
    block=st.integers(20, 700),
    delay=st.integers(1, 3000),
    heard=st.lists(st.floats(-1, 1, width=16), min_size=1, max_size=60),
)
@settings(max_examples=60, deadline=None)
def test_an_echo_is_the_same_signal_later_whatever_the_blocks(
    block: int, delay: int, heard: list[float]
) -> None:
    effects = MicrophoneEffects()
    effects.change(MicrophonePlan(echo=EchoPlan(1.0, delay)), 0)
    whole = np.zeros(delay + len(heard) + 1, np.float32)
    whole[: len(heard)] = heard
    out: list[float] = []
    for at in range(0, len(whole), block):
        piece = np.zeros(len(whole[at : at + block]), np.float32)
        effects.hear(whole[at : at + block], at)
        effects.apply(piece, at)
        out += piece.tolist()
    assert out[delay:] == pytest.approx([*heard, 0.0])
    assert not any(out[:delay])
