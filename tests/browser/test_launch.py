"""Starting Chromium, and what stays when it has ended: nothing."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio.clip import AudioClip
from harness.browser.launch import open_chromium
from harness.browser.voice_page import open_voice_page
from harness.errors import FixtureError, LaunchError, UsageError
from tests.support.page_server import PageServer

pytestmark = pytest.mark.browser


def left_of(profile: str) -> list[str]:
    """The profile's folder, and processes that run on it."""
    found = [profile] if Path(profile).exists() else []
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if f"--user-data-dir={profile}".encode() in command.read_bytes():
                found.append(str(command.parent))
    return found


async def test_nothing_stays_after_the_block() -> None:
    """Neither process nor profile of this Chromium."""
    async with open_chromium() as chromium:
        assert chromium.browser.is_connected()
        ours = profile_of(await chromium.devtools.root.send("SystemInfo.getInfo"))
        assert len(left_of(ours)) >= 2, "it is seen while it runs"
    assert left_of(ours) == []


async def test_nothing_stays_after_a_cancellation(page_server: PageServer) -> None:
    """A task that is cancelled in the middle of a call."""
    opened = asyncio.Event()
    profiles: list[str] = []

    async def call_for_ever() -> None:
        async with open_chromium() as chromium, open_voice_page(chromium) as page:
            await page.goto(page_server.url("loopback.html?call"))
            await page.microphone.ready()
            profiles.append(profile_of(await chromium.devtools.root.send("SystemInfo.getInfo")))
            opened.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(call_for_ever())
    await asyncio.wait({task, asyncio.create_task(opened.wait())}, return_when="FIRST_COMPLETED")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert profiles
    assert left_of(profiles[0]) == []


async def test_the_fake_device_plays_its_file(page_server: PageServer, tmp_path: Path) -> None:
    """Device mode: the browser's own microphone, and what it captured is on record."""
    t = np.arange(48_000 * 4) / 48_000
    file = tmp_path / "tone.wav"
    soundfile.write(file, 0.5 * np.sin(2 * np.pi * 440 * t), 48_000)
    async with (
        open_chromium(device_mode=True, fake_audio_file=file) as chromium,
        open_voice_page(chromium, microphone="device") as page,
    ):
        await page.goto(page_server.url("loopback.html?call"))
        await page.microphone.ready()
        async with asyncio.timeout(10):
            async for frames in page.sent.reader():
                if np.abs(frames.samples).max() > 0.1:
                    break
        with pytest.raises(UsageError, match="device mode"):
            await page.microphone.play(AudioClip(np.zeros(10, np.float32), 48_000))
        await page.page.evaluate("stream.getAudioTracks()[0].stop()")
        async with asyncio.timeout(10):
            async for envelope in page.envelopes.reader():
                if envelope.type == "microphone.stopped":
                    break


async def test_a_missing_audio_file_is_named(tmp_path: Path) -> None:
    """Before anything is started."""
    with pytest.raises(FixtureError, match=r"gone\.wav"):
        async with open_chromium(device_mode=True, fake_audio_file=tmp_path / "gone.wav"):
            pass


async def test_a_browser_that_does_not_start_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An executable that ends at once."""
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("HARNESS_CHROMIUM", str(broken))
    with pytest.raises(LaunchError, match="did not start"):
        async with open_chromium():
            pass


def profile_of(info: dict[str, object]) -> str:
    return str(info["commandLine"]).split("--user-data-dir=", 1)[1].split(" ", 1)[0]
