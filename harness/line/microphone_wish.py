"""Wishes of what a user's microphone does to its sound, and the plan made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

import numpy as np
from pydantic import Field, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema

from harness.audio.band_filter import TELEPHONE_HZ, band_taps
from harness.audio.clip import CALL_RATE_HZ
from harness.errors import UsageError
from harness.line.microphone_plan import DropoutPlan, EchoPlan, MicrophonePlan, Taps
from harness.plain_data import Data, first_mistake

CLEAN = "clean"
DROPOUT_PIECES = 1000
"""After so many pieces the pattern of dropouts begins anew."""

MicrophoneLike: TypeAlias = "str | Mapping[str, Any] | MicrophoneWish"
"""What a user gives: "clean", "telephone", or what a scenario has under `microphone`."""

Decibels = Annotated[float, Field(ge=-80, le=40, allow_inf_nan=False)]
Hertz = Annotated[float, Field(ge=0, le=24_000, allow_inf_nan=False)]


class Dropouts(Data):
    """Pieces of silence, as of a bad radio link or a driver that cannot keep up."""

    share: Annotated[float, Field(gt=0, le=1)] = Field(
        description="how much of the time is silent: 0.05 is every twentieth piece"
    )
    length_ms: Annotated[float, Field(ge=1, le=5000)] = Field(
        default=60.0, description="of one piece"
    )
    seed: Annotated[int, Field(ge=0, lt=2**32)] = Field(
        default=0, description="of which pieces are silent"
    )

    def plan(self) -> DropoutPlan:
        """The same seed gives the same pieces."""
        silent = max(1, round(self.share * DROPOUT_PIECES))
        chosen = np.random.default_rng(self.seed).choice(DROPOUT_PIECES, silent, replace=False)
        frames = round(self.length_ms * CALL_RATE_HZ / 1000)
        return DropoutPlan(frames, DROPOUT_PIECES, tuple(sorted(map(int, chosen))))


class Echo(Data):
    """What the page plays comes back into the microphone, as from a loudspeaker beside it."""

    gain_db: Annotated[float, Field(ge=-80, le=20, allow_inf_nan=False)] = Field(
        default=-20.0, description="how loud, against what is played"
    )
    delay_ms: Annotated[float, Field(ge=50, le=2000)] = Field(
        default=100.0, description="how much later"
    )
    band_hz: tuple[Hertz, Hertz] | None = Field(
        default=None, description="the frequencies that a small loudspeaker leaves: [300, 8000]"
    )

    @model_validator(mode="after")
    def _is_a_band(self) -> Echo:
        if self.band_hz is not None and self.band_hz[0] + 100 > self.band_hz[1]:
            raise ValueError("`band_hz` is [low, high], at least 100 Hz apart")
        return self

    def plan(self) -> EchoPlan:
        """In frames and factors."""
        delay = round(self.delay_ms * CALL_RATE_HZ / 1000)
        return EchoPlan(_factor(self.gain_db), delay, self.band_hz and _taps(*self.band_hz))


class MicrophoneWish(Data):
    """What the microphone does to its sound from here on; what is not named it does not do."""

    gain_db: Decibels = Field(
        default=0.0, description="louder or quieter: speech, noise and echo together"
    )
    fade_ms: Annotated[float, Field(ge=0, le=60_000)] = Field(
        default=20.0, description="how long the gain takes to change"
    )
    clipping_dbfs: Annotated[float, Field(ge=-80, le=0)] | None = Field(
        default=None, description="what is louder than this is cut there; behind the gain"
    )
    telephone: bool = Field(
        default=False, description="true: 300 to 3400 Hz are left, as of a telephone's 8 kHz"
    )
    dropouts: Dropouts | None = Field(default=None, description="pieces of silence, by chance")
    echo: Echo | None = Field(
        default=None, description="what the page plays comes back into the microphone"
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A name alone is one, too."""
        whole = handler.resolve_ref_schema(handler(core))
        return {"anyOf": [{"enum": [CLEAN, "telephone"]}, whole]}

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        if value == CLEAN:
            return {}
        if value == "telephone":
            return {"telephone": True}
        if isinstance(value, str):
            raise ValueError(f"“{value}” is none of {CLEAN}, telephone, and {{gain_db: -12}}")
        return value

    @property
    def in_words(self) -> str:
        """For the trace and for people."""
        parts = [f"{self.gain_db:+g} dB"] if self.gain_db else []
        if self.clipping_dbfs is not None:
            parts.append(f"clipped at {self.clipping_dbfs:g} dBFS")
        if self.telephone:
            parts.append("a telephone's band")
        if self.dropouts is not None:
            share = 100 * self.dropouts.share
            parts.append(f"{share:g} % dropouts of {self.dropouts.length_ms:g} ms")
        if self.echo is not None:
            parts.append(f"echo {self.echo.gain_db:g} dB after {self.echo.delay_ms:g} ms")
        return ", ".join(parts) or CLEAN

    def plan(self) -> MicrophonePlan:
        """The numbers that a microphone acts by."""
        limit = None if self.clipping_dbfs is None else _factor(self.clipping_dbfs)
        return MicrophonePlan(
            gain=_factor(self.gain_db),
            fade_frames=round(self.fade_ms * CALL_RATE_HZ / 1000),
            limit=limit,
            taps=_taps(*TELEPHONE_HZ) if self.telephone else None,
            dropouts=self.dropouts.plan() if self.dropouts else None,
            echo=self.echo.plan() if self.echo else None,
        )


def read_microphone(microphone: MicrophoneLike) -> MicrophoneWish:
    """What a user gave.

    Raises:
        UsageError: it is none.
    """
    if isinstance(microphone, MicrophoneWish):
        return microphone
    try:
        return MicrophoneWish.model_validate(microphone)
    except ValidationError as error:
        said, found = first_mistake(error)
        raise UsageError(
            f"There is no such microphone: {said}.",
            expected=f"{', '.join(MicrophoneWish.model_fields)}; or “{CLEAN}”",
            found=found,
        ) from error


def _factor(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))


def _taps(low_hz: float, high_hz: float) -> Taps:
    return tuple(map(float, band_taps(low_hz, high_hz)))
