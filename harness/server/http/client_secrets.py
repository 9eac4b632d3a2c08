"""Short-lived keys for pages: minted with a session, good until they expire."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.errors import ProtocolError

PREFIX = "ek_"
MOST_KEPT = 10_000
MOST_SESSION_BYTES = 256 * 1024
"""Of one secret: some 60 000 tokens of instructions and tools."""

MOST_KEPT_BYTES = 64 * 1024 * 1024
SHORTEST_S, LONGEST_S, DEFAULT_S = 10, 7200, 600

_log = logging.getLogger(__name__)


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
    """The secrets that may start a session now. Times are Unix seconds, handed in.

    Beyond MOST_KEPT of them, or MOST_KEPT_BYTES of their sessions, the oldest go first.
    """

    def __init__(self) -> None:
        self._kept: list[_Kept] = []

    def mint(
        self,
        session: dict[str, Any],
        lifetime_s: int,
        now_unix_s: float,
        faults: tuple[dict[str, Any], ...] = (),
    ) -> ClientSecret:
        """A new secret for a session.

        Raises:
            ProtocolError: the session is larger than is kept for a secret.
        """
        text = packed(session, faults)
        value = PREFIX + secrets.token_urlsafe(32)
        secret = ClientSecret(value, int(now_unix_s) + lifetime_s, session, faults)
        self._forget_expired(now_unix_s)
        self._kept.append(_Kept(value, secret.expires_at, text))
        surplus = surplus_of([len(kept.text) for kept in self._kept])
        if surplus:
            _log.warning("too many client secrets: %d of them end before their time", surplus)
        del self._kept[:surplus]
        return secret

    def find(self, value: str, now_unix_s: float) -> ClientSecret | None:
        """The secret with this value unless it is unknown or expired.

        Every kept secret is compared, each in constant time, so that the time taken says
        nothing about how much of a guess was right.
        """
        self._forget_expired(now_unix_s)
        found: _Kept | None = None
        for kept in self._kept:
            if same_key(kept.value, value):
                found = kept
        return None if found is None else unpacked(found.text, value, found.expires_at)

    def knows(self, digest: str, now_unix_s: float) -> bool:
        """Whether there is a secret whose value has this SHA-256, in hexadecimal."""
        self._forget_expired(now_unix_s)
        return any(same_key(digest_of(kept.value), digest) for kept in self._kept)

    def _forget_expired(self, now_unix_s: float) -> None:
        self._kept = [kept for kept in self._kept if now_unix_s < kept.expires_at]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A secret in memory: its session as text takes a tenth of what it takes as objects."""

    value: str = field(repr=False)
    expires_at: int
    text: bytes = field(repr=False)


def packed(session: dict[str, Any], faults: tuple[dict[str, Any], ...]) -> bytes:
    """What a secret starts, as it is kept.

    Raises:
        ProtocolError: it is too large.
    """
    text = json.dumps([session, faults], separators=(",", ":")).encode()
    if len(text) > MOST_SESSION_BYTES:
        raise ProtocolError(
            f"The session of a client secret may have {MOST_SESSION_BYTES} bytes as JSON, its "
            f"defaults included; this one has {len(text)}.",
            code="request_too_large",
            param="session",
        )
    return text


def unpacked(text: bytes, value: str, expires_at: int) -> ClientSecret:
    """The secret of what was `packed`.

    Raises:
        ValueError: it was not.
    """
    found = json.loads(text)
    if not isinstance(found, list) or len(found) != 2:
        raise ValueError("a client secret is a session and its faults")
    session, faults = found
    return ClientSecret(value, expires_at, session, tuple(faults))


def surplus_of(sizes: Sequence[int]) -> int:
    """How many of the secrets, the oldest first, are too many; `sizes` in bytes."""
    surplus, total = max(0, len(sizes) - MOST_KEPT), sum(sizes)
    total -= sum(sizes[:surplus])
    while total > MOST_KEPT_BYTES:
        total -= sizes[surplus]
        surplus += 1
    return surplus


def digest_of(value: str) -> str:
    """What tells a secret and does not give it away: its SHA-256, in hexadecimal."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def same_key(known: str, given: str) -> bool:
    """Compare two keys in constant time, also when they hold other than ASCII characters."""
    return hmac.compare_digest(known.encode(), given.encode("utf-8", "surrogatepass"))
