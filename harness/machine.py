"""The class of this machine: times of one are not those of another."""

from __future__ import annotations

import os
import platform


def machine_class() -> str:
    """System, processor and number of cores, as "Linux x86_64, 2 cores"."""
    cores = os.cpu_count() or 1
    return f"{platform.system()} {platform.machine()}, {cores} core{'s' * (cores != 1)}"
