"""Quality of speech against the clip that it was: PESQ and STOI, aligned by samples.

PESQ (ITU-T P.862.2, wide band, at 16 kHz) says how it sounds, 1.0 to 4.64; STOI (Taal et al., 2011)
how much of it can be understood, 0 to 1. Both need the packages of an extra.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.compare import Delay, aligned, find_delay, prominence
from harness.audio.resample import resample, resample_clip
from harness.errors import MissingExtra

EXTRA = "quality"
RATE_HZ = 16_000
LEAST_LIKENESS = 0.3
"""What looks less like the clip than this is something else, or nothing of it came."""

LEAST_PROMINENCE = 20.0
"""Standard deviations; see `prominence`. Of 552 pairs of half a second of one recording and another
recording, 37 were more alike than `LEAST_LIKENESS`, and none stood out by more than 14; the clip
itself stood out by 35 and more, after Opus, G.711, noise and lost frames."""

LEAST_S = 0.5
"""Of a shorter clip neither number means anything."""


@dataclass(frozen=True, slots=True)
class SpeechQuality:
    """What became of a clip on its way."""

    pesq: float | None
    """None where PESQ finds no utterance in it."""

    stoi: float
    delay_s: float
    """Where the clip lies in what was received, seconds from its first sample; exact to one."""

    likeness: float
    """Normalised correlation there, 0 to 1."""


def check_speech_quality() -> None:
    """See that both measures are installed.

    Raises:
        MissingExtra: one is not.
    """
    _pesq()
    _stoi()


def speech_quality(reference: AudioClip, received: AudioClip) -> SpeechQuality | None:
    """Find a clip in a recording and rate what came of it. Blocks: about a tenth of its length.

    Args:
        reference: the clip as it was, any rate.
        received: any rate; it may be longer, and quieter or louder.

    Returns:
        None where the clip is not in it, or is shorter than `LEAST_S`.

    Raises:
        MissingExtra: the packages are not installed.
    """
    check_speech_quality()
    clean = resample_clip(reference, RATE_HZ).samples
    came = resample_clip(received, RATE_HZ).samples
    if len(clean) < LEAST_S * RATE_HZ:
        return None
    delay = find_delay(clean, came, RATE_HZ)
    return quality_at(clean, came, delay) if is_in(clean, came, delay) else None


def is_in(clean: MonoFloat32, came: MonoFloat32, delay: Delay) -> bool:
    """Whether it is the clip that lies there, and no other sound that happens to look like it.

    Two conditions: it looks like the clip, and it does so in all of its band. The first alone is
    met by another voice of the same pitch; the second alone by a faint echo of the clip.

    Args:
        clean: the clip, at 16 kHz.
        came: what was received, at 16 kHz.
        delay: where `find_delay` saw the clip in it.
    """
    return (
        delay.likeness >= LEAST_LIKENESS
        and prominence(clean, came, RATE_HZ, delay.delay_s) >= LEAST_PROMINENCE
    )


def quality_at(clean: MonoFloat32, came: MonoFloat32, delay: Delay) -> SpeechQuality:
    """Rate what came of a clip where it lies.

    Args:
        clean: the clip, or its beginning, at 16 kHz; `LEAST_S` and more.
        came: what was received, at 16 kHz.
        delay: where the clip is in it.
    """
    part = aligned(clean, came, delay.delay_s, RATE_HZ)
    return SpeechQuality(
        _rated(clean, part), _understood(clean, part), delay.delay_s, delay.likeness
    )


def pesq_wide_band(reference: MonoFloat32, degraded: MonoFloat32, sample_rate_hz: int) -> float:
    """PESQ-WB of two signals that are aligned and of one rate, about 1.0 to 4.64.

    Raises:
        MissingExtra: PESQ is not installed.
    """
    pair = [resample(signal, sample_rate_hz, RATE_HZ) for signal in (reference, degraded)]
    return float(_pesq()(RATE_HZ, *pair, "wb"))


def _rated(clean: MonoFloat32, part: MonoFloat32) -> float | None:
    measure = _pesq()
    from pesq import PesqError

    try:
        return float(measure(RATE_HZ, clean, part, "wb"))
    except PesqError:
        return None


def _understood(clean: MonoFloat32, part: MonoFloat32) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of clips with little speech in them
        return float(np.clip(_stoi()(clean, part, RATE_HZ), 0.0, 1.0))


def _pesq() -> Callable[..., float]:
    try:
        from pesq import pesq
    except ImportError as error:
        raise MissingExtra(EXTRA, "Measuring speech quality") from error
    measure: Callable[..., float] = pesq
    return measure


def _stoi() -> Callable[..., float]:
    try:
        from pystoi import stoi
    except ImportError as error:
        raise MissingExtra(EXTRA, "Measuring speech quality") from error
    measure: Callable[..., float] = stoi
    return measure
