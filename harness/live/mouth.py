"""The voice model's mouth: texts in, sound in real time out, and the transcript in step with it.

The output is one stream for the whole session, silence where nothing is said. It is pulled: what
was pulled is what was heard, so an interruption loses exactly the rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.errors import ProtocolError
from harness.live.fragments import Fragments
from harness.live.state import SERVER_TROUBLE, LiveState
from harness.realtime.items import message
from harness.realtime.server.outputs import Synthesise
from harness.realtime.server.speech_pacing import SpeechPacing

SLOWEST, FASTEST = 0.25, 4.0


@dataclass(slots=True)
class _Utterance:
    owner: object
    voice: str
    speed: float
    item: dict[str, object]
    """Of the history; its text is what was to be said, and after an interruption what was."""

    pacing: SpeechPacing = field(default_factory=lambda: SpeechPacing(words_ahead_frames=0))
    spoken: list[str] = field(default_factory=list)
    text: str = ""
    is_ended: bool = False

    def keep(self, text: str) -> None:
        self.text = text
        self.item["content"] = [{"type": "output_text", "text": text}]


class Mouth:
    """Says one thing after the other. Samples are float32, mono, at 24 kHz."""

    def __init__(self, state: LiveState) -> None:
        self._state = state
        self._queue: deque[_Utterance] = deque()
        self._rest: MonoFloat32 = np.zeros(0, dtype=np.float32)
        """Of the step that is being played."""

        self._job: tuple[str, _Utterance] | None = None
        self._transcript = Fragments(state, "session.output_transcript.delta")

    @property
    def is_speaking(self) -> bool:
        """Whether something is said, or waits to be."""
        return bool(self._queue) or len(self._rest) > 0

    @property
    def voice(self) -> str:
        """The session's, as a synthesiser is asked for it."""
        voice = self._state.session["audio"]["output"]["voice"]
        return str(voice["id"] if isinstance(voice, dict) else voice)

    # --- what is to be said ---

    def say(self, owner: object, text: str, voice: str | None = None, speed: float = 1.0) -> None:
        """More words of what this owner says; the first of it decide on voice and speed."""
        utterance = self._open(owner, voice, speed)
        utterance.pacing.add(text)
        utterance.keep(utterance.text + text)
        self._ask()

    def play(self, owner: object, samples: MonoFloat32, transcript: str) -> None:
        """Sound (24 kHz) as it is, and what it says."""
        utterance = self._open(owner, None, 1.0)
        utterance.pacing.add_sound(samples, transcript)
        utterance.keep(f"{utterance.text} {transcript}".strip())

    def end_utterance(self, owner: object) -> None:
        """What this owner says is complete."""
        utterance = self._find(owner)
        if utterance is not None:
            utterance.is_ended = True
            utterance.pacing.end()
            self._ask()

    def stop(self) -> bool:
        """Fall silent at once; whether there was anything to lose."""
        was_speaking = self.is_speaking
        for utterance in self._queue:
            utterance.keep("".join(utterance.spoken).strip())
        self._queue.clear()
        self._rest = self._rest[:0]
        self._job = None
        return was_speaking

    def _find(self, owner: object) -> _Utterance | None:
        mine = (one for one in self._queue if one.owner is owner and not one.is_ended)
        return next(mine, None)

    def _open(self, owner: object, voice: str | None, speed: float) -> _Utterance:
        utterance = self._find(owner)
        if utterance is None:
            item = message(self._state.ids.item(), "assistant", [], "completed")
            self._state.history.append(item)
            rate = min(max(speed, SLOWEST), FASTEST)
            utterance = _Utterance(owner, voice or self.voice, rate, item)
            self._queue.append(utterance)
        return utterance

    def flush(self) -> None:
        """Tell the words that were said last; nothing is said after them."""
        self._transcript.flush()

    # --- its sound ---

    def on_speech(self, job_id: str, samples: MonoFloat32, is_last: bool) -> None:
        """Audio (24 kHz) of a sentence; of one that nobody waits for, nothing happens."""
        if self._job is None or self._job[0] != job_id:
            return
        self._job[1].pacing.on_samples(samples, is_last)
        if is_last:
            self._job = None
            self._ask()

    def on_failed(self, job_id: str, problem: str) -> None:
        """A sentence cannot be spoken: its utterance is given up, and the client is told."""
        if self._job is None or self._job[0] != job_id:
            return
        broken = self._job[1]
        self._job = None
        self._queue = deque(one for one in self._queue if one is not broken)
        error = ProtocolError(problem, code="harness_speech_synthesis_failed")
        self._state.send_error(error, kind=SERVER_TROUBLE)
        self._ask()

    def _ask(self) -> None:
        """Ask for the next sentence; one at a time, so that nobody starves other calls."""
        if self._job is not None:
            return
        for utterance in self._queue:
            sentence = utterance.pacing.next_sentence()
            if sentence is not None:
                job_id = self._state.new_job_id()
                self._job = (job_id, utterance)
                self._state.put(
                    Synthesise(job_id, sentence.strip(), utterance.voice, utterance.speed)
                )
                return

    def pull(self, frames: int, at_ms: int, is_held: bool = False) -> MonoFloat32:
        """The next samples, exactly as many, silence where nothing is said.

        Args:
            frames: how many, at 24 kHz.
            at_ms: their place on the session's timeline.
            is_held: the user has the floor: whatever is to be said waits.
        """
        output = np.zeros(frames, dtype=np.float32)
        self._transcript.advance(at_ms)
        if is_held:
            return output
        filled = 0
        for piece in self._pieces(frames, at_ms):
            output[filled : filled + len(piece)] = piece
            filled += len(piece)
        return output

    def _pieces(self, frames: int, at_ms: int) -> Iterator[MonoFloat32]:
        while frames > 0 and self._fill(at_ms):
            piece, self._rest = self._rest[:frames], self._rest[frames:]
            frames -= len(piece)
            yield piece

    def _fill(self, at_ms: int) -> bool:
        """See that there is sound to play; False where there is none (yet)."""
        while not len(self._rest):
            if not self._queue:
                return False
            utterance = self._queue[0]
            if utterance.pacing.is_ready:
                step = utterance.pacing.take_step()
                self._rest = step.samples
                utterance.spoken += step.words
                self._transcript.add("".join(step.words), at_ms)
            elif utterance.pacing.is_exhausted:
                self._queue.popleft()
            else:
                return False
        return True
