"""The server as a process of its own, or several: start, watch, end."""

from __future__ import annotations

from harness.moved import symbol


def __getattr__(name: str) -> object:
    return symbol(__name__, name)
