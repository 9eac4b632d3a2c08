"""Hand-made events and records of a call, for tests of what is computed from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.score.call_record import CallAudio, CallRecord
from harness.speech.spans import Span
from harness.trace import Trace, TraceEvent


def event(type: str, t_s: float | None, source: str = "dialogue", **data: Any) -> TraceEvent:
    return TraceEvent(0, t_s, source, type, data)


def clip(start_s: float, end_s: float, text: str = "hello", **data: Any) -> TraceEvent:
    """The microphone played a clip whose speech reaches from start to end."""
    facts = {"text": text, "speech_start_s": start_s, "speech_end_s": end_s, **data}
    return event("microphone.clip", start_s, "harness", **facts)


def answer(name: str, started_s: float, played_s: tuple[float, float], status: str = "completed",
           text: str = "yes", cleared: bool = False) -> list[TraceEvent]:  # fmt: skip
    """The events of one answer: created, played from … to …, ended."""
    end = "answer.audio_cleared" if cleared else "answer.audio_stopped"
    return [
        event("answer.started", started_s, answer_id=name),
        event("answer.audio_started", played_s[0], answer_id=name),
        event("answer.ended", played_s[1], answer_id=name, status=status, text=text),
        event(end, played_s[1], answer_id=name),
    ]


def record(
    events: Sequence[TraceEvent],
    heard: Sequence[tuple[float, float]] = (),
    sent: Sequence[tuple[float, float]] = (),
    *,
    cut: bool = False,
    audio: CallAudio | None = None,
) -> CallRecord:
    return CallRecord(
        folder=Path("call"),
        trace=Trace({"name": "made"}, list(events), cut),
        audio=audio,
        sent_spans=tuple(Span(*span) for span in sent),
        heard_spans=tuple(Span(*span) for span in heard),
        edges="by hand",
    )
