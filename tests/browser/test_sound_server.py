"""A sound server of a call's own: what stands in its way is told, and it leaves nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from harness.browser.sound_server import PLAYER, SERVER, check_sound_server, open_sound_server
from harness.errors import LaunchError
from tests.support.waiting import until

needs_pulse = pytest.mark.skipif(
    not (shutil.which(SERVER) and shutil.which(PLAYER)),
    reason="NOT RUN: PulseAudio (pulseaudio, pulseaudio-utils) is not installed",
)


def program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_without_pulseaudio_the_refusal_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LaunchError) as told:
        check_sound_server()
    assert told.value.found == "no pulseaudio on the PATH"
    assert "apt-get install pulseaudio pulseaudio-utils" in str(told.value)
    program(tmp_path, SERVER, "exit 0")
    with pytest.raises(LaunchError, match="no pacat on the PATH"):
        check_sound_server()


async def test_one_that_ends_at_once_is_told_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, SERVER, "echo 'E: no such module' >&2; exit 1")
    program(tmp_path, PLAYER, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(LaunchError, match="no such module"):
        async with open_sound_server():
            pass


@needs_pulse
async def test_it_leaves_no_process_and_no_folder() -> None:
    async with open_sound_server() as sound:
        socket = Path(sound.environment["PULSE_SERVER"].removeprefix("unix:"))
        # A process that is just beginning has no environment yet.
        await until(lambda: len(processes_of(socket.parent)) == 2)
    assert not socket.parent.exists()
    assert processes_of(socket.parent) == []


@needs_pulse
async def test_a_program_that_finds_it_leaves_nothing_in_the_user_s_home(tmp_path: Path) -> None:
    async with open_sound_server() as sound:
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
        playing = await asyncio.create_subprocess_exec(
            *(PLAYER, "--playback", "--raw"),
            env={**environment, **sound.environment},
            stdin=asyncio.subprocess.DEVNULL,
        )
        assert await playing.wait() == 0
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - a look, after all has ended


@needs_pulse
async def test_it_ends_with_the_task_that_holds_it() -> None:
    opened: asyncio.Future[Path] = asyncio.get_running_loop().create_future()

    async def hold() -> None:
        async with open_sound_server() as sound:
            opened.set_result(Path(sound.environment["PULSE_SERVER"].removeprefix("unix:")))
            await asyncio.Event().wait()

    holding = asyncio.create_task(hold())
    socket = await opened
    holding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holding
    assert processes_of(socket.parent) == []


def processes_of(folder: Path) -> list[int]:
    """Those whose environment names the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
    return found
