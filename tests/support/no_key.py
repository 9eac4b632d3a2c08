"""A search for client secrets in what a run leaves behind."""

from __future__ import annotations

import re

SECRET = re.compile(r"(?<![\w+/-])ek_[\w-]{6,}")
"""A key by itself; a browser's random ids may have these three letters within."""


def has_key(text: str) -> bool:
    """Whether a client secret stands in it."""
    return SECRET.search(text) is not None
