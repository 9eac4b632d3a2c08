"""Turn detection: from speech probabilities to "the user started" and "the user stopped".

Knows no clock and no detector: time is the position in the session's input audio.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.realtime.session_parts import (
    VAD_PREFIX_PADDING_MS,
    VAD_SILENCE_DURATION_MS,
    VAD_THRESHOLD,
)

START_WINDOWS = 2
"""Windows in a row above the threshold before speech counts as started: one click does not."""

HYSTERESIS = 0.15
"""Speech goes on until the probability is this much below the threshold (Silero's own rule)."""

MIN_SILENT_PROBABILITY = 0.01
"""However low the threshold, a window below this is silence, or a turn would never end."""

SEMANTIC_THRESHOLD = 0.5
SEMANTIC_MAX_SILENCE_MS = {"low": 8_000, "medium": 4_000, "auto": 4_000, "high": 2_000}
"""After this much silence a turn is over whatever the words say."""

SEMANTIC_LOOK_AFTER_MS = {"low": 600, "medium": 350, "auto": 350, "high": 200}
"""After this much silence it is worth looking whether the words sound finished."""


SEMANTIC_FINISHED_FROM = {"low": 0.7, "medium": 0.5, "auto": 0.5, "high": 0.3}
"""A turn is over where a turn-completion engine's probability for that is at least this."""


LOOK_AHEAD_SHARE = 0.4
"""After this share of the silence that ends a turn, what was said can be recognised already."""

LOOK_AHEAD_FROM_MS = 150
"""Shorter silences are between any two words."""


@dataclass(frozen=True, slots=True)
class TurnKnobs:
    """How turns are detected."""

    threshold: float = VAD_THRESHOLD
    """Probability that counts as speech, 0 to 1."""

    prefix_padding_ms: int = VAD_PREFIX_PADDING_MS
    """Audio before the onset that belongs to the turn."""

    silence_duration_ms: int = VAD_SILENCE_DURATION_MS
    """Silence that ends the turn."""

    look_after_ms: int | None = None
    """Silence after which the words are looked at; None: never."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The user began to speak."""

    audio_start_ms: int
    """Where the turn's audio starts, prefix padding included."""


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The user's turn is over."""

    audio_end_ms: int
    """Where the turn's audio ends, the silence that ended it included."""

    over_ms: float = field(default=0.0, compare=False)
    """The same, between the windows: where it would end whatever the place of the windows. On
    average it is where the last window ends."""


@dataclass(frozen=True, slots=True)
class PauseNoticed:
    """Silence long enough to look at the words: are they finished, or soon needed?"""

    audio_end_ms: int
    """Where the audio to look at ends."""


TurnEvent = SpeechStarted | SpeechStopped | PauseNoticed


def knobs_from(turn_detection: dict[str, object]) -> TurnKnobs:
    """The parameters in an effective ``turn_detection`` object of the session."""
    if turn_detection["type"] == "semantic_vad":
        eagerness = str(turn_detection["eagerness"])
        return TurnKnobs(
            threshold=SEMANTIC_THRESHOLD,
            silence_duration_ms=SEMANTIC_MAX_SILENCE_MS[eagerness],
            look_after_ms=SEMANTIC_LOOK_AFTER_MS[eagerness],
        )
    silence_ms = int(str(turn_detection["silence_duration_ms"]))
    ahead_ms = round(LOOK_AHEAD_SHARE * silence_ms)
    return TurnKnobs(
        threshold=float(str(turn_detection["threshold"])),
        prefix_padding_ms=int(str(turn_detection["prefix_padding_ms"])),
        silence_duration_ms=silence_ms,
        look_after_ms=ahead_ms if ahead_ms >= LOOK_AHEAD_FROM_MS else None,
    )


class TurnDetector:
    """Decide where the user's turns start and stop.

    Feed one probability a window, in order. Knobs may be changed at any time.
    """

    def __init__(self, parameters: TurnKnobs) -> None:
        self.parameters = parameters
        self.is_speaking = False
        self._onset_ms: float | None = None
        self._windows_above = 0
        self._silence_since_ms: float | None = None
        self._silence_shift_ms = 0.0
        self._before = 0.0
        """The probability of the window before."""
        self._has_looked = False

    @property
    def is_in_silence(self) -> bool:
        """Whether the turn goes on, and the user is silent at the moment."""
        return self.is_speaking and self._silence_since_ms is not None

    def on_probability(
        self, probability: float, start_ms: float, end_ms: float
    ) -> TurnEvent | None:
        """One window of input audio, from start_ms to end_ms of the session's input."""
        if self.is_speaking:
            event = self._while_speaking(probability, start_ms, end_ms)
        else:
            event = self._while_silent(probability, start_ms)
        self._before = probability
        return event

    def reset(self) -> None:
        """Forget the turn in progress."""
        self.is_speaking = False
        self._onset_ms, self._windows_above, self._silence_since_ms = None, 0, None
        self._has_looked = False

    def _while_silent(self, probability: float, start_ms: float) -> TurnEvent | None:
        if probability < self.parameters.threshold:
            self._onset_ms, self._windows_above = None, 0
            return None
        if self._onset_ms is None:
            self._onset_ms = start_ms
        self._windows_above += 1
        if self._windows_above < START_WINDOWS:
            return None
        onset_ms = self._onset_ms
        self.reset()
        self.is_speaking = True
        return SpeechStarted(max(0, round(onset_ms - self.parameters.prefix_padding_ms)))

    def _while_speaking(
        self, probability: float, start_ms: float, end_ms: float
    ) -> TurnEvent | None:
        threshold = self.parameters.threshold
        if probability >= threshold:
            self._silence_since_ms, self._has_looked = None, False
            return None
        if self._silence_since_ms is None:
            silent_below = max(threshold - HYSTERESIS, MIN_SILENT_PROBABILITY)
            if probability >= silent_below:
                return None
            self._silence_since_ms = start_ms
            # From the middle of the window before to that of this one, where it went below.
            before = max(self._before, silent_below)  # knobs may have changed since
            share = (before - silent_below) / (before - probability)
            self._silence_shift_ms = (end_ms - start_ms) * (share - 0.5)
        silence_ms = end_ms - self._silence_since_ms
        if silence_ms >= self.parameters.silence_duration_ms:
            self.reset()
            return SpeechStopped(round(end_ms), end_ms + self._silence_shift_ms)
        look_after_ms = self.parameters.look_after_ms
        if look_after_ms is not None and silence_ms >= look_after_ms and not self._has_looked:
            self._has_looked = True
            return PauseNoticed(round(end_ms))
        return None
