"""Speaking into a sound device: a clip stands where the page got it, and how sure that is."""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import Any, cast

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ
from harness.audio.fixtures import find_fixture
from harness.audio.pcm16 import decode
from harness.browser.device_microphone import (
    FOUND_WITHIN_S,
    UNFOUND_S,
    DeviceMicrophone,
    between,
)
from harness.browser.launch import open_chromium
from harness.browser.sound_server import PLAYER, SERVER, SoundServer, open_sound_server
from harness.browser.voice_page import open_voice_page
from harness.clock import MonotonicClock
from harness.errors import NoMicrophoneRequest, UsageError
from harness.line.audio import AudioFrames
from harness.line.audio_batches import audio_stream
from harness.timeline import Timeline
from tests.support.page_server import PageServer

CLIP = find_fixture("yes-please").load().clip
WAY_S = 0.2
LABELS = """async () => (await navigator.mediaDevices.enumerateDevices())
  .filter((device) => device.kind === "audioinput").map((device) => device.label)"""


class Realms:
    """A page with a microphone open, or with none."""

    given_back_s = None
    on_new: Any = None

    def __init__(self, is_open: bool = True) -> None:
        self._is_open = is_open

    def with_microphone(self) -> list[str]:
        return ["page"] if self._is_open else []

    def no_microphone(self) -> NoMicrophoneRequest:
        return NoMicrophoneRequest("There is no open microphone to speak into.")


class Device:
    """What is written comes out at the page's side a while later, or never."""

    def __init__(self, is_deaf: bool = False) -> None:
        self.clock = MonotonicClock()
        self.timeline = Timeline()
        zero_ms = 1000 * self.clock.now_s()
        self.timeline.start(zero_ms)
        self.timeline.anchor(0, zero_ms, CALL_RATE_HZ)
        self.timeline.pair_python(self.clock.now_s(), 1000 * self.clock.now_s(), 0.0)
        self.sent = audio_stream("sent audio")
        self.first: float | None = None
        self._is_deaf = is_deaf
        self._frames = 0

    def write(self, data: bytes) -> None:
        if self.first is None:
            self.first = self.timeline.python_to_s(self.clock.now_s()) + WAY_S
        samples = decode(data) * np.float32(0 if self._is_deaf else 1)
        start_s = self.first + self._frames / CALL_RATE_HZ
        frame = self.timeline.s_to_frame(start_s)
        self.sent.push(AudioFrames(start_s, samples, "page/device-0", frame))
        self._frames += len(samples)

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def microphone(self, realms: Realms | None = None) -> DeviceMicrophone:
        server = SoundServer({}, cast("asyncio.StreamWriter", self))
        anyone = cast("Any", realms or Realms())
        return DeviceMicrophone(anyone, server, self.timeline, self.clock, self.sent)


async def test_a_clip_stands_where_the_page_got_it() -> None:
    device = Device()
    microphone = device.microphone()
    async with microphone.speaking():
        played = await microphone.play(CLIP)
        again = await microphone.play(CLIP, at_s=played.end_s + 0.2)
    assert played.uncertainty_s == FOUND_WITHIN_S
    pieces = device.sent.snapshot()
    loud = next(p for p in pieces if np.abs(p.samples).max() > 0.02)
    assert loud.start_s - played.start_s == pytest.approx(first_sound_s(), abs=0.02)
    assert again.start_s == pytest.approx(played.end_s + 0.2, abs=0.03)


async def test_one_that_does_not_come_has_a_place_in_doubt() -> None:
    microphone = Device(is_deaf=True).microphone()
    async with microphone.speaking():
        played = await microphone.play(CLIP)
    assert played.uncertainty_s == UNFOUND_S


async def test_without_an_open_microphone_nothing_is_said() -> None:
    microphone = Device().microphone(Realms(is_open=False))
    with pytest.raises(NoMicrophoneRequest):
        await microphone.play(CLIP)
    with pytest.raises(UsageError, match="unplugged"):
        await microphone.set_access("none")


def test_the_sound_between_two_moments_is_of_one_microphone() -> None:
    ones = np.ones(480, np.float32)
    pieces = [
        AudioFrames(1.0, 3 * ones, "old", 0),
        AudioFrames(1.0, ones, "new", 0),
        AudioFrames(1.01, 2 * ones, "new", 480),
    ]
    samples, from_s = between(pieces, 0.5, 1.5)
    assert from_s == 1.0
    assert set(np.unique(samples[:960])) == {1.0, 2.0}
    assert between([], 0.5, 1.5)[1] == 0.5


def first_sound_s() -> float:
    return float(np.flatnonzero(np.abs(CLIP.samples) > 0.02)[0]) / CLIP.sample_rate_hz


@pytest.mark.browser
@pytest.mark.realtime
@pytest.mark.alone  # sound that goes through a device has holes on a machine that is busy
@pytest.mark.skipif(
    not (shutil.which(SERVER) and shutil.which(PLAYER)),
    reason="NOT RUN: PulseAudio (pulseaudio, pulseaudio-utils) is not installed",
)
async def test_a_page_hears_what_is_said_into_a_real_device(page_server: PageServer) -> None:
    async with open_sound_server() as sound:
        environment = {**os.environ, **sound.environment}
        async with (
            open_chromium(own_devices=True, options={"env": environment}) as chromium,
            open_voice_page(chromium, microphone="device", sound=sound) as page,
        ):
            await page.goto(page_server.url("loopback.html?call"))
            await page.microphone.ready()
            played = await page.microphone.play(CLIP)
            labels = await page.page.evaluate(LABELS)
    assert "Harness-microphone" in labels
    assert played.uncertainty_s == FOUND_WITHIN_S
