"""Scenario of what was said and clicked in an inspection, as text to be changed by its owner. Pure.

It says the same, in the same order, each turn after the answer that it came after, and cuts in
where an answer was cut into. What the page must answer is for people to add.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.audio.fixtures import find_fixture, library
from harness.errors import UsageError
from harness.facts.call import CallOpened, ClipPlayed, VoiceStarted, VoiceStopped
from harness.trace import TraceEvent

LEAST_SILENCE_S = 0.5
"""A shorter one between two sentences is no step of its own."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something the user did on the page."""

    t_s: float
    step: Mapping[str, Any]
    """As a scenario has it."""


@dataclass(frozen=True, slots=True)
class _Voice:
    start_s: float
    end_s: float


def scenario_text(
    events: Iterable[TraceEvent], acts: Sequence[Act], url: str, name: str, home: Path
) -> str:
    """The scenario, in YAML.

    Args:
        events: of the trace.
        acts: on the page, in order of time.
        url: of the page.
        name: of the scenario.
        home: the folder that it will be in; files are named from there.

    Raises:
        UsageError: nothing was said.
    """
    events = list(events)
    clips = [event.fact for event in events if isinstance(event.fact, ClipPlayed)]
    said = [clip for clip in clips if not clip.muted]
    if not said:
        raise UsageError(
            "Nothing was said, so there is no scenario to record.",
            expected='at least one say "…"',
            found="a page that was only watched",
        )
    up_s = next((e.t_s for e in events if isinstance(e.fact, CallOpened)), None)
    begins_s = said[0].start_s if up_s is None else min(up_s, said[0].start_s)
    page: dict[str, Any] = {"url": url}
    if start := [dict(act.step) for act in acts if act.t_s < begins_s]:
        page["start"] = start
    data = {
        "name": name,
        "page": page,
        "steps": [
            *_steps(said, _voices(events), [a for a in acts if a.t_s >= begins_s], home),
            "hang_up",
        ],
    }
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=10_000)
    return text


def _steps(
    said: Sequence[ClipPlayed], voices: Sequence[_Voice], acts: Sequence[Act], home: Path
) -> Iterable[dict[str, Any]]:
    done_s = 0.0
    for clip in said:
        for act in acts:
            if done_s < act.t_s <= clip.start_s:
                yield dict(act.step)
        yield from _turn(clip, done_s, voices, home)
        done_s = clip.end_s
    if any(voice.start_s > said[-1].start_s for voice in voices):
        yield {"wait": {"answer": True}}
    for act in acts:
        if act.t_s > done_s:
            yield dict(act.step)


def _turn(
    clip: ClipPlayed, done_s: float, voices: Sequence[_Voice], home: Path
) -> Iterable[dict[str, Any]]:
    before = [voice for voice in voices if done_s <= voice.start_s < clip.start_s]
    cut = [voice for voice in before if voice.end_s > clip.speech_start_s]
    if cut:
        after_ms = round((clip.speech_start_s - cut[0].start_s) * 1000)
        yield {"interrupt": {"after_ms": after_ms, "say": _speech(clip, home)}}
        return
    if before:
        pause_s = round(max(0.0, clip.start_s - before[-1].end_s), 1)
        yield {"wait": {"answer": True, "pause_s": pause_s}}
    elif done_s and clip.start_s - done_s >= LEAST_SILENCE_S:
        yield {"silence": round(clip.start_s - done_s, 1)}
    yield {"say": _speech(clip, home)}


def _speech(clip: ClipPlayed, home: Path) -> Any:
    if clip.file is None:
        return clip.text.replace("${", "$${") if clip.text else clip.clip
    if clip.clip in library() and Path(clip.file).resolve() == find_fixture(clip.clip).path:
        return {"file": clip.clip}
    return {"file": os.path.relpath(clip.file, home)}


def _voices(events: Iterable[TraceEvent]) -> list[_Voice]:
    """Where the page's voice was heard, as the live detector told."""
    voices: list[_Voice] = []
    start_s: float | None = None
    for event in events:
        match event.fact:
            case VoiceStarted():
                start_s = event.t_s if start_s is None else start_s
            case VoiceStopped() if start_s is not None and event.t_s is not None:
                voices.append(_Voice(start_s, event.t_s))
                start_s = None
    return [*voices, *([] if start_s is None else [_Voice(start_s, float("inf"))])]
