"""Messages from before a session began: kept in order, within bounds."""

from __future__ import annotations

MOST_BYTES = 1024 * 1024
"""Of all that wait. Settings and text fit many times; audio has nothing to do there yet."""

TOO_EARLY = "The call is not connected yet, and too many messages wait for it already."


class EarlyMessages:
    """What came too early, each from where it came.

    Args:
        most: messages that wait, wherever they came from.
        most_bytes: of their texts in UTF-8.
    """

    def __init__(self, most: int, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._waiting: list[tuple[str, str]] = []
        self._bytes = 0
        self.has_lost = False
        """Whether there was no room for a message."""

    def add(self, text: str, source: str = "") -> bool:
        """Keep a message; False where there is no room, and nobody will see it."""
        size = len(text.encode("utf-8", "surrogatepass"))
        if len(self._waiting) >= self._most or self._bytes + size > self._most_bytes:
            self.has_lost = True
            return False
        self._waiting.append((source, text))
        self._bytes += size
        return True

    def take(self, source: str = "") -> list[str]:
        """The messages of one source, in order; those of others are forgotten."""
        taken = [text for other, text in self._waiting if other == source]
        self._waiting, self._bytes = [], 0
        return taken
