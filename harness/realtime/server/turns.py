"""The user's turns: input audio, turn detection, commits, the idle moment."""

from __future__ import annotations

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.errors import ProtocolError
from harness.realtime.audio_formats import AudioDecoder, format_of
from harness.realtime.end_of_turn import sounds_finished
from harness.realtime.items import message, user_audio_item
from harness.realtime.server.detection import Detection
from harness.realtime.server.input_audio import INPUT_RATE_HZ, InputAudio
from harness.realtime.server.partial_transcript import EVERY_MS, LONGEST_MS, next_look_ms
from harness.realtime.server.responses import Responses
from harness.realtime.server.state import SessionState
from harness.realtime.server.transcription import SoFar, Transcription
from harness.realtime.session_object import is_transcription
from harness.realtime.turn_detection import (
    SEMANTIC_FINISHED_FROM,
    PauseNoticed,
    SpeechStarted,
    SpeechStopped,
    TurnEvent,
    knobs_from,
)
from harness.realtime.wire import Event
from harness.speech.interface import SpeechDetector

MIN_COMMIT_MS = 100
KEPT_WHILE_SILENT_S = 10
"""With turn detection on, this much audio before a turn stays in the buffer."""

MOST_LOOKS_AHEAD = 3
"""In one turn: somebody who pauses often would keep the recogniser busy for nothing."""

IDLE_NUDGE = "The user has been silent for a while. Ask whether they are still there."


