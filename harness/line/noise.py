"""A noise behind what the user says, as it is written down, and its level.

The signal-to-noise ratio is the level of the speech over its voiced samples against that of the
noise over one whole period, both as RMS over all frequencies, without a weighting (dB, not dBA).
Voiced samples of speech are those of its 20 ms windows, between its first and its last voiced
sample, that are at most 25 dB below the loudest window. Where several things are said the level is
that of all their voiced samples together, so that the room stays as loud as it is whoever speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import numpy as np
from pydantic import Field, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema

from harness.audio.backgrounds import KINDS, background, without_seam
from harness.audio.clip import AudioClip
from harness.audio.level import FLOOR_DBFS, rms_dbfs, window_levels_dbfs
from harness.audio.wav import load_clip
from harness.errors import FixtureError, UsageError
from harness.plain_data import Data, first_mistake

OFF = "off"
NOMINAL_SPEECH_DBFS = -26.0
"""Where nothing is said: the level that telephone networks are planned for."""

WINDOW_S = 0.02
VOICED_WITHIN_DB = 25.0

Noise: TypeAlias = "str | Mapping[str, Any] | NoiseWish"
"""What a user gives: a kind, "off", or what a scenario has under `noise`."""


class NoiseWish(Data):
    """What sounds behind the user's voice from here on."""

    kind: str | None = Field(default=None, description=f"one of {', '.join(KINDS)}, or off")
    file: str | None = Field(
        default=None, description="a recording in its place, repeated; relative to the scenario"
    )
    snr_db: Annotated[float, Field(ge=-40, le=80, allow_inf_nan=False)] = Field(
        default=15.0, description="level of the speech, over its voiced samples, above the noise"
    )
    seed: Annotated[int, Field(ge=0, lt=2**32)] = Field(
        default=0, description="of what is left to chance"
    )
    fade_ms: Annotated[float, Field(ge=0, le=60_000)] = Field(
        default=20.0, description="how long it takes to come, and the one before to go"
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A kind alone is one, too."""
        whole = handler.resolve_ref_schema(handler(core))
        return {"anyOf": [{"enum": [*KINDS, OFF]}, whole]}

    @model_validator(mode="before")
    @classmethod
    def _kind_alone(cls, value: Any) -> Any:
        return {"kind": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> NoiseWish:
        if self.kind is not None and self.file is not None:
            raise ValueError("takes only one of `kind` and `file`, and both are given")
        if self.kind is None and self.file is None:
            raise ValueError(f"needs one of `kind` ({', '.join(KINDS)}, off) and `file`")
        if self.kind is not None and self.kind not in (*KINDS, OFF):
            raise ValueError(f"there is no noise “{self.kind}”: {', '.join(KINDS)}, off")
        return self

    @property
    def name(self) -> str:
        """For the trace and for people; "" for no noise."""
        return "" if self.kind == OFF else self.kind or Path(str(self.file)).name


@dataclass(frozen=True, slots=True, eq=False)
class MadeNoise:
    """A noise, ready for a microphone."""

    wish: NoiseWish
    period: AudioClip | None
    """None for no noise."""


def read_noise(noise: Noise) -> NoiseWish:
    """What a user gave.

    Raises:
        UsageError: it is none.
    """
    if isinstance(noise, NoiseWish):
        return noise
    try:
        return NoiseWish.model_validate(noise)
    except ValidationError as error:
        said, found = first_mistake(error)
        raise UsageError(
            f"This noise cannot be had: {said}.",
            expected=f"a kind ({', '.join(KINDS)}), off, or {{kind: cafe, snr_db: 10}}",
            found=found,
        ) from error


def make_noise(wish: NoiseWish, folder: Path | None = None) -> MadeNoise:
    """Make or load one period of it. Blocks: some 0.2 s.

    Args:
        folder: what a file's path is relative to; the working folder where absent.

    Raises:
        FixtureError: there is no such file, or it is no audio, or silent.
    """
    if wish.kind is not None:
        return MadeNoise(wish, None if wish.kind == OFF else background(wish.kind, wish.seed))
    path = (folder or Path()) / str(wish.file)
    if not path.is_file():
        raise FixtureError(
            f"There is no noise file “{wish.file}”.",
            expected="a path, absolute or relative to the scenario",
            found=f"nothing at {path}",
            hint=f"or name a kind: {', '.join(KINDS)}",
        )
    period = without_seam(load_clip(path).clip)
    if rms_dbfs(period.samples) <= FLOOR_DBFS:
        raise FixtureError(
            f"The noise file “{wish.file}” is silent.",
            expected="a recording of a noise",
            found=f"{period.duration_s:.1f} s without a sound",
        )
    return MadeNoise(wish, period)


def voiced_samples(clip: AudioClip, start_s: float, end_s: float, gain: float = 1.0) -> AudioClip:
    """What of a clip counts as speech for a signal-to-noise ratio; see the module's text.

    Args:
        start_s: its first voiced sample, seconds into the clip.
        end_s: its last one.
        gain: it is played with.
    """
    samples = clip.between(start_s, end_s).samples
    levels = window_levels_dbfs(samples, clip.sample_rate_hz, WINDOW_S)
    if len(levels) == 0:
        return AudioClip(samples * np.float32(gain), clip.sample_rate_hz)
    size = max(1, round(WINDOW_S * clip.sample_rate_hz))
    windows = samples[: len(levels) * size].reshape(len(levels), size)
    voiced = windows[levels >= np.max(levels) - VOICED_WITHIN_DB]
    return AudioClip((voiced * np.float32(gain)).reshape(-1), clip.sample_rate_hz)


def speech_dbfs(voiced: Sequence[AudioClip]) -> float:
    """The level of all these voiced samples together; -26 where there are none, or silent ones."""
    power = [float(np.mean(one.samples.astype(np.float64) ** 2)) for one in voiced if one.frames]
    weights = [one.duration_s for one in voiced if one.frames]
    if not power or not any(power):
        return NOMINAL_SPEECH_DBFS
    return float(10 * np.log10(np.average(power, weights=weights)))


def noise_gain(made: MadeNoise, speech_level_dbfs: float) -> float:
    """The factor that puts a noise this far below speech; 0 for no noise."""
    if made.period is None:
        return 0.0
    level_dbfs = rms_dbfs(made.period.samples)
    return float(10 ** ((speech_level_dbfs - made.wish.snr_db - level_dbfs) / 20))
