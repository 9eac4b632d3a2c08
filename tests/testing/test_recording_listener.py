"""The listener that writes everything down."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from harness.testing.recording_listener import RecordingListener


async def test_until_wakes_when_the_condition_comes_true() -> None:
    """Whatever was told."""
    listener = RecordingListener()
    waiting = asyncio.create_task(listener.until(lambda: bool(listener.messages)))
    await asyncio.sleep(0)
    listener.state_changed("connection", "connected")
    listener.channel_message("events", "hello")
    await waiting
    assert listener.told == 2


async def test_until_gives_up() -> None:
    with pytest.raises(TimeoutError):
        await RecordingListener().until(lambda: False, within_s=0.01)


async def test_audio_is_joined_and_states_are_sorted() -> None:
    listener = RecordingListener()
    assert listener.samples().shape == (0,)
    listener.remote_audio(np.ones(3, np.float32))
    listener.remote_audio(np.zeros(2, np.float32))
    listener.state_changed("ice", "checking")
    listener.state_changed("connection", "connecting")
    assert listener.samples().tolist() == [1, 1, 1, 0, 0]
    assert listener.received_frames == 5
    assert listener.states_of("ice") == ["checking"]
