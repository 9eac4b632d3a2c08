"""Is each party on a channel of its own? What two channels hold beside voices, read in blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from harness.audio.channels import SIDES, Side
from harness.score.conversation import Conversation, conversation_of
from harness.speech.spans import Span

WINDOW_S = 0.02
"""Levels are kept of so long a window: a megabyte an hour and channel."""

SAME_SOUND = 0.9
"""Two channels that are this alike, sample by sample or level by level, are one."""

SAME_LEVELS = 0.8
"""Levels over time that are this alike are of one voice."""

LEAST_LEAK_DB = 6.0
"""What leaks over is at least so much weaker than in its own channel."""

LONGEST_LEAK_S = 0.3
OWN_OVER_LEAK, OWN_SHARE, OWN_RUN = 2.0, 0.1, 3
"""A voice's own windows are so much louder than what may leak over there, no quieter than this
share of its loudest one, and so many follow each other."""

LEAK_SHARE = 0.5
"""What is before or behind a voice has leaked over where so much of it may have."""

TRIMMED_S = 0.15
"""Uncertainty of an edge that what leaked over covers: a voice begins and ends softly."""

LEAST_LENGTH_S = 3.0
"""A shorter recording may rise and fall as one by chance."""

FULL_SCALE = 0.999
CLIPPED_SHARE = 0.001
"""From here on clipping is worth a word: the loudest words are flat."""

SILENT_POWER = 1e-9
"""-90 dBFS: nothing but the last bits."""

ROUNDING = 1e-9
"""Of a sum of squares; what is left of one below this is none of the sound's."""

LEAST_TURNS = 5
STEADY_S, UNSTEADY_S = 0.15, 0.5
"""Middle half of the pauses before one's turns: a machine's lie within the first, a person's
rarely within the second."""


Levels: TypeAlias = npt.NDArray[np.float32]
"""Of one channel, one entry for each `WINDOW_S`, shape (windows,), whatever the rate in Hz."""


@dataclass(frozen=True, slots=True)
class Crosstalk:
    """Voices of one channel that are the other's, leaked over."""

    left: tuple[Span, ...]
    right: tuple[Span, ...]
    """What is left of each channel without them."""

    removed: int


