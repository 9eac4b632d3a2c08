"""Client secrets: made in Python with the key, handed out only while they are good.

A secret starts calls until it expires; a call may outlive it. So a new one is made when a call
is to be started and the old one is nearly over, when the settings it was made for have changed,
and for each reconnection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

DEFAULT_LIFETIME_S = 600
MARGIN_S = 30.0
"""A secret handed out is good for at least this long, or for half of its life."""


class Mint(Protocol):
    """Makes a secret: `RealtimeHttpApi.mint` with the key filled in."""

    async def __call__(self, session: Mapping[str, Any], lifetime_s: int) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """What may start a call. Its text shows no value."""

    value: str = field(repr=False)
    expires_at: float
    """Unix seconds."""
    session: Mapping[str, Any] = field(repr=False)
    """The settings it was made for."""
    lifetime_s: int = DEFAULT_LIFETIME_S

    def is_good(self, now_unix_s: float) -> bool:
        """Whether it stays valid long enough to be worth handing out."""
        margin_s = min(MARGIN_S, self.lifetime_s / 2)
        return now_unix_s < self.expires_at - margin_s


class ClientSecrets:
    """Keeps one good secret.

    Args:
        mint: asks the server for one.
        unix_time_s: the wall clock, which `expires_at` counts by.
        lifetime_s: asked for; 10 to 7200.
        on_secret: told each value, so that it can be masked everywhere.
    """

    def __init__(
        self,
        mint: Mint,
        unix_time_s: Callable[[], float],
        lifetime_s: int = DEFAULT_LIFETIME_S,
        on_secret: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.lifetime_s = lifetime_s
        self.minted = 0
        """How many were made."""
        self._mint = mint
        self._unix_time_s = unix_time_s
        self._on_secret = on_secret
        self._kept: ClientSecret | None = None
        self._lock = asyncio.Lock()

    async def good(self, session: Mapping[str, Any]) -> ClientSecret:
        """A secret for these settings that stays valid for a while; several may ask at once.

        Raises:
            ServerError: the server gave none.
            KeyMissing: there is no key to ask with.
        """
        async with self._lock:
            kept = self._kept
            if (
                kept is None
                or not kept.is_good(self._unix_time_s())
                or dict(kept.session) != dict(session)
            ):
                kept = self._kept = await self._new(session)
            return kept

    def forget(self) -> None:
        """The next one asked for is new: before a reconnection, or after a refusal."""
        self._kept = None

    async def _new(self, session: Mapping[str, Any]) -> ClientSecret:
        asked_at_s = self._unix_time_s()
        body = await self._mint(session, self.lifetime_s)
        self.minted += 1
        self._on_secret(body["value"])
        expires_at = body.get("expires_at")
        if isinstance(expires_at, bool) or not isinstance(expires_at, int | float):
            expires_at = asked_at_s + self.lifetime_s
        return ClientSecret(body["value"], float(expires_at), dict(session), self.lifetime_s)
