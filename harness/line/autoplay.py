"""Words for whether a page is heard before its user has clicked."""

from __future__ import annotations

from typing import Literal

Autoplay = Literal["allowed", "user-gesture"]
"""allowed: a page plays whenever it likes; user-gesture: as in people's browsers, only once its
user has clicked, touched or typed on it, or while it has a microphone or a camera open."""
