"""Is each party on a channel of its own? What two channels hold beside voices, read in blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
        self._rest: npt.NDArray[np.float32] = np.zeros((0, 2), np.float32)
        self._powers: list[npt.NDArray[np.float32]] = []
        self._sums = np.zeros(2)
        self._squares = np.zeros(2)
        self._product = 0.0
        self._full = np.zeros(2, np.int64)
        self._frames = 0

    def process(self, block: npt.NDArray[np.float32]) -> None:
        """The next frames, float32, shape (frames, 2), at the rate given when this was made."""
        self._sums += np.sum(block, axis=0, dtype=np.float64)
        self._squares += np.sum(np.square(block, dtype=np.float64), axis=0)
        self._product += float(np.sum(block[:, 0].astype(np.float64) * block[:, 1]))
        self._full += np.sum(np.abs(block) >= FULL_SCALE, axis=0)
        self._frames += len(block)
        whole = np.concatenate([self._rest, block])
        count = len(whole) // self._size
        windows = whole[: count * self._size].reshape(count, self._size, 2)
        self._powers.append(np.var(windows, axis=1))
        self._rest = whole[count * self._size :]

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
        windows = round(LONGEST_LEAK_S / self._window_s)
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
        """The voices of each channel that are not the other's, leaked over."""
        powers = np.concatenate(self._powers) if self._powers else np.zeros((0, 2), np.float32)
        amplitudes = np.sqrt(powers)
        kept_left = [s for s in left if not self._has_leaked(s, amplitudes[:, 0], amplitudes[:, 1])]
        kept_right = [
            s for s in right if not self._has_leaked(s, amplitudes[:, 1], amplitudes[:, 0])
        ]
        removed = len(left) - len(kept_left) + len(right) - len(kept_right)
        return Crosstalk(tuple(kept_left), tuple(kept_right), removed)

    def _has_leaked(
        self, span: Span, own: npt.NDArray[np.float32], other: npt.NDArray[np.float32]
    ) -> bool:
        """Whether a voice is a weaker copy of what the other channel holds at, or just before."""
        first, end = round(span.start_s / self._window_s), round(span.end_s / self._window_s)
        here = own[first:end]
        if len(here) < 5 or np.std(here) == 0:
            return False
        for lag in range(min(first, round(LONGEST_LEAK_S / self._window_s)) + 1):
            there = other[first - lag : first - lag + len(here)]
            if len(there) < len(here) or np.std(there) == 0:
                continue
            weaker_db = 20 * np.log10(float(np.sqrt(np.mean(there**2) / np.mean(here**2))))
            if weaker_db >= LEAST_LEAK_DB and np.corrcoef(here, there)[0, 1] > SAME_LEVELS:
                return True
        return False


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
