"""A spoken message while it is generated: transcript and audio, sentence by sentence.

Generation is faster than real time, and never faster than the synthesiser; playing the audio is
another clock (see `playback`).
"""

from __future__ import annotations

from harness.audio.clip import MonoFloat32
from harness.realtime.audio_formats import AudioEncoder
from harness.realtime.server.output_items import Message, OutputContext
from harness.realtime.server.outputs import Synthesise
from harness.realtime.server.speech_pacing import RATE_HZ, SpeechPacing
from harness.realtime.server.tokens import assistant_audio_tokens, text_tokens

SLOWEST, FASTEST = 0.25, 4.0
"""What synthesisers take, whatever script and session multiply to."""

GENERATION_SPEED = 4.0
"""Seconds of audio generated in one second."""


class SpokenMessage(Message):
    """An assistant message with audio and its transcript."""

    def __init__(
        self,
        context: OutputContext,
        output_index: int,
        voice: str | None = None,
        speed: float = 1.0,
    ) -> None:
        super().__init__(context, output_index)
        self._voice = voice or context.voice
        self._speed = min(max(speed * context.speed, SLOWEST), FASTEST)
        self._encoder = AudioEncoder(context.audio_format)
        self._plan = SpeechPacing()
        self._is_started = False
        self._job_id: str | None = None
        self._transcript = ""
        self._frames = 0
        self._heard_from_s = 0.0

    def add_text(self, text: str, now_s: float) -> None:
        """More words to speak."""
        self._note_standstill(now_s)
        self._plan.add(text)

    def add_sound(
        self, samples: MonoFloat32, transcript: str, now_s: float, early_s: float = 0.0
    ) -> None:
        """Sound to play as it is, 24 kHz; to be heard this much later, where it is the first."""
        self._note_standstill(now_s)
        if self._frames == 0 and early_s > 0:
            self._heard_from_s = now_s + early_s
        self._plan.add_sound(samples, transcript)

    @property
    def is_idle(self) -> bool:
        """Everything so far was made."""
        return self._job_id is None and self._plan.is_empty

    def end_text(self, now_s: float) -> None:
        """There will be no more."""
        self._note_standstill(now_s)
        self._plan.end()

    def ask_next_sentence(self) -> None:
        """Ask for the audio of what can be spoken next, if nothing is asked for.

        One job at a time, so that a long answer does not starve other calls.
        """
        if not self._is_started or self._job_id is not None:
            return
        sentence = self._plan.next_sentence()
        if sentence is not None:
            self._job_id = self._state.new_job_id()
            self._state.put(Synthesise(self._job_id, sentence.strip(), self._voice, self._speed))

    def start(self, now_s: float) -> None:
        self._is_started = True
        self._due_s = now_s

    def due_s(self) -> float | None:
        if self.is_finished:
            return None
        return self._due_s if self._plan.is_ready or self._plan.is_exhausted else None

    def receive_speech(
        self, job_id: str, samples: MonoFloat32, is_last: bool, now_s: float
    ) -> bool:
        """Audio (24 kHz) of the sentence asked for; False where this job is not ours (any more)."""
        if job_id != self._job_id or self.is_finished:
            return False
        self._note_standstill(now_s)
        self._plan.on_samples(samples, is_last)
        if is_last:
            self._job_id = None
            self.ask_next_sentence()
        return True

    def owns(self, job_id: str) -> bool:
        """Whether a job is this message's, and it still waits for it."""
        return job_id == self._job_id and not self.is_finished

    def step(self) -> None:
        if self._plan.is_exhausted:
            self._end("completed")
            return
        step = self._plan.take_step()
        self._ensure_announced()
        for word in step.words:
            self._say(word)
        if len(step.samples):
            self._sound(step.samples)
        self._due_s += len(step.samples) / RATE_HZ / GENERATION_SPEED
        if self._plan.is_exhausted:
            self._end("completed")

    def stop(self) -> None:
        if not self.is_finished:
            self._end("incomplete")

    def _note_standstill(self, now_s: float) -> None:
        """Generation that had nothing to do until now goes on from now."""
        if not self._plan.is_ready:
            self._due_s = max(self._due_s, now_s)

    def _ensure_announced(self) -> None:
        if self._item_id is None:
            self._announce({"type": "audio", "transcript": ""})

    def _say(self, word: str) -> None:
        self._context.words += 1
        before = text_tokens(self._transcript)
        self._transcript += word
        self._context.spent.text += text_tokens(self._transcript) - before
        kind = "response.output_audio_transcript.delta"
        self._state.send_delta(kind, **self._where(), delta=word)

    def _sound(self, samples: MonoFloat32) -> None:
        assert self._item_id is not None
        before = assistant_audio_tokens(self._frames / RATE_HZ)
        self._frames += len(samples)
        duration_s = self._frames / RATE_HZ
        self._context.spent.audio += assistant_audio_tokens(duration_s) - before
        self._state.audio_s[self._item_id] = duration_s
        self._state.has_spoken = True
        if self._state.plays_audio:
            self._state.playback.append(
                self._context.response_id, self._item_id, samples, self._heard_from_s
            )
        else:
            delta = self._encoder.encode(samples)
            self._state.send("response.output_audio.delta", **self._where(), delta=delta)
            self._keep(samples)

    def _keep(self, samples: MonoFloat32) -> None:
        """For a client that asks for the item again; one that was truncated stays as it is."""
        item_id = str(self._item_id)
        if self._context.in_conversation and item_id not in self._state.truncated_item_ids:
            self._state.spoken.append(item_id, samples)

    def _end(self, status: str) -> None:
        self.is_finished = True
        self._job_id = None
        if self._item_id is None and status == "completed":
            self._ensure_announced()  # a text without anything to speak still is a message
        if self._item_id is None:
            return
        state, where = self._state, self._where()
        state.send("response.output_audio.done", **where)
        state.send("response.output_audio_transcript.done", **where, transcript=self._transcript)
        self._conclude({"type": "audio", "transcript": self._transcript}, status)
