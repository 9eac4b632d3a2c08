"""Recordings of calls made of clips at known places, in any format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample
from harness.replay.listen import Ears

Placed = tuple[float, AudioClip]
"""When a clip begins, seconds from the recording's first sample, and the clip."""


def fixtures_at(rate_hz: int, *placed: tuple[float, str]) -> list[Placed]:
    """Shipped fixtures by name, at this rate."""
    clips = ((at_s, find_fixture(name).load().clip) for at_s, name in placed)
    return [
        (at_s, AudioClip(resample(clip.samples, clip.sample_rate_hz, rate_hz), rate_hz))
        for at_s, clip in clips
    ]


def channel(placed: Sequence[Placed], seconds: float, rate_hz: int) -> MonoFloat32:
    """One side of a call: float32, shape (frames,), with silence between."""
    samples = np.zeros(round(seconds * rate_hz), np.float32)
    for at_s, clip in placed:
        first = round(at_s * rate_hz)
        samples[first : first + clip.frames] += clip.samples[: len(samples) - first]
    return samples


def write_call(
    path: Path, sides: Sequence[MonoFloat32], rate_hz: int, subtype: str | None = None
) -> Path:
    """A recording with one channel or two; the format follows the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = sides[0] if len(sides) == 1 else np.stack(list(sides), axis=1)
    soundfile.write(str(path), np.clip(data, -1, 1), rate_hz, subtype=subtype)
    return path


class Scribe:
    """A recogniser that reads its words off a list, and counts how often it was asked."""

    name = "scribe 1"

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.heard: list[tuple[MonoFloat32, int]] = []

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        self.heard.append((samples, sample_rate_hz))
        return self._texts[(len(self.heard) - 1) % len(self._texts)]


def scribes(caller: Sequence[str], agent: Sequence[str] = ("Certainly.",)) -> Ears:
    """Ears that read off lists."""
    return Ears(Scribe(*caller), Scribe(*agent))
