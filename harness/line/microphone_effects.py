"""Effects of a microphone on its sound, in Python: see `harness.line.microphone_plan`.

``web/audio/microphone-effects.js`` is the same for a page; ``tests/line/microphone_effects.json``
holds cases that both are tested by.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32
from harness.line.microphone_plan import UNTOUCHED, DropoutPlan, MicrophonePlan, Taps
from harness.line.ramp import STEADY

RING_FRAMES = 1 << 17
"""What was heard is kept for so long, 2.7 s at 48 kHz: the longest delay and a filter."""

SAME_FRAMES = 480
"""A piece of heard sound that comes no farther from the end of the one before follows it."""

Floats = npt.NDArray[np.float64]


class MicrophoneEffects:
    """The changes on the way from what a microphone hears to what it sends; they may change."""

    def __init__(self) -> None:
        self._plan = UNTOUCHED
        self._gain = STEADY
        self._filter = _Filter(None)
        self._heard = np.zeros(RING_FRAMES)
        self._heard_until: int | None = None

    @property
    def echoes(self) -> bool:
        """It wants to know what is heard."""
        return self._plan.echo is not None

    @property
    def acts(self) -> bool:
        """There is something to do."""
        return self._plan is not UNTOUCHED

    def change(self, plan: MicrophonePlan, frame: int) -> None:
        """Another plan from ``frame`` on, the next one to be rendered."""
        self._gain = self._gain.onwards(plan.gain, plan.fade_frames, frame)
        if plan.taps != self._plan.taps:
            self._filter = _Filter(plan.taps)
        if plan.echo is None:
            self._heard_until = None
            self._heard[:] = 0.0
        self._plan = plan

    def hear(self, samples: MonoFloat32, frame: int) -> None:
        """What is heard, for an echo: float32 at 48 kHz, its first sample at this frame."""
        until = self._heard_until
        if until is not None and abs(frame - until) <= SAME_FRAMES:
            frame = until  # the clocks of both directions differ by a few frames now and then
        elif until is not None:
            self._forget(until, frame)
        self._heard[np.arange(frame, frame + len(samples)) % RING_FRAMES] = samples
        self._heard_until = frame + len(samples)

    def apply(self, mixed: MonoFloat32, first: int) -> None:
        """Change samples at 48 kHz whose first one is frame number ``first``, in place."""
        plan, sound = self._plan, mixed.astype(np.float64)
        if plan.echo is not None:
            past = self._past(first - plan.echo.delay_frames, len(mixed), plan.echo.taps)
            sound += plan.echo.gain * past
        sound *= self._gain.gains(first, len(mixed))
        if plan.limit is not None:
            np.clip(sound, -plan.limit, plan.limit, out=sound)
        sound = self._filter.filtered(sound)
        if plan.dropouts is not None:
            sound[_is_silent(plan.dropouts, first, len(mixed))] = 0.0
        mixed[:] = sound

    def _past(self, first: int, frames: int, taps: Taps | None) -> Floats:
        """What was heard from that frame on, through the echo's filter."""
        before = len(taps) - 1 if taps else 0
        numbers = np.arange(first - before, first + frames)
        until = self._heard_until or 0
        known = (numbers < until) & (numbers >= until - RING_FRAMES) & (numbers >= 0)
        heard = np.where(known, self._heard[numbers % RING_FRAMES], 0.0)
        return heard if taps is None else np.convolve(heard, taps, mode="valid")

    def _forget(self, until: int, frame: int) -> None:
        """Nothing was heard between these frames; or the numbers went back, and nothing holds."""
        if until < frame < until + RING_FRAMES:
            self._heard[np.arange(until, frame) % RING_FRAMES] = 0.0
        else:
            self._heard[:] = 0.0


class _Filter:
    """A filter that remembers what passed it; it begins with silence."""

    def __init__(self, taps: Taps | None) -> None:
        self._taps = None if taps is None else np.array(taps)
        self._before = np.zeros(0 if taps is None else len(taps) - 1)

    def filtered(self, sound: Floats) -> Floats:
        if self._taps is None:
            return sound
        whole = np.concatenate([self._before, sound])
        self._before = whole[len(sound) :]
        return np.convolve(whole, self._taps, mode="valid")


def _is_silent(plan: DropoutPlan, first: int, frames: int) -> npt.NDArray[np.bool_]:
    pieces = np.arange(first, first + frames) // plan.frames % plan.pieces
    return np.isin(pieces, plan.silent)
