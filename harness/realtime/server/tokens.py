"""Token counts: an estimate that is the same every time, by the prices the guide states."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from harness.realtime.items import Item, is_assistant_message, text_of

CHARS_PER_TEXT_TOKEN = 4
USER_AUDIO_TOKEN_S = 0.1
ASSISTANT_AUDIO_TOKEN_S = 0.05
IMAGE_TOKENS = 85
RATE_LIMIT_TOKENS = 250_000
RATE_LIMIT_WINDOW_S = 60.0


@dataclass(slots=True)
class TokenCount:
    """Tokens by kind."""

    text: int = 0
    audio: int = 0
    image: int = 0

    @property
    def total(self) -> int:
        """Tokens of all kinds."""
        return self.text + self.audio + self.image


def text_tokens(text: str) -> int:
    """Tokens of a text, by its length."""
    return math.ceil(len(text) / CHARS_PER_TEXT_TOKEN)


def user_audio_tokens(duration_s: float) -> int:
    """Tokens of the user's audio, by its seconds."""
    return math.ceil(duration_s / USER_AUDIO_TOKEN_S)


def assistant_audio_tokens(duration_s: float) -> int:
    """Tokens of an assistant's audio, by its seconds."""
    return math.ceil(duration_s / ASSISTANT_AUDIO_TOKEN_S)


def context_tokens(instructions: str, items: Iterable[tuple[Item, float]]) -> TokenCount:
    """Tokens of a response's input.

    Args:
        instructions: in force for the response.
        items: each with the seconds of audio it carries.
    """
    count = TokenCount(text=text_tokens(instructions))
    for item, audio_s in items:
        written = (text_of(item), item.get("arguments"), item.get("output"))
        count.text += text_tokens("".join(part for part in written if part))
        by_assistant = is_assistant_message(item)
        count.audio += (assistant_audio_tokens if by_assistant else user_audio_tokens)(audio_s)
        parts = item.get("content", [])
        count.image += IMAGE_TOKENS * sum(part["type"] == "input_image" for part in parts)
    return count


def usage(given: TokenCount, made: TokenCount, model: str) -> dict[str, Any]:
    """The ``usage`` object of a response; models that reason count that too (here: nothing)."""
    reasons = model == "gpt-realtime-2" or model.startswith("gpt-realtime-2.")
    output_details = {"text_tokens": made.text, "audio_tokens": made.audio}
    if reasons:
        output_details["reasoning_tokens"] = 0
    nothing_cached = {"text_tokens": 0, "audio_tokens": 0, "image_tokens": 0}
    return {
        "total_tokens": given.total + made.total,
        "input_tokens": given.total,
        "output_tokens": made.total,
        "input_token_details": {
            "text_tokens": given.text,
            "audio_tokens": given.audio,
            "image_tokens": given.image,
            "cached_tokens": 0,
            "cached_tokens_details": nothing_cached,
        },
        "output_token_details": output_details,
    }


def capped(made: TokenCount, limit: int) -> TokenCount:
    """Tokens made under a limit: generation goes in steps, and the last one is counted in part."""
    text = min(made.text, limit)
    return TokenCount(text=text, audio=min(made.audio, limit - text))


@dataclass(slots=True)
class RateLimit:
    """What one session has used of its tokens: a bucket that refills within a minute.

    It is told to the client and refuses nothing. Times are any monotonic seconds, handed in.
    """

    _used: float = 0.0
    _at_s: float = 0.0

    def take(self, tokens: int, now_s: float) -> list[dict[str, Any]]:
        """Use some; gives the ``rate_limits`` list as it stands after that."""
        refilled = max(0.0, now_s - self._at_s) / RATE_LIMIT_WINDOW_S * RATE_LIMIT_TOKENS
        self._used = min(max(0.0, self._used - refilled) + tokens, RATE_LIMIT_TOKENS)
        self._at_s = now_s
        return [
            {
                "name": "tokens",
                "limit": RATE_LIMIT_TOKENS,
                "remaining": RATE_LIMIT_TOKENS - math.ceil(self._used),
                "reset_seconds": round(self._used / RATE_LIMIT_TOKENS * RATE_LIMIT_WINDOW_S, 3),
            }
        ]