class Turns:
    """Input audio in, turns out.

    With turn detection the detector's windows decide; without it the client commits.
    """

    def __init__(
        self,
        state: SessionState,
        transcription: Transcription,
        responses: Responses,
        detector: SpeechDetector,
    ) -> None:
        self._state = state
        self._transcription = transcription
        self._responses = responses
        self._audio = InputAudio()
        self._decoder = AudioDecoder()
        self._detection = Detection(detector)
        self._turns = self._detection.turns
        self._item_id: str | None = None
        """Announced id of the turn that is being spoken."""
        self._turn_start_ms = 0
        self._look: str | None = None
        """The job of a look at the words so far."""
        self._ahead: str | None = None
        """The job that recognises all of the turn, if the turn is over."""
        self._looks_ahead = 0
        self._next_look_ms: float = EVERY_MS
        """How much of the turn there must be for the next look at its words for the client."""
        self.apply_settings()

    @property
    def is_speaking(self) -> bool:
        """The user is in the middle of a turn."""
        return self._detection.is_on and self._turns.is_speaking

    # --- settings ---

    def apply_settings(self) -> None:
        """Take over ``turn_detection`` after the session's settings changed."""
        self._ahead = None
        settings = self._state.settings["audio"]["input"]["turn_detection"]
        if settings is None:
            self._stop_detecting()
            return
        self._turns.parameters = knobs_from(settings)
        if not self._detection.is_on:
            self._detection.start(self._audio.end_ms)

    def _stop_detecting(self) -> None:
        """Manual from here; a turn that is being spoken waits for the client's commit."""
        if self._detection.is_on and self._turns.is_speaking:
            self._say_stopped(self._audio.end_ms)
        self._detection.stop()
        self._look = None

    # --- audio ---

    def receive_audio(self, samples: MonoFloat32, now_s: float) -> None:
        """Samples of the user at 24 kHz; what is no number counts as silence."""
        samples = samples.reshape(-1)
        if not np.isfinite(samples).all():
            samples = np.nan_to_num(samples, posinf=0.0, neginf=0.0)
        self._audio.append(samples, now_s)
        if self._detection.is_on:
            for turn_event in self._detection.events(samples):
                self._apply(turn_event, now_s)
            if not self._turns.is_speaking:
                self._audio.drop_before(self._audio.end_frame - KEPT_WHILE_SILENT_S * INPUT_RATE_HZ)
        self._listen()

    def receive_append(self, event: Event, now_s: float) -> None:
        """``input_audio_buffer.append``.

        Raises:
            ProtocolError: the call has a media track, or the audio is not base64 of its format.
        """
        if self._state.plays_audio:
            raise ProtocolError(
                "input_audio_buffer.append is not supported on this connection: the input audio "
                "comes from the media track.",
                code="unsupported_event",
                param="type",
            )
        kind = format_of(self._state.settings, "input")
        self.receive_audio(self._decoder.decode(event["audio"], kind, "audio"), now_s)

    def _apply(self, turn_event: TurnEvent, now_s: float) -> None:
        match turn_event:
            case SpeechStarted(audio_start_ms):
                self._begin_turn(audio_start_ms, now_s)
            case SpeechStopped(audio_end_ms, over_ms):
                # Of a track, which comes at an even pace; a client may append as it likes.
                known_ms = over_ms + self._detection.behind_ms
                over_s = self._audio.came_s(known_ms) if self._state.plays_audio else now_s
                self._end_turn(audio_end_ms, now_s, over_s=over_s)
            case PauseNoticed(audio_end_ms):
                self._notice_pause(self._audio.cut_ms(self._turn_start_ms, audio_end_ms))

    def _notice_pause(self, so_far: MonoFloat32) -> None:
        """With semantic detection the words decide; otherwise they may soon be needed."""
        settings = self._state.settings["audio"]["input"]
        if settings["turn_detection"]["type"] == "semantic_vad":
            self._look = self._transcription.look(so_far)
            return
        self._ahead = None
        self._looks_ahead += 1
        is_needed = settings["turn_detection"]["create_response"] or settings["transcription"]
        if is_needed and self._looks_ahead <= MOST_LOOKS_AHEAD:
            self._ahead = self._transcription.look_ahead(so_far)

    # --- turns ---

    def _begin_turn(self, audio_start_ms: int, now_s: float) -> None:
        self._turn_start_ms = max(audio_start_ms, self._audio.start_ms)
        self._item_id = self._item_id or self._reserved_item_id()
        self._look = self._ahead = None
        self._looks_ahead = 0
        self._next_look_ms = EVERY_MS
        self._state.quiet_since_s = None
        self._state.send(
            "input_audio_buffer.speech_started",
            audio_start_ms=self._turn_start_ms,
            item_id=self._item_id,
        )
        if self._state.settings["audio"]["input"]["turn_detection"]["interrupt_response"]:
            self._responses.interrupt(now_s)

    def _end_turn(
        self,
        audio_end_ms: int,
        now_s: float,
        known_text: str | None = None,
        over_s: float | None = None,
    ) -> None:
        self._say_stopped(audio_end_ms)
        self._look = None
        settings = self._state.settings
        answers = settings["audio"]["input"]["turn_detection"]["create_response"]
        answers = answers and not is_transcription(settings)
        self._commit(self._turn_start_ms, audio_end_ms, answers, known_text, self._ahead)
        if answers:
            self._responses.start_automatically(now_s, over_s=over_s)
        self._transcription.settle_due()

    def _say_stopped(self, audio_end_ms: int) -> None:
        self._state.send(
            "input_audio_buffer.speech_stopped",
            audio_end_ms=max(audio_end_ms, self._turn_start_ms),
            item_id=self._item_id,
        )

    def receive_look(self, look: SoFar, now_s: float) -> None:
        """The words so far are recognised: where they sound finished, the turn is over.

        Speech that went on in the meantime makes the look worthless.
        """
        if self._look != look.job_id:
            return
        self._look = None
        if look.text is None or not self._turns.is_in_silence or not self._is_finished(look):
            return
        self._turns.reset()
        self._end_turn(self._audio.end_ms, now_s, known_text=look.text)

    def _is_finished(self, look: SoFar) -> bool:
        settings = self._state.settings["audio"]["input"]["turn_detection"]
        if look.finished is None:
            return sounds_finished(look.text or "")
        return look.finished >= SEMANTIC_FINISHED_FROM[settings.get("eagerness", "auto")]

    def _listen(self) -> None:
        """Have a look at the words so far, where the client wants them while they are spoken."""
        if not self._transcription.tells_live or (
            self._detection.is_on and not self._turns.is_speaking
        ):
            return
        start_ms = self._turn_start_ms if self._detection.is_on else self._audio.start_ms
        heard_ms = self._audio.end_ms - start_ms
        if self._next_look_ms <= heard_ms <= LONGEST_MS:
            self._item_id = self._item_id or self._reserved_item_id()
            self._next_look_ms = next_look_ms(heard_ms)
            self._transcription.listen(
                self._item_id, self._audio.cut_ms(start_ms, self._audio.end_ms)
            )

    # --- commits ---

    def receive_commit(self, event: Event, now_s: float) -> None:
        """``input_audio_buffer.commit``: an item, never a response.

        Raises:
            ProtocolError: less than 100 ms of audio.
        """
        duration_ms = self._audio.duration_ms
        if duration_ms < MIN_COMMIT_MS:
            raise ProtocolError(
                "Error committing input audio buffer: buffer too small. Expected at least 100ms "
                f"of audio, but buffer only has {duration_ms:.2f}ms of audio.",
                code="input_audio_buffer_commit_empty",
            )
        if self._turns.is_speaking:
            self._say_stopped(self._audio.end_ms)
            self._turns.reset()
        self._look = None
        self._commit(self._audio.start_ms, self._audio.end_ms, wants_text=False)

    def receive_clear(self, event: Event, now_s: float) -> None:
        """``input_audio_buffer.clear``; a turn that is being spoken goes on from here."""
        self._audio.clear()
        self._turn_start_ms = self._audio.start_ms
        self._look = self._ahead = None
        self._begin_listening_anew()
        self._state.send("input_audio_buffer.cleared")

    def _commit(
        self,
        start_ms: int,
        end_ms: int,
        wants_text: bool,
        known_text: str | None = None,
        ahead: str | None = None,
    ) -> None:
        samples = self._audio.cut_ms(start_ms, end_ms)
        self._audio.drop_before_ms(end_ms)
        item_id = self._item_id or self._state.new_item_id()
        self._item_id = None
        self._next_look_ms = EVERY_MS
        self._ahead = None
        self._state.reserved_item_ids.discard(item_id)
        previous_item_id = self._state.conversation.last_item_id
        self._state.send(
            "input_audio_buffer.committed", previous_item_id=previous_item_id, item_id=item_id
        )
        self._state.add_finished_item(user_audio_item(item_id))
        self._transcription.hear(
            item_id,
            samples,
            announce=True,
            wants_text=wants_text,
            known_text=known_text,
            ahead=ahead,
        )

    def _begin_listening_anew(self) -> None:
        """Words that were told of a turn by hand belong to an item that will never be."""
        self._next_look_ms = EVERY_MS
        if self._item_id is not None and not self._turns.is_speaking:
            self._transcription.forget(self._item_id)
            self._state.reserved_item_ids.discard(self._item_id)
            self._item_id = None

    def _reserved_item_id(self) -> str:
        item_id = self._state.new_item_id()
        self._state.reserved_item_ids.add(item_id)
        return item_id

    # --- the idle moment ---

    def idle_at_s(self) -> float | None:
        """When the user has been silent for too long, if nothing happens until then."""
        quiet_since_s = self._state.quiet_since_s
        if quiet_since_s is None or self._turns.is_speaking:
            return None
        settings = self._state.settings["audio"]["input"]["turn_detection"]
        timeout_ms = settings.get("idle_timeout_ms") if settings is not None else None
        if timeout_ms is None:
            return None
        if self._responses.active is not None or not self._state.playback.is_idle:
            return None
        return quiet_since_s + float(timeout_ms) / 1000

    def advance(self, now_s: float) -> None:
        """Ask after the user where they were silent for too long."""
        idle_at_s = self.idle_at_s()
        if idle_at_s is None or now_s < idle_at_s:
            return
        settings = self._state.settings["audio"]["input"]["turn_detection"]
        end_ms = self._audio.end_ms
        start_ms = max(self._audio.start_ms, end_ms - int(settings["idle_timeout_ms"]))
        self._state.quiet_since_s = None
        self._item_id = self._reserved_item_id()
        self._state.send(
            "input_audio_buffer.timeout_triggered",
            audio_start_ms=start_ms,
            audio_end_ms=end_ms,
            item_id=self._item_id,
        )
        nudge = [{"type": "input_text", "text": IDLE_NUDGE}]
        nudge_id = self._state.new_item_id()
        self._state.add_finished_item(message(nudge_id, "system", nudge, "completed"))
        self._commit(start_ms, end_ms, wants_text=False, known_text="")
        self._responses.start_automatically(now_s, is_idle=True)
