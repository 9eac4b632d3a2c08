"""The two ways of negotiating a call.

The host does it: the engine's offer goes out through a signalling function and the answer comes
back in. Ours posts it to the server with a client secret; yours may take any other way, a
backend that relays the SDP for instance. Or the engine does it by itself, as a page in a browser
does, given the address and a client secret.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias, runtime_checkable

from harness.errors import HarnessError, NegotiationFailed
from harness.peer.interface import PeerConnection

Signalling: TypeAlias = Callable[[str], Awaitable[str]]
"""Takes the complete SDP offer, returns the remote peer's SDP answer."""


@runtime_checkable
class NegotiatesItself(Protocol):
    """What an engine offers, beside `PeerConnection`, that carries its offer to the server."""

    async def negotiate(self, calls_url: str, secret: str) -> str | None:
        """Post the offer with this secret and take the answer; the call's id where known.

        Raises:
            ServerError: the server did not answer, or refused.
            NegotiationFailed: its answer is of no use.
        """


class Negotiation(Protocol):
    """Brings one connection to the point where both sides know each other's description."""

    async def __call__(self, peer: PeerConnection) -> str | None:
        """Negotiate; the call's id where there is one."""


class ThroughHost:
    """Offer out, the signalling function, answer in."""

    def __init__(self, signalling: Signalling) -> None:
        self._signalling = signalling

    async def __call__(self, peer: PeerConnection) -> str | None:
        offer = await peer.create_offer()
        try:
            answer = await self._signalling(offer)
        except HarnessError:
            raise
        except Exception as error:
            raise NegotiationFailed(
                "The signalling function broke.",
                expected="the remote peer's SDP answer",
                found=f"{type(error).__name__}: {error}",
            ) from error
        if not isinstance(answer, str):
            raise NegotiationFailed(
                "The signalling function returned no SDP answer.",
                expected="text that starts with “v=0”",
                found=type(answer).__name__,
            )
        await peer.accept_answer(answer)
        return None


Post: TypeAlias = Callable[[str, str], Awaitable[tuple[str, str | None]]]
"""Takes secret and offer, returns answer and call id: `RealtimeHttpApi.call`."""


class WithSecret:
    """To a server's calls endpoint, with a client secret: by the engine itself where it can."""

    def __init__(self, calls_url: str, secret: str, post: Post) -> None:
        self._calls_url = calls_url
        self._secret = secret
        self._post = post

    async def __call__(self, peer: PeerConnection) -> str | None:
        if isinstance(peer, NegotiatesItself):
            return await peer.negotiate(self._calls_url, self._secret)
        answer, call_id = await self._post(self._secret, await peer.create_offer())
        await peer.accept_answer(answer)
        return call_id
