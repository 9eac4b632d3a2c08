"""Facts of the virtual microphone: what is mixed in, and when the user cuts in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from harness.facts.fact import HarnessFact


@dataclass(frozen=True, slots=True)
class NoiseMixedIn(HarnessFact):
    """From here on this noise is in what the microphone sends."""

    type: ClassVar[Literal["microphone.noise"]] = "microphone.noise"

    noise: str
    """Its kind, or the name of its file; "" for none."""

    snr_db: float | None
    """How far it is below the speech; null: there is none."""

    speech_dbfs: float | None
    """The level of the speech over its voiced samples that this is about."""

    noise_dbfs: float | None
    """Its own level: RMS over one period, not weighted."""

    seed: int
    """Of what was left to chance."""

    fade_s: float
    """How long it takes to come, and the one before to go, seconds."""

    since_s: float | None
    """When it begins, seconds, exact to the sample; null: with the next microphone that opens."""


@dataclass(frozen=True, slots=True)
class MicrophoneChanged(HarnessFact):
    """From here on the microphone does this to its sound, and nothing else."""

    type: ClassVar[Literal["microphone.changed"]] = "microphone.changed"

    does: str
    """What it does, in words; "clean" for nothing."""

    conditions: dict[str, Any]
    """The same as a scenario writes it under ``microphone``."""

    since_s: float | None
    """When it begins, seconds, exact to the sample; null: with the next microphone that opens."""


@dataclass(frozen=True, slots=True)
class SpeakingStopped(HarnessFact):
    """The user says no more of what they were saying, and nothing of what was to come."""

    type: ClassVar[Literal["microphone.stop"]] = "microphone.stop"

    since_s: float
    """When it becomes quieter, seconds, exact to the sample."""

    end_s: float
    """When all of it is silent, seconds."""


@dataclass(frozen=True, slots=True)
class CutInDecided(HarnessFact):
    """The audio thread let the user cut into an answer."""

    type: ClassVar[Literal["microphone.cut_in"]] = "microphone.cut_in"

    asked_s: float
    """How long after the onset was asked for, seconds."""

    onset_s: float
    """The answer's first audible sample that this was decided by, seconds."""

    onset_frame: int
    """Its number on the page's audio clock (48 kHz)."""

    cut_in_s: float
    """The user's first voiced sample, seconds."""

    cut_in_frame: int
    """Its number on the page's audio clock."""

    by_sound: bool
    """Whether the audio thread heard the onset; else the speech detector told it."""
