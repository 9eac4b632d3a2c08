"""Keeping secrets out of whatever is written: keys, bearers, credentials, addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from harness.errors import UsageError

_SECRETS = re.compile(
    # API keys and ephemeral keys; the letters before are another word's ("ask_for_a_name"), unless
    # they are an escape of JSON or of a URL.
    r"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"
    r"(?:sk|ek)[-_][A-Za-z0-9_\-]{8,}"
    r"|(?<=[Bb][Ee][Aa][Rr][Ee][Rr] )[A-Za-z0-9._~+/=\-]{8,}"
    r"|(?<=ice-pwd:)[A-Za-z0-9+/]{8,}"
)
_SECRET_KEYS = frozenset({"authorization", "credential", "api_key", "client_secret", "password"})
_NAMES = "|".join(sorted(_SECRET_KEYS))
_SECRETS_IN_JSON = re.compile(
    # Each text is read once, from left to right: a page must not be able to make this slow.
    rf'("(?:{_NAMES})"\s*:\s*")(?:[^"\\]|\\.)+'
    rf'|(\\"(?:{_NAMES})\\"\s*:\s*\\")(?:[^"\\]|\\\\\\.|\\\\[^"\\])+',
    re.IGNORECASE,
)
"""JSON in a text, as the messages of a data channel are; or in a text within that."""
_HINTS = ("sk-", "sk_", "ek-", "ek_", "bearer ", "ice-pwd:", *sorted(_SECRET_KEYS))
"""One of these is in every text that holds a secret. Most have none, and are let through fast."""
_ADDRESS = re.compile(r"(?:https?|wss?)://[^\s\"'<>]+", re.IGNORECASE)
SECRET_WORDS = frozenset(
    {"access", "apikey", "assertion", "auth", "authorization", "code", "credential", "credentials",
     "hmac", "jwt", "key", "otp", "pass", "passwd", "password", "pin", "pwd", "secret", "session",
     "sessionid", "sid", "sig", "signature", "ticket", "token"}
)  # fmt: skip
"""Of the names of a query's parts and of JSON's members: access_token, apiKey, X-Amz-Signature."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_INSIDE = re.compile(r"secret|token|credential|passw|cookie|authori|api_?key", re.IGNORECASE)
"""In names whose words are not told apart, or are several: authtoken, tokens."""
_COUNTS = frozenset({"budget", "count", "limit", "usage"})
_COUNTED = _COUNTS | frozenset(
    {"audio", "cached", "completion", "image", "input", "max", "min", "num", "output", "prompt",
     "reasoning", "remaining", "text", "total", "used"}
)  # fmt: skip
"""Beside one of these "tokens" are what a model reads and writes: max_output_tokens, tokenCount."""
_PLACE = re.compile(r":\d+:\d+\)?$")
MASK = "•••"
SHORTEST_KEY_CHARS = 8
"""A shorter key is refused where it is resolved: hiding it would blot out parts of other words, and
show by that what it is."""
SHORTEST_HIDDEN_CHARS = 4
"""Shorter values are let be: no key is so short, and every text would be spoilt by one that is."""


def too_short(key: str) -> str | None:
    """What is wrong with a key that could not be masked, in words for "found"; None: nothing."""
    count = len(key)
    return None if count >= SHORTEST_KEY_CHARS else f"one of {count} characters"


@dataclass
class Masker:
    """Replace secrets in anything that is JSON; ``known`` are exact values to hide as well.

    Known values of less than `SHORTEST_HIDDEN_CHARS` are let be.
    """

    known: set[str] = field(default_factory=set, repr=False)

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        for secret in sorted(self.known, key=len, reverse=True):  # one may begin with another
            if len(secret) >= SHORTEST_HIDDEN_CHARS:
                text = text.replace(secret, MASK)
        if "mcp" in text and "headers" in text:
            text = self._without_headers(text)
        folded = text.casefold()
        if not any(hint in folded for hint in _HINTS):
            return text
        return _SECRETS.sub(MASK, _SECRETS_IN_JSON.sub(_mask_value, text))

    def value(self, value: Any) -> Any:
        """A JSON value with every secret in it masked, as a copy."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            if value.get("type") == "mcp" and isinstance(value.get("headers"), Mapping):
                # Any header of a remote tool server may be its key, whatever it is called.
                value = {**value, "headers": dict.fromkeys(value["headers"], MASK)}
            return {
                k: MASK if str(k).lower() in _SECRET_KEYS and isinstance(v, str) else self.value(v)
                for k, v in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        return value

    def _without_headers(self, text: str) -> str:
        """A message that names remote tool servers, if the text is one."""
        try:
            message = json.loads(text)
            is_message = isinstance(message, dict | list)
            return json.dumps(self.value(message), ensure_ascii=False) if is_message else text
        except (ValueError, RecursionError):
            return text


def short_key(message: str, found: str) -> UsageError:
    """The error for a key that cannot be masked; the key itself is never shown."""
    return UsageError(
        message,
        expected=f"at least {SHORTEST_KEY_CHARS} characters: a shorter key cannot be masked in "
        "traces, reports and messages",
        found=found,
        hint="use a longer key",
    )


def _mask_value(found: re.Match[str]) -> str:
    return f"{found[1] or found[2]}{MASK}"


def is_secret_name(name: str) -> bool:
    """Whether what a name like "access_token" or "apiKey" stands for lets somebody in."""
    words = {word.lower() for word in _WORD.findall(name)}
    if words & _COUNTED and words - _COUNTED == {"tokens"}:
        return False
    if words & _COUNTS and words - _COUNTED == {"token"}:
        return False
    return bool(_INSIDE.search(name)) or not SECRET_WORDS.isdisjoint(words)


def shown(url: str) -> str:
    """Without user, password, query and fragment; what is no address stays as it is."""
    parts = urlsplit(url)
    if not parts.netloc:
        return url
    return f"{parts.scheme}://{parts.netloc.rsplit('@', 1)[-1]}{parts.path}"


def shown_within(text: str) -> str:
    """A text with each address in it as `shown` tells it; a place in a script keeps its line."""
    return _ADDRESS.sub(_shown_place, text)


def _shown_place(found: re.Match[str]) -> str:
    told, place = shown(found[0]), _PLACE.search(found[0])
    return told if place is None or told.endswith(place[0]) else f"{told}{place[0]}"
