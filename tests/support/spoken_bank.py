"""Real speech of three speakers, for what is planted into audio."""

from __future__ import annotations

import functools

from harness.audio.fixtures import find_fixture
from harness.bench.compare_audio import Bank, takes_of

SPOKEN = {
    "heart": ("booking-table-for-two", "numbers-phone"),
    "michael": ("booking-table-for-two-michael", "numbers-order"),
    "reader": ("sense-0880", "sense-0930"),
}


@functools.cache
def spoken_bank() -> Bank:
    """Shipped recordings; the sentences of two speakers differ, and count by their place."""
    takes = {
        voice: [
            (f"sentence {n} in some words", takes_of([find_fixture(name).load().clip]))
            for n, name in enumerate(names)
        ]
        for voice, names in SPOKEN.items()
    }
    return Bank(takes)
