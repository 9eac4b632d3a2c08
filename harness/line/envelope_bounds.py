"""What a page may say at most: numbers that everything behind the schema can reckon with.

A page can get at the probe's way out, and an envelope is only text. So a count that would fill the
memory, a rate of 0 or a time without end is refused with the schema, before anything computes.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

LONGEST_PAYLOAD = 64_000_000
"""Characters of one batch; the probe's own are at most half as long."""

LONGEST_BATCH = 480_000
"""Frames of one sample envelope; the probe's own have a tenth of a second."""

FrameNumber = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""As an AudioContext counts, in frames of its rate."""

FrameCount = Annotated[int, Field(ge=0, le=LONGEST_BATCH)]

SampleRate = Annotated[float, Field(ge=3_000, le=768_000)]
"""Hz; what Chromium can open an AudioContext with."""

Milliseconds = Annotated[float, Field(ge=-8.64e15, le=8.64e15)]
"""Page time, within the range of a JavaScript Date."""

Decibels = Annotated[float, Field(ge=-1_000, le=1_000)]


def says_samples(data: Mapping[str, Any]) -> bool:
    """Whether ``pcm`` is base64 of two bytes for each of ``frames``, or empty for silence."""
    pcm, frames = str(data["pcm"]), int(data["frames"])
    if not pcm:
        return True
    if len(pcm) != -(-frames * 2 // 3) * 4:  # before anything of that length is decoded
        return False
    try:
        return len(base64.b64decode(pcm, validate=True)) == frames * 2
    except (binascii.Error, ValueError):
        return False
