"""Redactions: stretches of a recording whose sound and words leave no trace in what is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from harness.errors import UsageError
from harness.speech.spans import Span

_TIME = r"(?:\d+:){0,2}\d+(?:\.\d+)?"
_SPAN = re.compile(rf"(?P<start>{_TIME})-(?P<end>{_TIME})")
_OF_FILE = re.compile(rf"(?P<file>.+?):{_SPAN.pattern}")

EXPECTED = "START-END in seconds, as 12.5-14.2 or 1:02-1:04.5, or FILE:START-END"

BLEEP_HZ = 1000.0
BLEEP_LEVEL = 0.1
"""Of full scale: heard, and hurts nobody."""

FADE_S = 0.005
FULL_SCALE = {"float32": 1.0, "int16": 2.0**15 - 1, "int32": 2.0**31 - 1}

Block = TypeVar("Block", npt.NDArray[np.float32], npt.NDArray[np.int16], npt.NDArray[np.int32])


@dataclass(frozen=True, slots=True)
class Redaction:
    """One stretch that is cut out."""

    span: Span
    file: str | None = None
    """Of this recording; None: of the only one."""


def read_redaction(text: str) -> Redaction:
    """What the command line says.

    Raises:
        UsageError: it is no stretch of time.
    """
    found = _SPAN.fullmatch(text) or _OF_FILE.fullmatch(text)
    if found is None:
        raise UsageError("This is nothing to redact.", expected=EXPECTED, found=text)
    start_s, end_s = _seconds(found["start"]), _seconds(found["end"])
    if start_s >= end_s:
        raise UsageError(
            "A redaction ends after it begins.", expected=EXPECTED, found=f"{start_s:g}-{end_s:g}"
        )
    return Redaction(Span(start_s, end_s), found.groupdict().get("file"))


def _seconds(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def refuse_outside(spans: Sequence[Span], duration_s: float, name: str) -> None:
    """End here where a stretch is not within the recording.

    Raises:
        UsageError: one is not: nobody knows what was meant.
    """
    for span in spans:
        if span.end_s > duration_s:
            raise UsageError(
                f"{name} has nothing to redact at {span.start_s:g}-{span.end_s:g}.",
                expected=f"a stretch within its {duration_s:.3f} s",
                found=f"one that ends at {span.end_s:g} s",
            )


def redact(
    block: Block, first_frame: int, rate_hz: int, spans: Sequence[Span], *, bleep: bool = False
) -> Block:
    """The samples with silence, or a tone, in place of the stretches; the others stay.

    Args:
        block: shape (frames,), float32 of full scale 1, or int16 or int32 of their own full scale.
        first_frame: of the block, counted from the recording's first.
        rate_hz: of the samples.
        spans: seconds from the recording's first sample.
        bleep: a tone of 1 kHz, that everybody hears that something was taken out.
    """
    changed = block
    for span in spans:
        begin, end = frames_of(span, rate_hz)
        first, last = max(begin - first_frame, 0), min(end - first_frame, len(block))
        if first >= last:
            continue
        changed = block.copy() if changed is block else changed
        filling = np.zeros(last - first)
        if bleep:
            filling = _tone(np.arange(first, last) + first_frame - begin, end - begin, rate_hz)
        changed[first:last] = (filling * FULL_SCALE[block.dtype.name]).astype(block.dtype)
    return changed


def frames_of(span: Span, rate_hz: int) -> tuple[int, int]:
    """First frame of a stretch, and the one behind its last: no sample of it is left out."""
    return math.floor(span.start_s * rate_hz), math.ceil(span.end_s * rate_hz)


def _tone(frames: npt.NDArray[np.int64], length: int, rate_hz: int) -> npt.NDArray[np.float64]:
    fade = max(1.0, FADE_S * rate_hz)
    edge = np.minimum(1.0, np.minimum(frames, length - 1 - frames) / fade)
    tone: npt.NDArray[np.float64] = np.sin(2 * np.pi * BLEEP_HZ * frames / rate_hz)
    return BLEEP_LEVEL * edge * tone


def without(span: Span, redacted: Sequence[Span]) -> Span | None:
    """What a stretch of speech is from its first to its last moment that stays; None: nothing.

    Where it truly began or ended is not told any more: such an edge has no bound of its doubt.
    """
    start_s, end_s = span.start_s, span.end_s
    for each in sorted(redacted, key=lambda one: one.start_s):
        if each.start_s <= start_s < each.end_s:
            start_s = each.end_s
    for each in sorted(redacted, key=lambda one: one.end_s, reverse=True):
        if each.start_s < end_s <= each.end_s:
            end_s = each.start_s
    if start_s >= end_s:
        return None
    return Span(
        start_s,
        end_s,
        span.start_uncertainty_s if start_s == span.start_s else math.inf,
        span.end_uncertainty_s if end_s == span.end_s else math.inf,
    )
