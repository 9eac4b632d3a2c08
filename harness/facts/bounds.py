"""Bounds of the numbers that a page may tell: everything behind the schema can reckon with them.

A page can get at the probe's way out, and what it tells is only text. So a count that would fill
the memory, a rate of 0 or a time without end is refused with the schema, before anything computes.
"""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge, Le, MaxLen

LONGEST_BATCH = 480_000
"""Frames of one batch of samples; the probe's own have a tenth of a second."""

FrameNumber = Annotated[int, Ge(-(2**53)), Le(2**53)]
"""As an AudioContext counts, in frames of its rate."""

FrameCount = Annotated[int, Ge(0), Le(LONGEST_BATCH)]
"""Of one batch."""

SampleRate = Annotated[float, Ge(3_000), Le(768_000)]
"""Hz; what Chromium can open an AudioContext with."""

Milliseconds = Annotated[float, Ge(-8.64e15), Le(8.64e15)]
"""Page time, within the range of a JavaScript Date."""

Decibels = Annotated[float, Ge(-1_000), Le(1_000)]
"""Relative to full scale."""

Gain = Annotated[float, Ge(0), Le(1e9)]
"""A factor."""

Volume = Annotated[float, Ge(0), Le(2)]
"""1 is as loud as it was sent."""

CallCount = Annotated[int, Ge(1), Le(2**53)]
"""How many calls one event tells of."""

ShortText = Annotated[str, MaxLen(400)]
"""Words of a page's; the probe's own have 300 characters at most."""

ShortTexts = Annotated[list[ShortText], MaxLen(8)]
"""A few of them; the probe's own are 4 at most."""
