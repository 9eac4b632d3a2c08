"""The voice model's ears: the user's audio, cut into turns, and the words of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.live.fragments import Fragments
from harness.live.state import LiveState
from harness.realtime.server.detection import Detection
from harness.realtime.server.input_audio import INPUT_RATE_HZ, InputAudio
from harness.realtime.server.outputs import Recognise
from harness.realtime.turn_detection import PauseNoticed, SpeechStarted, SpeechStopped, TurnKnobs
from harness.speech.interface import SpeechDetector

PREFIX_MS = 300
SILENCE_MS = 500
LOOK_AFTER_MS = 200
KNOBS = TurnKnobs(
    prefix_padding_ms=PREFIX_MS, silence_duration_ms=SILENCE_MS, look_after_ms=LOOK_AFTER_MS
)
SUSTAINED_MS = 300
"""Speech of this length takes the floor; a shorter sound ("mm-hm") interrupts nobody."""

LATE_MS = 250
"""Audio that lags this much behind the clock has a gap: its place on the timeline moves on."""

KEPT_MS = 2_000
"""Of audio in which nobody speaks."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """One turn of the user, as it was understood."""

    text: str
    samples: MonoFloat32
    """24 kHz."""

    is_aside: bool
    """Too short to take the floor from somebody who spoke."""


@dataclass(slots=True)
class _Turn:
    start_ms: int
    """On the timeline, first and last voiced moment; as good as the detector's windows."""

    end_ms: int
    samples: MonoFloat32
    is_aside: bool
    job_id: str
    text: str | None
    is_ahead: bool
    """The job began before the turn was over, and may have been given up."""


@dataclass(slots=True)
class _Ahead:
    """Words that are recognised before the turn is over."""

    job_id: str
    text: str | None = None


@dataclass(slots=True)
class Ears:
    """Turns of one session. Samples are float32, mono, at 24 kHz."""

    state: LiveState
    detector: SpeechDetector
    _audio: InputAudio = field(init=False, default_factory=InputAudio)
    _detection: Detection = field(init=False)
    _transcript: Fragments = field(init=False)
    _turns: deque[_Turn] = field(init=False, default_factory=deque)
    """Over, and not told yet; told in their order."""

    _ahead: _Ahead | None = field(init=False, default=None)
    _offset_ms: int = field(init=False, default=0)
    """From the position in the audio to the timeline."""

    _started_ms: int = field(init=False, default=0)
    """Position of the turn in progress, the padding before it included."""

    _was_talked_over: bool = field(init=False, default=False)
    """Somebody spoke when the turn in progress began."""

    _took_floor: bool = field(init=False, default=False)
    is_muted: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._detection = Detection(self.detector)
        self._detection.turns.parameters = KNOBS
        self._detection.start(0)
        self._transcript = Fragments(self.state, "session.input_transcript.delta")

    @property
    def user_speaks(self) -> bool:
        """Whether a turn is in progress."""
        return self._detection.turns.is_speaking

    @property
    def has_floor(self) -> bool:
        """Whether the user speaks, and not just a word."""
        return self.user_speaks and self._took_floor

    def receive(self, samples: MonoFloat32, is_talked_over: bool) -> Iterator[Heard | None]:
        """The next samples (24 kHz); gives None at the moment when the user takes the floor.

        Turns whose words were known before their end are given, too.

        Args:
            is_talked_over: the voice model is speaking.
        """
        heard = np.zeros_like(samples) if self.is_muted else samples
        self._audio.append(heard)
        self._place()
        for event in self._detection.events(heard):
            match event:
                case SpeechStarted(audio_start_ms):
                    self._started_ms = audio_start_ms
                    self._was_talked_over, self._took_floor = is_talked_over, False
                    self._ahead = None
                case PauseNoticed(audio_end_ms):
                    self._look_ahead(audio_end_ms)
                case SpeechStopped(audio_end_ms):
                    self._end_turn(audio_end_ms)
        if self._takes_floor():
            self._took_floor = True
            yield None
        if not self.user_speaks:
            self._audio.drop_before_ms(self._audio.end_ms - KEPT_MS)
        yield from self._settled()

    def _place(self) -> None:
        """Audio ends now on the timeline, unless it comes in bursts; a gap moves it on."""
        behind_ms = self.state.now_ms - self._audio.end_ms - self._offset_ms
        if behind_ms > LATE_MS:
            self._offset_ms += behind_ms

    def _takes_floor(self) -> bool:
        turns = self._detection.turns
        if self._took_floor or not turns.is_speaking or turns.is_in_silence:
            return False
        return self._audio.end_ms - self._started_ms >= PREFIX_MS + SUSTAINED_MS

    def _look_ahead(self, end_ms: int) -> None:
        job_id = self._recognise(self._audio.cut_ms(self._started_ms, end_ms), is_ahead=True)
        self._ahead = _Ahead(job_id)

    def _end_turn(self, end_ms: int) -> None:
        samples = self._audio.cut_ms(self._started_ms, end_ms)
        ahead, self._ahead = self._ahead, None
        self._turns.append(
            _Turn(
                max(0, self._started_ms + PREFIX_MS + self._offset_ms),
                max(0, end_ms - SILENCE_MS + self._offset_ms),
                samples,
                self._was_talked_over and not self._took_floor,
                self._recognise(samples) if ahead is None else ahead.job_id,
                None if ahead is None else ahead.text,
                ahead is not None,
            )
        )

    def _recognise(self, samples: MonoFloat32, is_ahead: bool = False) -> str:
        job_id = self.state.new_job_id()
        self.state.put(Recognise(job_id, samples, INPUT_RATE_HZ, is_ahead))
        return job_id

    def on_recognised(self, job_id: str, text: str | None) -> Iterator[Heard]:
        """A result, None where there is none; gives the turns that are understood by now."""
        if self._ahead is not None and self._ahead.job_id == job_id:
            if text is None:
                self._ahead = None  # the recogniser had other work: the whole turn is asked for
            else:
                self._ahead.text = text
        for turn in self._turns:
            if turn.job_id == job_id and turn.text is None:
                self._understood(turn, text)
        yield from self._settled()

    def _understood(self, turn: _Turn, text: str | None) -> None:
        if text is None and turn.is_ahead:
            turn.job_id, turn.is_ahead = self._recognise(turn.samples), False
        else:
            turn.text = text or ""

    def _settled(self) -> Iterator[Heard]:
        while self._turns and self._turns[0].text is not None:
            turn = self._turns.popleft()
            text = (turn.text or "").strip()
            self._transcript.spread(text, turn.start_ms, turn.end_ms)
            yield Heard(text, turn.samples, turn.is_aside)
