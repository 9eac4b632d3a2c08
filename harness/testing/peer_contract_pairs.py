"""The contract between two ends of a call: channels, audio, states, candidates.

Part of `harness.testing.peer_contract.PeerContract`, which says how to run it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import numpy as np
import pytest

from harness.errors import PeerError
from harness.peer.interface import Samples
from harness.testing.peer_contract_tools import (
    LABEL,
    TONE_RMS,
    Ends,
    Tone,
    connected,
    hear,
    hear_until,
    loudest_hz,
    one_side,
    rms,
    steady_rms,
    without_candidates,
)

LONG_TEXT = "é" * 30_000
"""60 000 bytes, as a long session's settings are."""

NOTICED_WITHIN_S = 30.0
"""The last packets of a side that goes away may be lost, on a busy machine; then its silence tells,
which takes an engine up to 16 s."""


def _is_tone(frequency_hz: float) -> Callable[[Samples], bool]:
    """Whether a piece is that tone, within 4 Hz and 1 dB of what the other microphone had."""

    def fits(heard: Samples) -> bool:
        gain_db = 20 * np.log10(max(steady_rms(heard), 1e-9) / TONE_RMS)
        return abs(loudest_hz(heard) - frequency_hz) <= 4.0 and abs(gain_db) <= 1.0

    return fits


class PairContract:
    """Each test gets `ends`: who calls whom."""

    # Channels

    async def test_text_goes_both_ways_and_in_order(self, ends: Ends) -> None:
        """Also 60 000 bytes in one message, and many messages at once."""
        async with connected(ends) as (caller, callee):
            sent = ["hello", LONG_TEXT, *(f"message {n}" for n in range(50))]
            for text in sent:
                caller.peer.send(LABEL, text)
                callee.peer.send(LABEL, text)
            for side in (caller, callee):
                await side.listener.until(lambda s=side: len(s.listener.messages) >= len(sent))  # type: ignore[misc]
                assert side.listener.messages == [(LABEL, text) for text in sent]

    async def test_binary_stays_binary(self, ends: Ends) -> None:
        """Bytes arrive as bytes, unchanged, in both directions, and so do 60 000 of them."""
        async with connected(ends) as (caller, callee):
            sent = [bytes(range(256)), bytes(60_000)]
            for data in sent:
                caller.peer.send(LABEL, data)
                callee.peer.send(LABEL, data)
            for side in (caller, callee):
                await side.listener.until(lambda s=side: len(s.listener.messages) >= len(sent))  # type: ignore[misc]
                assert side.listener.messages == [(LABEL, data) for data in sent]

    async def test_channels_do_not_mix(self, ends: Ends) -> None:
        """Each message names its channel."""
        async with connected(ends, LABEL, "second") as (caller, callee):
            caller.peer.send("second", "two")
            caller.peer.send(LABEL, "one")
            await callee.listener.until(lambda: len(callee.listener.messages) == 2)
            assert set(callee.listener.messages) == {("second", "two"), (LABEL, "one")}

    async def test_one_channel_ends_and_the_call_goes_on(self, ends: Ends) -> None:
        """The remote peer is told; the other channel still carries messages."""
        async with connected(ends, LABEL, "second") as (caller, callee):
            callee.peer.close_channel(LABEL)
            callee.peer.close_channel("no such channel")
            await caller.listener.until(lambda: LABEL in caller.listener.closed)
            with pytest.raises(PeerError):
                callee.peer.send(LABEL, "too late")
            callee.peer.send("second", "still here")
            await caller.listener.until(lambda: bool(caller.listener.messages))
            assert caller.listener.messages == [("second", "still here")]

    async def test_queued_bytes_drain(self, ends: Ends) -> None:
        """What was queued is counted until it has left."""
        async with connected(ends) as (caller, callee):
            for _ in range(20):
                caller.peer.send(LABEL, LONG_TEXT)
            await callee.listener.until(lambda: len(callee.listener.messages) == 20)
            async with asyncio.timeout(5):
                while caller.peer.buffered_bytes(LABEL):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)

    # Audio

    async def test_the_microphone_is_heard_while_attached(self, ends: Ends) -> None:
        """Each hears the other's tone at its level; detached is silent; attached again sounds."""
        async with connected(ends) as (caller, callee):
            caller.peer.attach_microphone(Tone(440.0))
            callee.peer.attach_microphone(Tone(1000.0))
            for side, frequency_hz in ((callee, 440.0), (caller, 1000.0)):
                await hear_until(side, _is_tone(frequency_hz), piece_s=0.5)
            caller.peer.detach_microphone()
            await hear_until(callee, lambda heard: rms(heard) < 0.01)
            caller.peer.attach_microphone(Tone(440.0))
            await hear_until(callee, lambda heard: rms(heard) > 0.2)
            for block in callee.listener.audio:
                assert block.dtype == np.float32
                assert block.ndim == 1

    async def test_the_remote_track_is_told_once(self, ends: Ends) -> None:
        """With an id and a stream, so that a page could play it."""
        async with connected(ends) as (caller, callee):
            for side in (caller, callee):
                await hear(side, 0.05)
                ((track_id, stream_ids),) = side.listener.tracks
                assert track_id
                assert stream_ids

    # States

    async def test_states_come_in_order(self, ends: Ends) -> None:
        """No state twice in a row, and connected comes last."""
        async with connected(ends) as (caller, callee):
            for side in (caller, callee):
                assert side.listener.states_of("connection") == ["connecting", "connected"]
                assert side.listener.states_of("signaling")[-1] == "stable"
                assert side.listener.states_of("gathering") == ["gathering", "complete"]
                assert side.listener.states_of("ice")[-1] in ("connected", "completed")
                assert side.listener.opened == [LABEL]
                assert not side.listener.errors

    async def test_the_far_end_going_away_is_told(self, ends: Ends) -> None:
        """A side that closes is noticed by the other, by its channel or its state."""
        async with connected(ends) as (caller, callee):
            await caller.peer.aclose()
            await callee.listener.until(
                lambda: LABEL in callee.listener.closed or bool(callee.listener.errors),
                NOTICED_WITHIN_S,
            )
            with pytest.raises(PeerError):
                caller.peer.send(LABEL, "too late")

    async def test_candidates_may_come_later(self, ends: Ends) -> None:
        """One by one, after descriptions that had none."""
        async with one_side(ends.make_caller) as caller, one_side(ends.make_callee) as callee:
            caller.peer.open_channel(LABEL)
            offer, of_caller = without_candidates(await caller.peer.create_offer())
            answer, of_callee = without_candidates(await callee.peer.accept_offer(offer))
            await caller.peer.accept_answer(answer)
            for side, candidates in ((callee, of_caller), (caller, of_callee)):
                for candidate, mid in candidates:
                    await side.peer.add_candidate(candidate, mid)
            for side in (caller, callee):
                await side.listener.until(lambda s=side: LABEL in s.listener.opened)  # type: ignore[misc]
