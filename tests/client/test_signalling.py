"""Both ways of negotiating lead to a call; a broken signalling function has a named error."""

from __future__ import annotations

from typing import Any

import pytest

from harness.client.signalling import ThroughHost, WithSecret
from harness.errors import NegotiationFailed, ServerRefused


class Peer:
    """The offering side, as far as negotiation sees it."""

    def __init__(self) -> None:
        self.answer: str | None = None

    async def create_offer(self) -> str:
        return "v=0 offer"

    async def accept_answer(self, sdp: str) -> None:
        self.answer = sdp


class PeerThatNegotiates(Peer):
    async def negotiate(self, calls_url: str, secret: str) -> str | None:
        self.answer = f"{calls_url} {secret}"
        return "rtc_own"


async def post(secret: str, offer: str) -> tuple[str, str | None]:
    return f"v=0 answer to {offer} by {secret}", "rtc_1"


async def test_the_host_s_function_carries_offer_and_answer() -> None:
    async def signalling(offer: str) -> str:
        return f"v=0 answer to {offer}"

    peer: Any = Peer()
    assert await ThroughHost(signalling)(peer) is None
    assert peer.answer == "v=0 answer to v=0 offer"


async def test_with_a_secret_the_offer_is_posted_and_the_call_has_an_id() -> None:
    peer: Any = Peer()
    assert await WithSecret("http://h/calls", "ek_1", post)(peer) == "rtc_1"
    assert peer.answer == "v=0 answer to v=0 offer by ek_1"


async def test_an_engine_that_negotiates_itself_gets_address_and_secret() -> None:
    peer: Any = PeerThatNegotiates()
    assert await WithSecret("http://h/calls", "ek_1", post)(peer) == "rtc_own"
    assert peer.answer == "http://h/calls ek_1"


async def test_a_function_that_raises_is_a_failed_negotiation() -> None:
    async def breaks(offer: str) -> str:
        raise OSError("no route")

    peer: Any = Peer()
    with pytest.raises(NegotiationFailed, match="no route"):
        await ThroughHost(breaks)(peer)


async def test_an_error_of_ours_passes_as_it_is() -> None:
    async def refuses(offer: str) -> str:
        raise ServerRefused("no")

    peer: Any = Peer()
    with pytest.raises(ServerRefused):
        await ThroughHost(refuses)(peer)


async def test_no_answer_is_said() -> None:
    async def forgets(offer: str) -> Any:
        return None

    peer: Any = Peer()
    with pytest.raises(NegotiationFailed, match="NoneType"):
        await ThroughHost(forgets)(peer)
