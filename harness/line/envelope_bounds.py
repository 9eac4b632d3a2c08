"""Bounds of a batch of envelopes, beside those of its numbers in `harness.facts.bounds`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

LONGEST_PAYLOAD = 64_000_000
"""Characters of one batch; the probe's own are at most half as long."""


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
