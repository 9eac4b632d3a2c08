"""Short-lived keys for pages: minted with a session, good until they expire."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any

PREFIX = "ek_"
MOST_KEPT = 10_000
SHORTEST_S, LONGEST_S, DEFAULT_S = 10, 7200, 600


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A minted secret. Its value is left out of every text made of it."""

    value: str = field(repr=False)
    expires_at: int
    """Unix seconds; from then on it starts no session."""
    session: dict[str, Any] = field(repr=False)
    """The effective session that a call with this secret starts with."""
    faults: tuple[dict[str, Any], ...] = ()
    """What goes wrong with its calls, as data."""


class ClientSecrets:
    """The secrets that may start a session now. Times are Unix seconds, handed in."""

    def __init__(self) -> None:
        self._kept: list[ClientSecret] = []

    def mint(
        self,
        session: dict[str, Any],
        lifetime_s: int,
        now_unix_s: float,
        faults: tuple[dict[str, Any], ...] = (),
    ) -> ClientSecret:
        """A new secret for a session."""
        self._forget_expired(now_unix_s)
        value = PREFIX + secrets.token_urlsafe(32)
        secret = ClientSecret(value, int(now_unix_s) + lifetime_s, session, faults)
        self._kept.append(secret)
        del self._kept[:-MOST_KEPT]
        return secret

    def find(self, value: str, now_unix_s: float) -> ClientSecret | None:
        """The secret with this value unless it is unknown or expired.

        Every kept secret is compared, each in constant time, so that the time taken says
        nothing about how much of a guess was right.
        """
        self._forget_expired(now_unix_s)
        found: ClientSecret | None = None
        for secret in self._kept:
            if same_key(secret.value, value):
                found = secret
        return found

    def _forget_expired(self, now_unix_s: float) -> None:
        self._kept = [secret for secret in self._kept if now_unix_s < secret.expires_at]


def same_key(known: str, given: str) -> bool:
    """Compare two keys in constant time, also when they hold other than ASCII characters."""
    return hmac.compare_digest(known.encode(), given.encode("utf-8", "surrogatepass"))
