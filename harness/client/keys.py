"""The API key: from an argument, a callback, the environment, or a clear error.

The key is asked for anew each time it is needed, so a callback may hand out short-lived ones.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from harness.errors import HarnessError, KeyMissing
from harness.redact import SHORTEST_KEY_CHARS, too_short

KEY_VARIABLE = "OPENAI_API_KEY"

KeyCallback: TypeAlias = Callable[[], str | Awaitable[str | None] | None]
"""Gives the key of this moment; may be a coroutine function."""


@dataclass(frozen=True, slots=True)
class KeySource:
    """The places where the key may be, in the order in which they are tried."""

    argument: str | None = field(default=None, repr=False)
    callback: KeyCallback | None = field(default=None, repr=False)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    variable: str = KEY_VARIABLE

    async def key(self) -> str:
        """The API key.

        Raises:
            KeyMissing: no place has one, a callback broke, or what was found cannot be a key.
        """
        for place, value in (
            ("the argument", self.argument),
            ("the callback", await self._called()),
            (f"the variable {self.variable}", self.environment.get(self.variable)),
        ):
            if value is not None and value.strip():
                return _checked(value.strip(), place)
        raise KeyMissing(
            "There is no API key for the Realtime server.",
            expected=f"an api_key argument, a key callback, or the variable {self.variable}",
            found="none of them",
            hint=f"export {self.variable}=…, or start a local server: it has a key of its own",
        )

    async def _called(self) -> str | None:
        if self.callback is None or (self.argument or "").strip():
            return None
        try:
            value = self.callback()
            return await value if inspect.isawaitable(value) else value
        except HarnessError:
            raise
        except Exception as error:
            # Its text may hold the key, or what leads to it; the cause has it for a debugger.
            raise KeyMissing(
                "The key callback broke.",
                expected="an API key",
                found=type(error).__name__,
                hint="run the callback by itself to see why",
            ) from error


def _checked(value: object, place: str) -> str:
    """A header value: printable ASCII without blanks. The value itself is never shown."""
    if isinstance(value, str) and value.isascii() and value.isprintable() and " " not in value:
        if found := too_short(value):
            raise KeyMissing(
                f"What {place} holds is too short for an API key.",
                expected=f"at least {SHORTEST_KEY_CHARS} characters: a shorter one cannot be "
                "masked in logs and messages",
                found=found,
                hint="use a longer key",
            )
        return value
    raise KeyMissing(
        f"What {place} holds cannot be an API key.",
        expected="one word of printable ASCII characters",
        found="other characters in it",
        hint="copy the key again, without line breaks and quotes",
    )
