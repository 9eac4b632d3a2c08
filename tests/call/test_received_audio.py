"""What the other side received: from a server that records, from one that does not, and as sent."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import soundfile
from aiohttp import web

from harness.audio.clip import AudioClip
from harness.audio.signals import white_noise
from harness.call.received_audio import ReceivedAsSent, ServerReceived
from harness.line.audio import AudioFrames
from harness.streams.event_stream import EventStream
from tests.support.small_server import Handler, serve

NOISE = white_noise(2.0, 0.1, seed=1)


def wav() -> bytes:
    file = io.BytesIO()
    soundfile.write(file, NOISE.samples, NOISE.sample_rate_hz, format="WAV")
    return file.getvalue()


async def latest(calls: list[str], status: int = 200) -> AudioClip | str:
    async def listed(_: web.Request) -> web.Response:
        return web.json_response({"calls": [{"call_id": one} for one in calls]})

    async def received(_: web.Request) -> web.Response:
        return web.Response(body=wav(), status=status)

    routes: dict[tuple[str, str], Handler] = {
        ("GET", "/harness/calls"): listed,
        ("GET", "/harness/calls/{id}/received.wav"): received,
    }
    async with serve(routes) as url:
        server = SimpleNamespace(url=url, api_key="sk-test-of-a-key")
        return await ServerReceived(cast("Any", server)).latest(0.5)


async def test_the_last_of_what_the_one_call_received() -> None:
    clip = await latest(["a"])
    assert isinstance(clip, AudioClip)
    assert clip.duration_s == pytest.approx(0.5)
    assert clip.samples == pytest.approx(NOISE.samples[-clip.frames :], abs=1 / 32768)


async def test_where_nobody_can_tell_it_says_why() -> None:
    assert "2 calls" in str(await latest(["a", "b"]))
    assert "did not record" in str(await latest(["a"], status=404))
    gone = SimpleNamespace(url="http://127.0.0.1:9", api_key="sk-test-of-a-key")
    told = await ServerReceived(cast("Any", gone)).latest(1.0)
    assert "does not tell" in str(told)


async def test_without_a_network_it_is_what_was_sent() -> None:
    sent: EventStream[AudioFrames] = EventStream("sent")
    samples = np.full(48_000, 0.25, np.float32)
    sent.push(AudioFrames(1.0, samples, "microphone", 48_000))
    recorder = SimpleNamespace(recordings=SimpleNamespace(read_sent=None))
    asked = ReceivedAsSent(cast("Any", SimpleNamespace(sent=sent)), cast("Any", recorder))
    clip = await asked.latest(0.5)
    assert isinstance(clip, AudioClip)
    assert clip.samples.tolist() == [0.25] * 24_000
