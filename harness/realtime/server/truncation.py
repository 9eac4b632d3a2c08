"""Truncation of a long conversation, ``session.truncation``: what a response still sees.

Pure arithmetic on the sizes of the items, in tokens; which items were left out once is the
caller's to keep, since what was dropped does not come back.

Source: the API's description of ``truncation``: oldest first, down to the limit or to a share of
it; "disabled" drops nothing and fails instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.realtime.session_object import Settings

INPUT_TOKENS = 28_224
"""What the 32k class takes: its context without the 4096 tokens of an answer."""

INPUT_TOKENS_OF_NEWER_MODELS = 123_904
"""The same for the 128k class, which an hour of talk does not fill."""


@dataclass(frozen=True, slots=True)
class ContextLimit:
    """How many tokens of conversation a response may see, besides its instructions."""

    most_tokens: int

    kept_tokens: int | None
    """How far a conversation that is too long is cut; None: it is not cut, the response fails."""

    def first_kept(self, sizes: Sequence[int]) -> int:
        """The index of the oldest item that stays, by the items' tokens in order.

        The newest item stays whatever its size, or nothing would be left to answer.
        """
        total = sum(sizes)
        if total <= self.most_tokens or self.kept_tokens is None:
            return 0
        first = 0
        while first < len(sizes) - 1 and total > self.kept_tokens:
            total -= sizes[first]
            first += 1
        return first

    def is_exceeded(self, sizes: Sequence[int]) -> bool:
        """Whether the response has to fail."""
        return self.kept_tokens is None and sum(sizes) > self.most_tokens


def context_limit(session: Settings, instruction_tokens: int) -> ContextLimit:
    """The limit of a response with these settings.

    Args:
        session: the effective settings, with ``truncation`` and ``model``.
        instruction_tokens: of the instructions, which always go along.
    """
    of_model = max(0, input_tokens(session["model"]) - instruction_tokens)
    truncation = session["truncation"]
    if truncation == "disabled":
        return ContextLimit(of_model, None)
    if truncation == "auto":
        return ContextLimit(of_model, of_model)
    asked = (truncation.get("token_limits") or {}).get("post_instructions")
    most = of_model if asked is None else min(asked, of_model)
    return ContextLimit(most, int(most * truncation["retention_ratio"]))


def input_tokens(model: str) -> int:
    """Tokens of input that a model takes."""
    is_newer = model == "gpt-realtime-2" or model.startswith(("gpt-realtime-2.", "gpt-realtime-2-"))
    return INPUT_TOKENS_OF_NEWER_MODELS if is_newer else INPUT_TOKENS
