"""Settings that one response is made with."""

from __future__ import annotations

from dataclasses import dataclass

from harness.realtime.session_object import Settings


@dataclass(frozen=True, slots=True)
class ResponseSettings:
    """The session's settings for one response, with what its request overrides."""

    session: Settings
    in_conversation: bool = True
    metadata: dict[str, str] | None = None

    @property
    def is_spoken(self) -> bool:
        """Whether the response has audio."""
        return bool(self.session["output_modalities"] == ["audio"])

    @property
    def max_tokens(self) -> int | None:
        """The most output tokens it may have; None: any number."""
        limit = self.session["max_output_tokens"]
        return limit if isinstance(limit, int) else None
