"""Channels of a recording, and the one of them that is spoken: which, and why."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32
from harness.audio.level import window_levels_dbfs

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

Channels = npt.NDArray[np.float32]
"""Several channels: float32, shape (frames, channels), full scale ±1.0, of any one rate."""

SILENT_BELOW_DB = 40.0
"""A channel so much quieter than the loudest one holds nothing but its noise."""

CANCEL_BELOW_DB = 6.0
"""Channels whose mean is so much quieter than they are cancel out; unrelated ones lose 3 dB."""

WINDOW_S = 0.05
LEAST_DYNAMICS_DB = 12.0
"""Between the loudest and quietest 10 % of a channel; speech has more, hum and noise less."""

LEAST_LIKENESS = 0.6
"""Correlation of two channels' levels over time; microphones at one talk have 0.9 and more."""


def to_mono(data: Channels, side: Side | None = None) -> tuple[MonoFloat32, str | None]:
    """One channel from several, and what was done, for people; None: there was only one.

    Silent channels are left out, the others are averaged. The rate stays.

    Args:
        data: shape (frames, channels), 1 to 8 channels, any rate.
        side: take this channel; a recording with one channel has no sides.
    """
    count = data.shape[1]
    if count == 1:
        return data[:, 0], None
    if side is not None:
        return data[:, SIDES.index(side)], f"the {side} one of {count} channels"
    live = live_channels(data)
    if len(live) == 1:
        name = channel_name(live[0], count)
        return data[:, live[0]], f"the {name} one of {count} channels, the only one with sound"
    mean: MonoFloat32 = data[:, live].mean(axis=1, dtype=np.float32)
    return mean, f"{len(live)} channels averaged to mono"


def cancel_out(data: Channels) -> bool:
    """The channels' mean is all but silent though they are not: one plug has swapped poles.

    Args:
        data: shape (frames, channels), any rate.
    """
    live = data[:, live_channels(data)]
    power = float(np.mean(np.square(live)))
    mean_power = float(np.mean(np.square(live.mean(axis=1))))
    return power > 0 and mean_power < power * 10 ** (-CANCEL_BELOW_DB / 10)


def hold_two_parties(data: Channels, sample_rate_hz: int) -> bool:
    """Two channels with sound hold different talks, as a recorded call does (user, agent).

    Judged by the levels over time: whoever speaks, all microphones of one room hear it.

    Args:
        data: shape (frames, channels).
        sample_rate_hz: rate of the samples.
    """
    levels = [
        window_levels_dbfs(np.ascontiguousarray(data[:, index]), sample_rate_hz, WINDOW_S)
        for index in live_channels(data)
    ]
    talks = [one for one in levels if _is_lively(one)]
    return any(
        _likeness(one, other) < LEAST_LIKENESS
        for index, one in enumerate(talks)
        for other in talks[index + 1 :]
    )


def live_channels(data: Channels) -> list[int]:
    """Numbers of the channels that hold more than noise, at any rate; all where all are silent."""
    powers = np.mean(np.square(data, dtype=np.float64), axis=0)
    loud = powers > np.max(powers) * 10 ** (-SILENT_BELOW_DB / 10)
    return [int(index) for index in np.flatnonzero(loud)] or list(range(data.shape[1]))


def channel_name(index: int, count: int) -> str:
    """As people call it: left and right, or a number from 1."""
    return SIDES[index] if count == 2 else f"{index + 1}."


def _is_lively(levels_dbfs: npt.NDArray[np.float64]) -> bool:
    if len(levels_dbfs) < 4:
        return False
    quiet, loud = np.percentile(np.maximum(levels_dbfs, -100.0), [10, 90])
    return bool(loud - quiet >= LEAST_DYNAMICS_DB)


def _likeness(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """Correlation of two channels' amplitudes over time."""
    amplitudes = [np.power(10.0, levels / 20) for levels in (one, other)]
    return float(np.corrcoef(amplitudes[0], amplitudes[1])[0, 1])
