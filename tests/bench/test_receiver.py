import asyncio

import aiohttp
import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.audio.compare import find_delay
from harness.audio.signals import chirp
from harness.bench.receiver import Receiver, open_receiver
from harness.errors import PeerError
from harness.peer.backends import peer_factory

pytestmark = pytest.mark.realtime

CHIRP = chirp(300.0, 3000.0, 1.0, amplitude=0.4).samples


async def _call(receiver: Receiver, signal: MonoFloat32, seconds: float) -> None:
    """Send the signal, then silence, until the receiver has heard as much as asked for."""
    position = 0

    def pull(frames: int) -> MonoFloat32:
        nonlocal position
        part = signal[position : position + frames]
        position += frames
        return np.concatenate([part, np.zeros(frames - len(part), np.float32)])

    caller = peer_factory("aiortc")(Receiver("aiortc"))
    try:
        offer = await caller.create_offer()
        async with (
            aiohttp.ClientSession() as client,
            client.post(f"{receiver.url}offer", data=offer) as response,
        ):
            assert response.status == 200, await response.text()
            await caller.accept_answer(await response.text())
        caller.attach_microphone(pull)
        async with asyncio.timeout(20):
            while receiver.frames < seconds * 48_000:
                await receiver.wait_audio()
        assert (await receiver.stats()).packets_received
    finally:
        await caller.aclose()


async def test_what_a_caller_sends_is_kept() -> None:
    async with open_receiver("aiortc") as receiver:
        signal = np.concatenate([np.zeros(24_000, np.float32), CHIRP])
        await _call(receiver, signal, seconds=3.0)
        assert find_delay(CHIRP, receiver.samples(), 48_000).likeness > 0.5


async def test_nonsense_is_no_offer() -> None:
    async with open_receiver("aiortc") as receiver, aiohttp.ClientSession() as client:
        async with client.post(f"{receiver.url}offer", data="hello") as response:
            assert response.status == 400
        assert receiver.frames == 0


async def test_before_a_call_there_are_no_numbers() -> None:
    async with open_receiver("aiortc") as receiver:
        with pytest.raises(PeerError, match="No page"):
            await receiver.stats()


async def test_the_page_is_served() -> None:
    async with (
        open_receiver("aiortc") as receiver,
        aiohttp.ClientSession() as client,
        client.get(receiver.url) as response,
    ):
        assert "startCall" in await response.text()
