"""A noise without an end: by frame, with fades."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.line.noise_layers import NoiseLayers


def rendered(layers: NoiseLayers, first: int, frames: int) -> list[float]:
    mixed = np.zeros(frames, np.float32)
    layers.add_to(mixed, first)
    return [round(float(sample), 6) for sample in mixed]


def test_the_frame_says_which_sample_of_the_period_it_is() -> None:
    layers = NoiseLayers()
    layers.change(np.array([0.1, 0.2, 0.3], np.float32), 2.0, 0, frame=4)
    assert rendered(layers, 4, 5) == [0.4, 0.6, 0.2, 0.4, 0.6]


def test_one_fades_into_the_next_and_is_gone_then() -> None:
    layers = NoiseLayers()
    layers.change(np.array([1.0], np.float32), 0.4, 0, frame=0)
    layers.change(np.array([-1.0], np.float32), 0.4, 4, frame=0)
    assert rendered(layers, 0, 6) == [0.4, 0.2, 0.0, -0.2, -0.4, -0.4]
    layers.change(None, 0.0, 2, frame=6)
    assert rendered(layers, 6, 3) == [-0.4, -0.2, 0.0]
    assert not layers.sounds


def test_a_change_in_the_middle_of_a_fade_begins_where_that_was() -> None:
    layers = NoiseLayers()
    layers.change(np.array([1.0], np.float32), 0.8, 4, frame=0)
    assert rendered(layers, 0, 2) == [0.0, 0.2]
    layers.change(None, 0.0, 2, frame=2)
    assert rendered(layers, 2, 3) == [0.4, 0.2, 0.0]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_the_blocks_that_it_is_rendered_in_make_no_difference(blocks: list[int]) -> None:
    period = np.random.default_rng(1).normal(0, 0.1, 17).astype(np.float32)
    whole, pieces = NoiseLayers(), NoiseLayers()
    for layers in (whole, pieces):
        layers.change(period, 1.0, 13, frame=5)
    at_once = rendered(whole, 5, sum(blocks))
    first, joined = 5, list[float]()
    for frames in blocks:
        joined += rendered(pieces, first, frames)
        first += frames
    assert joined == at_once
