"""Identifiers in the shapes the service gives them; seeded, a run repeats its own."""

from __future__ import annotations

import os
import random
import string

BASE62 = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
SPARE_BYTES = 4
"""Drawn beside those of an id: of 62 letters one byte in 32 is of no use."""


class Ids:
    """Makes identifiers; with a seed the same ones in the same order.

    Args:
        seed: None draws from the system's randomness.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = None if seed is None else random.Random(seed)

    def session(self) -> str:
        """A new id of a session."""
        return f"sess_{self.letters(21)}"

    def conversation(self) -> str:
        """A new id of a conversation."""
        return f"conv_{self.letters(21)}"

    def item(self) -> str:
        """A new id of an item."""
        return f"item_{self.letters(21)}"

    def response(self) -> str:
        """A new id of a response."""
        return f"resp_{self.letters(21)}"

    def event(self) -> str:
        """A new id of a server event."""
        return f"event_{self.letters(21)}"

    def playback_event(self) -> str:
        """For ``output_audio_buffer.*``, whose ids have a shape of their own."""
        return f"event_{self.letters(16, HEX)}"

    def function_call(self) -> str:
        """A new `call_id` of a function call."""
        return f"call_{self.letters(16)}"

    def letters(self, count: int, alphabet: str = BASE62) -> str:
        """Random characters, also used as padding of delta events."""
        if self._random is not None:
            return "".join(self._random.choices(alphabet, k=count))
        return "".join(_drawn(count, alphabet))


def _drawn(count: int, alphabet: str) -> list[str]:
    """Characters from the system's randomness, each as likely; it is asked for all at once.

    A thread of 200 items makes 600 ids, and `random.SystemRandom` asks for each letter.
    """
    kinds = len(alphabet)
    most = 256 - 256 % kinds  # a byte beyond would make the first characters likelier
    found: list[str] = []
    while len(found) < count:
        drawn = os.urandom(count - len(found) + SPARE_BYTES)
        found += [alphabet[byte % kinds] for byte in drawn if byte < most]
    return found[:count]
