"""Transcription of the user's audio items: recognition jobs, their results, and who is told."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from harness.audio.clip import MonoFloat32
from harness.audio.pcm16 import MonoInt16, from_int16, to_int16
from harness.realtime.audio_formats import AudioEncoder, format_of
from harness.realtime.server.input_audio import INPUT_RATE_HZ
from harness.realtime.server.outputs import Recognise
from harness.realtime.server.partial_transcript import PartialTranscript, is_streaming
from harness.realtime.server.state import SessionState
from harness.realtime.server.tokens import text_tokens, user_audio_tokens
from harness.realtime.session_object import Settings

MAX_KEPT_S = 600
"""Audio of the user's items is kept for retrieval; beyond this the oldest is forgotten."""

MIN_RECOGNISED_S = 0.1
"""Shorter audio holds no word; it is taken as silence."""


@dataclass(slots=True)
class _Heard:
    samples: MonoInt16
    duration_s: float
    transcription: Settings | None
    """The session's transcription settings at commit; None: the client is not told."""
    text: str | None = None
    untold: list[str] | None = None
    """What is still to be told of words that are told live."""
    has_job: bool = False


@dataclass(slots=True)
class _Job:
    item_id: str | None
    """None: a look at speech that is still going on."""

    is_live: bool = False
    """The item is still being spoken, and its words are told."""

    is_ahead: bool = False
    """The turn may be over: its item takes the result where it was."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """The words of speech that is still going on."""

    job_id: str
    text: str | None
    finished: float | None = None
    """How likely it is that the turn is over; None where only the words can tell."""


@dataclass(slots=True)
class Transcription:
    """Words of the user's audio items, by item id."""

    state: SessionState
    _heard: dict[str, _Heard] = field(init=False, default_factory=dict)
    _jobs: dict[str, _Job] = field(init=False, default_factory=dict)
    _live: dict[str, PartialTranscript] = field(init=False, default_factory=dict)
    """Of items whose words are told while they are spoken."""
    _ahead: tuple[str, str] | None = field(init=False, default=None)
    """The last job ahead of its turn's end that has its text."""
    _due: list[tuple[str, str]] = field(init=False, default_factory=list)
    """Items whose words were there before them."""

    def hear(
        self,
        item_id: str,
        samples: MonoFloat32,
        *,
        announce: bool,
        wants_text: bool,
        known_text: str | None = None,
        ahead: str | None = None,
    ) -> None:
        """Take an item's audio in.

        Args:
            item_id: of the user item.
            samples: float32 at 24 kHz, shape (frames,).
            announce: tell the client the transcript, if the session is set to.
            wants_text: recognise at once; otherwise only when the client or a response asks.
            known_text: recognised already.
            ahead: the job that `look_ahead` gave for this very speech; where its text is there
                already, `settle_due` tells it.
        """
        transcription = self.state.settings["audio"]["input"]["transcription"]
        heard = _Heard(
            to_int16(samples),
            len(samples) / INPUT_RATE_HZ,
            transcription if announce else None,
        )
        self._heard[item_id] = heard
        self.state.audio_s[item_id] = heard.duration_s
        self._forget_oldest()
        if known_text is not None:
            self._settle(item_id, known_text)
        elif wants_text or heard.transcription is not None:
            self._take_over(item_id, ahead)
            self.recognise(item_id)

    def look_ahead(self, samples: MonoFloat32) -> str:
        """Recognise a turn (24 kHz) that may just have ended; gives the job's id."""
        self._ahead = None
        return self._start(_Job(None, is_ahead=True), samples)

    def settle_due(self) -> None:
        """Tell the words that were recognised before their turn was over."""
        due, self._due = self._due, []
        for item_id, text in due:
            self._settle(item_id, text)

    def _take_over(self, item_id: str, ahead: str | None) -> None:
        if ahead is None:
            return
        if ahead in self._jobs:
            self._jobs[ahead].item_id = item_id
        elif self._ahead is not None and self._ahead[0] == ahead:
            self._due.append((item_id, self._ahead[1]))
        else:
            return  # it failed, or was not done at all
        self._heard[item_id].has_job = True

    def recognise(self, item_id: str) -> None:
        """See to it that the words of an item will be known."""
        heard = self._heard.get(item_id)
        if heard is None or heard.has_job or heard.text is not None:
            return
        if heard.duration_s < MIN_RECOGNISED_S or not heard.samples.any():
            self._settle(item_id, "")
            return
        heard.has_job = True
        self._start(_Job(item_id), from_int16(heard.samples))

    def look(self, samples: MonoFloat32) -> str:
        """Ask whether speech (24 kHz) that goes on may be over; gives the job's id."""
        return self._start(_Job(None), samples, asks_finished=True)

    @property
    def tells_live(self) -> bool:
        """Whether the client wants words while they are spoken."""
        transcription = self.state.settings["audio"]["input"]["transcription"]
        return transcription is not None and is_streaming(transcription["model"])

    def listen(self, item_id: str, samples: MonoFloat32) -> None:
        """Recognise what there is of an item so far (24 kHz), and tell the words that are certain.

        While an earlier look is under way, nothing happens.
        """
        if not any(job.is_live for job in self._jobs.values()):
            self._live.setdefault(item_id, PartialTranscript())
            self._start(_Job(item_id, is_live=True), samples)

    def on_recognised(
        self, job_id: str, text: str | None, error: str | None, finished: float | None = None
    ) -> SoFar | None:
        """A job's result; a `SoFar` where it was one. Unknown and late jobs are ignored."""
        job = self._jobs.pop(job_id, None)
        if job is None:
            return None
        if job.is_ahead and (job.item_id is None or text is None):
            self._look_ahead_ended(job_id, job, text)
            return None
        if job.item_id is None:
            return SoFar(job_id, text, finished)
        if job.is_live:
            self._tell_live(job.item_id, text or "")
        elif text is None:
            self._fail(job.item_id, error or "no result")
        else:
            self._settle(job.item_id, text)
        return None

    def is_settled(self, item_id: str) -> bool:
        """Whether an item's words are known, or known not to come."""
        heard = self._heard.get(item_id)
        return heard is None or heard.text is not None

    def text(self, item_id: str) -> str:
        """An item's words; "" where there are none or they are not known."""
        heard = self._heard.get(item_id)
        return heard.text or "" if heard is not None else ""

    def samples(self, item_id: str) -> MonoFloat32 | None:
        """An item's audio, float32 at 24 kHz; None where there is none (any more)."""
        heard = self._heard.get(item_id)
        if heard is None or len(heard.samples) == 0:
            return None
        return from_int16(heard.samples)

    def transcript(self, item_id: str) -> str | None:
        """An item's words as the client may see them; None where it was not told."""
        heard = self._heard.get(item_id)
        return heard.text if heard is not None and heard.transcription is not None else None

    def audio_base64(self, item_id: str) -> str | None:
        """An item's audio in the input format and base64; None where there is none any more."""
        samples = self.samples(item_id)
        kind = format_of(self.state.settings, "input")
        return None if samples is None else AudioEncoder(kind).encode(samples)

    def forget(self, item_id: str) -> None:
        """The item was deleted, or will never be."""
        self._heard.pop(item_id, None)
        self._live.pop(item_id, None)

    def _start(self, job: _Job, samples: MonoFloat32, *, asks_finished: bool = False) -> str:
        job_id = self.state.new_job_id()
        self._jobs[job_id] = job
        wanted = Recognise(job_id, samples, INPUT_RATE_HZ, job.is_ahead, asks_finished)
        self.state.put(wanted)
        return job_id

    def _look_ahead_ended(self, job_id: str, job: _Job, text: str | None) -> None:
        if text is not None:
            self._ahead = (job_id, text)
        elif job.item_id is not None and job.item_id in self._heard:
            self._heard[job.item_id].has_job = False
            self.recognise(job.item_id)

    def _tell_live(self, item_id: str, text: str) -> None:
        live = self._live.get(item_id)
        if live is not None and item_id not in self._heard:
            for word in live.look(text):
                self._send_delta(item_id, f" {word}")

    def _settle(self, item_id: str, text: str) -> None:
        heard = self._heard.get(item_id)
        if heard is None:
            return
        heard.text = text.strip()
        live = self._live.pop(item_id, None)
        if live is not None or (heard.transcription and is_streaming(heard.transcription["model"])):
            live = live or PartialTranscript()
            heard.untold = [f" {word}" for word in live.finish(heard.text)]
            heard.text = " ".join(live.told)
        if heard.transcription is not None and item_id in self.state.conversation:
            self._announce(item_id, heard, heard.transcription)

    def _fail(self, item_id: str, message: str) -> None:
        heard = self._heard.get(item_id)
        if heard is None:
            return
        heard.text = ""
        self._live.pop(item_id, None)
        if heard.transcription is not None and item_id in self.state.conversation:
            self.state.send(
                "conversation.item.input_audio_transcription.failed",
                item_id=item_id,
                content_index=0,
                error={
                    "type": "server_error",
                    "code": "transcription_failed",
                    "message": f"Input transcription failed for item '{item_id}'. {message}",
                    "param": None,
                },
            )

    def _announce(self, item_id: str, heard: _Heard, transcription: Settings) -> None:
        text, model = heard.text or "", str(transcription["model"])
        deltas = [text] if model.startswith("whisper") else _deltas(text)
        deltas = deltas if heard.untold is None else heard.untold
        where = {"item_id": item_id, "content_index": 0}
        kind = "conversation.item.input_audio_transcription"
        for delta in deltas if text else []:
            self._send_delta(item_id, delta)
        usage = _usage(text, heard.duration_s, model)
        self.state.send(f"{kind}.completed", **where, transcript=text, usage=usage)

    def _send_delta(self, item_id: str, delta: str) -> None:
        kind = "conversation.item.input_audio_transcription.delta"
        self.state.send_delta(kind, item_id=item_id, content_index=0, delta=delta)

    def _forget_oldest(self) -> None:
        total_s = sum(len(heard.samples) for heard in self._heard.values()) / INPUT_RATE_HZ
        for heard in self._heard.values():
            if total_s <= MAX_KEPT_S:
                return
            if heard.text is not None:
                total_s -= len(heard.samples) / INPUT_RATE_HZ
                heard.samples = heard.samples[:0].copy()


def _deltas(text: str) -> list[str]:
    """Words, each with the blank before it; joined they give the text back."""
    return re.findall(r"\s*\S+", text)


def _usage(text: str, duration_s: float, model: str) -> dict[str, object]:
    if "whisper" in model:
        return {"type": "duration", "seconds": math.ceil(duration_s) if text else 0}
    audio, written = user_audio_tokens(duration_s), text_tokens(text)
    return {
        "type": "tokens",
        "total_tokens": audio + written,
        "input_tokens": audio,
        "input_token_details": {"text_tokens": 0, "audio_tokens": audio},
        "output_tokens": written,
    }
