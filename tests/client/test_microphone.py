"""What is said reaches the connection: mixed, in order, at its pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.audio.wav import write_wav
from harness.client.microphone import AHEAD_FRAMES, Microphone
from harness.errors import FixtureError, NotConnected
from tests.support.waiting import until


def make(is_live: bool = True) -> tuple[Microphone, list[bool]]:
    switched: list[bool] = []
    return Microphone(switched.append, lambda: is_live), switched


def clip(value: float, frames: int, rate_hz: int = 48_000) -> AudioClip:
    return AudioClip(np.full(frames, value, np.float32), rate_hz)


async def pulled(microphone: Microphone, frames: int, said: asyncio.Task[None]) -> np.ndarray:
    """Pull as a connection does, until it is said."""
    await asyncio.sleep(0)
    parts = []
    while not said.done():
        parts.append(microphone.pull(frames))
        await asyncio.sleep(0)
    await said
    return np.concatenate(parts)


async def test_a_clip_is_pulled_to_its_last_sample() -> None:
    microphone, _ = make()
    said = asyncio.create_task(microphone.play(clip(0.5, 2000)))
    got = await pulled(microphone, 960, said)
    assert (got[:2000] == 0.5).all()
    assert not got[2000:].any()


async def test_two_clips_are_mixed_with_their_gains() -> None:
    microphone, _ = make()
    both = asyncio.gather(
        microphone.play(clip(0.25, 960)), microphone.play(clip(0.5, 960), gain=0.5)
    )
    await asyncio.sleep(0)
    assert np.allclose(microphone.pull(960), 0.5)
    await asyncio.sleep(0)
    await both


async def test_other_rates_are_converted() -> None:
    microphone, _ = make()
    said = asyncio.create_task(microphone.play(clip(0.5, 2400, 24_000)))
    got = await pulled(microphone, 480, said)
    assert np.count_nonzero(np.abs(got) > 0.2) == pytest.approx(4800, abs=100)


async def test_a_file_is_said_by_its_path(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.full(960, 0.5, np.float32), 48_000)
    microphone, _ = make()
    said = asyncio.create_task(microphone.play(tmp_path / "a.wav"))
    await until(lambda: bool(microphone.pull(960).any()))
    await said
    with pytest.raises(FixtureError):
        await microphone.play(tmp_path / "missing.wav")


async def test_a_shipped_fixture_is_said_by_its_name() -> None:
    microphone, _ = make()
    said = asyncio.create_task(microphone.play("goforward"))
    await until(lambda: bool(microphone.pull(960).any()))
    microphone.stop_all()
    await said


async def test_off_sends_silence_while_the_clip_goes_on() -> None:
    microphone, switched = make()
    said = asyncio.create_task(microphone.play(clip(0.5, 1920)))
    await asyncio.sleep(0)
    microphone.off()
    assert not microphone.pull(960).any()
    assert microphone.toggle()
    assert microphone.pull(960).all()
    microphone.on()
    await said
    assert switched == [False, True]


async def test_a_live_source_is_read_a_little_ahead_and_ends_by_itself() -> None:
    read = 0

    async def source() -> AsyncIterator[np.ndarray]:
        nonlocal read
        for _ in range(40):
            read += 1
            yield np.full(960, 0.5, np.float32)

    microphone, _ = make()
    said = asyncio.create_task(microphone.feed(source()))
    await asyncio.sleep(0.01)
    assert read == AHEAD_FRAMES // 960 + 1
    got = await pulled(microphone, 960, said)
    assert read == 40
    assert (got[: 40 * 960] == 0.5).all()


async def test_a_source_that_breaks_breaks_its_feed_and_nothing_else() -> None:
    async def source() -> AsyncIterator[np.ndarray]:
        yield np.full(960, 0.5, np.float32)
        raise OSError("the device is gone")

    microphone, _ = make()
    with pytest.raises(OSError, match="device"):
        await microphone.feed(source())
    assert not microphone.pull(960).any()


async def test_a_cancelled_clip_falls_silent() -> None:
    microphone, _ = make()
    said = asyncio.create_task(microphone.play(clip(0.5, 9600)))
    await asyncio.sleep(0)
    said.cancel()
    await asyncio.gather(said, return_exceptions=True)
    assert not microphone.pull(960).any()


async def test_stop_all_ends_what_is_said_without_an_error() -> None:
    microphone, _ = make()
    said = asyncio.create_task(microphone.play(clip(0.5, 9600)))
    await asyncio.sleep(0)
    microphone.stop_all()
    await said


async def test_without_a_call_nothing_can_be_said() -> None:
    with pytest.raises(NotConnected):
        await make(is_live=False)[0].play(clip(0.5, 10))


async def test_the_end_of_the_call_is_told_to_who_waits() -> None:
    microphone, _ = make()
    said = asyncio.create_task(microphone.play(clip(0.5, 9600)))
    await asyncio.sleep(0)
    microphone.end()
    with pytest.raises(NotConnected, match="while something was being said"):
        await said
