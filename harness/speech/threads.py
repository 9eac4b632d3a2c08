"""Threads for recognition and synthesis: they come after those that carry media."""

from __future__ import annotations

import os
import sys
import threading

RECOGNITION_NICENESS = 5
"""Recognition and synthesis take a core for a moment; the media threads must come first."""


def be_nice() -> None:
    """Lower this thread's priority, and that of the threads its engine starts (Linux only)."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        nice = max(RECOGNITION_NICENESS, os.getpriority(os.PRIO_PROCESS, thread))
        os.setpriority(os.PRIO_PROCESS, thread, nice)  # a process that is nicer already stays so