class ChannelChecks:
    """Takes both channels block by block; keeps their levels and a few sums.

    What is compared is how they move: a constant offset, as of cheap converters, is no sound, and
    would be the same one in both.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._size = max(1, round(WINDOW_S * sample_rate_hz))
        self._window_s = self._size / sample_rate_hz
        self._rest: npt.NDArray[np.float32] = np.zeros((2, 0), np.float32)
        self._powers: list[npt.NDArray[np.float32]] = []
        self._sums = np.zeros(2)
        self._squares = np.zeros(2)
        self._product = 0.0
        self._full = np.zeros(2, np.int64)
        self._frames = 0

    def process(self, block: npt.NDArray[np.float32]) -> None:
        """The next frames, float32, shape (frames, 2), at the rate given when this was made."""
        sides = np.ascontiguousarray(block.T)  # each in one piece: sums of columns are slow
        exact = sides.astype(np.float64)
        self._sums += exact.sum(axis=1)
        products = exact @ exact.T
        self._squares += products.diagonal()
        self._product += float(products[0, 1])
        self._full += np.count_nonzero(np.abs(sides) >= FULL_SCALE, axis=1)
        self._frames += len(block)
        whole = np.concatenate([self._rest, sides], axis=1)
        count = whole.shape[1] // self._size
        windows = whole[:, : count * self._size].reshape(2, count, self._size)
        self._powers.append(np.var(windows, axis=2).T)
        self._rest = whole[:, count * self._size :]

    def silent(self) -> list[Side]:
        """The channels without any sound."""
        powers = self._moved() / max(self._frames, 1)
        return [side for side, power in zip(SIDES, powers, strict=True) if power < SILENT_POWER]

    def are_one(self) -> bool:
        """Both channels hold the same sound: nobody can tell who speaks.

        At whatever level; later in one than in the other, or in another band, too.
        """
        both = float(np.sqrt(np.prod(self._moved())))
        alike = self._product - float(np.prod(self._sums)) / max(self._frames, 1)
        return both > 0 and (abs(alike) / both > SAME_SOUND or self._rise_and_fall_as_one())

    def _rise_and_fall_as_one(self) -> bool:
        """Their levels over all of the call are alike, as those of two people never are."""
        left, right = np.sqrt(np.concatenate([*self._powers, np.zeros((0, 2), np.float32)])).T
        windows = self._longest_lag
        if len(left) < LEAST_LENGTH_S / self._window_s:
            return False
        for lag in range(-windows, windows + 1):
            one = left[max(0, lag) : len(left) + min(0, lag)]
            other = right[max(0, -lag) : len(right) - max(0, lag)]
            if min(np.std(one), np.std(other)) > 0 and np.corrcoef(one, other)[0, 1] > SAME_SOUND:
                return True
        return False

    def _moved(self) -> npt.NDArray[np.float64]:
        """Squares of each channel, summed up, without its offset."""
        moved = self._squares - np.square(self._sums) / max(self._frames, 1)
        is_more: npt.NDArray[np.bool_] = moved > ROUNDING * self._squares
        return np.where(is_more, moved, 0.0)

    def clipped(self) -> list[str]:
        """What is clipped, in words."""
        shares = self._full / max(self._frames, 1)
        return [
            f"The {side} channel is clipped: {share:.1%} of its samples are at full scale."
            for side, share in zip(SIDES, shares, strict=True)
            if share > CLIPPED_SHARE
        ]

    def without_crosstalk(self, left: Sequence[Span], right: Sequence[Span]) -> Crosstalk:
        """The voices of each channel that are not the other's, leaked over.

        Where a voice and what leaked over are one stretch, it begins (ends) with the voice.
        """
        powers = np.concatenate(self._powers) if self._powers else np.zeros((0, 2), np.float32)
        amplitudes = np.sqrt(powers)
        one, other = amplitudes.T
        kept_left, leaks_left = self._kept(left, one, other)
        kept_right, leaks_right = self._kept(right, other, one)
        return Crosstalk(
            tuple(self._trimmed(kept_left, leaks_left, one, self._said(kept_right, other))),
            tuple(self._trimmed(kept_right, leaks_right, other, self._said(kept_left, one))),
            len(leaks_left) + len(leaks_right),
        )

    def _kept(
        self, spans: Sequence[Span], own: Levels, other: Levels
    ) -> tuple[list[Span], list[float]]:
        """One channel's own voices, and how loud the others' were in it."""
        leaks = [self._leak(span, own, other) for span in spans]
        kept = [span for span, leak in zip(spans, leaks, strict=True) if leak is None]
        return kept, [leak for leak in leaks if leak is not None]

    def _said(self, voices: Sequence[Span], own: Levels) -> Levels:
        """A channel's levels where its own party speaks, and nothing elsewhere."""
        said = np.zeros(len(own), np.float32)
        for first, end in map(self._windows, voices):
            said[first:end] = own[first:end]
        return said

    def _trimmed(
        self, spans: Sequence[Span], leaks: Sequence[float], own: Levels, other: Levels
    ) -> Sequence[Span]:
        """Voices without what leaked over before and after each, in the same stretch."""
        return [self._own(span, own, other * max(leaks)) for span in spans] if leaks else spans

    def _leak(self, span: Span, own: Levels, other: Levels) -> float | None:
        """How loud a voice is for what it is a copy of, in the other channel at, or just before.

        None: it is no copy.
        """
        first, end = self._windows(span)
        here = own[first:end]
        if len(here) < 5 or np.std(here) == 0:
            return None
        for lag in range(min(first, self._longest_lag) + 1):
            there = other[first - lag : first - lag + len(here)]
            if len(there) < len(here) or np.std(there) == 0:
                continue
            ratio = float(np.sqrt(np.mean(here**2) / np.mean(there**2)))
            is_weaker = -20 * np.log10(ratio) >= LEAST_LEAK_DB
            if is_weaker and np.corrcoef(here, there)[0, 1] > SAME_LEVELS:
                return ratio
        return None

    def _own(self, span: Span, own: Levels, leaked: Levels) -> Span:
        first, end = self._windows(span)
        here = own[first:end]
        before = np.concatenate([np.zeros(self._longest_lag, np.float32), leaked])
        around = np.lib.stride_tricks.sliding_window_view(before, self._longest_lag + 1)
        from_other = around[first:end].max(axis=1)
        loud = float(here.max(initial=0.0)) * OWN_SHARE
        is_leak = here <= OWN_OVER_LEAK * from_other
        is_own = ~is_leak & (here > loud)
        runs = np.lib.stride_tricks.sliding_window_view(np.pad(is_own, (0, OWN_RUN - 1)), OWN_RUN)
        begins = np.flatnonzero(runs.all(axis=1))
        if not len(begins):
            return span
        start, last = int(begins[0]), int(begins[-1]) + OWN_RUN
        if start >= OWN_RUN and is_leak[:start].mean() > LEAK_SHARE:
            start_s = (first + start) * self._window_s
            span = replace(span, start_s=start_s, start_uncertainty_s=TRIMMED_S)
        if len(here) - last >= OWN_RUN and is_leak[last:].mean() > LEAK_SHARE:
            end_s = (first + last) * self._window_s
            span = replace(span, end_s=end_s, end_uncertainty_s=TRIMMED_S)
        return span

    def _windows(self, span: Span) -> tuple[int, int]:
        """The first window of a span, and the one behind its last."""
        return round(span.start_s / self._window_s), round(span.end_s / self._window_s)

    @property
    def _longest_lag(self) -> int:
        return round(LONGEST_LEAK_S / self._window_s)


def swapped(user: Sequence[Span], agent: Sequence[Span], sides: tuple[Side, Side]) -> str | None:
    """Why the channels look swapped, in words; None: nothing says so.

    Only what is evident: the one who is called the user waits the same moment before each turn, as
    machines do, and the one who is called the agent does not.

    Args:
        user, agent: their voices, in order of time.
        sides: their channels.
    """
    as_said, turned = conversation_of(user, agent), conversation_of(agent, user)
    agents, users = _pauses_s(as_said), _pauses_s(turned)
    if len(agents) < LEAST_TURNS or len(users) < LEAST_TURNS:
        return None
    if _middle_half_s(users) > STEADY_S or _middle_half_s(agents) < UNSTEADY_S:
        return None
    return (
        f"The channels may be swapped: the {sides[0]} one answers after {np.median(users):.2f} s, "
        f"nearly always the same, as an agent does; the {sides[1]} one as a person does. If so, "
        f"score it with --user {sides[1]}."
    )


def _pauses_s(conversation: Conversation) -> list[float]:
    found = [turn.voice_to_voice_s for turn in conversation.turns]
    return [pause_s for pause_s in found if pause_s is not None and pause_s > 0]


def _middle_half_s(pauses_s: Sequence[float]) -> float:
    low, high = np.percentile(pauses_s, [25, 75])
    return float(high - low)
