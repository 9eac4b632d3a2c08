"""WebVTT of a trace: what both sides said, with the times of the recording (W3C WebVTT). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from harness.facts.answers import AnswerRecognised
from harness.facts.call import ClipPlayed
from harness.score.answers import answers_of
from harness.trace import TraceEvent

USER, PAGE = "User", "Page"
Cue = tuple[float, float, str, str]
"""From and to in seconds, who, and what."""


def webvtt_text(events: Sequence[TraceEvent]) -> str:
    """The cues of both sides, in order of time; what has no words is left out."""
    cues = sorted([*_of_user(events), *_of_page(events)])
    blocks = ["WEBVTT", *(_block(cue) for cue in cues)]
    return "\n\n".join(blocks) + "\n"


def _of_user(events: Iterable[TraceEvent]) -> Iterator[Cue]:
    for event in events:
        fact = event.fact
        if isinstance(fact, ClipPlayed) and fact.text and not fact.muted:
            yield fact.speech_start_s, fact.speech_end_s, USER, fact.text


def _of_page(events: Sequence[TraceEvent]) -> Iterator[Cue]:
    """What was recognised in an answer, else what its transcript says."""
    heard = {
        event.fact.answer_id: event.fact
        for event in events
        if isinstance(event.fact, AnswerRecognised)
    }
    for fact in heard.values():
        if fact.text.strip():
            yield fact.start_s, fact.end_s, PAGE, fact.text
    for answer in answers_of(events):
        start_s, end_s = answer.voice_start_s, answer.voice_end_s
        has_place = start_s is not None and end_s is not None
        if answer.answer_id not in heard and has_place and answer.text.strip():
            assert start_s is not None
            assert end_s is not None
            yield start_s, end_s, PAGE, answer.text


def _block(cue: Cue) -> str:
    start_s, end_s, who, said = cue
    text = re.sub(r"\s+", " ", said).strip()
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, name)
    return f"{_time(start_s)} --> {_time(max(end_s, start_s + 0.001))}\n<v {who}>{text}"


def _time(at_s: float) -> str:
    whole_ms = max(0, round(at_s * 1000))
    minutes, rest_ms = divmod(whole_ms, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest_ms / 1000:06.3f}"
