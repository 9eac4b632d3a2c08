"""A sound server of a call's own, with a microphone that every program takes for a real one.

PulseAudio is started for one call, in a folder of its own, with three devices: a sink that we speak
into, a source that hears that sink (Chromium offers no sink's monitor to pages, so it is a source
of its own), and a sink for what the browser plays, so that nobody hears themselves. The machine's
own sound server, if it has one, is neither asked nor touched.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.audio.clip import CALL_RATE_HZ
from harness.errors import LaunchError
from harness.programs import WholeLines, environment_of, kill_group

SERVER, PLAYER = "pulseaudio", "pacat"
VOICE, MICROPHONE, SPEAKER = "harness_voice", "harness_microphone", "harness_speaker"

READY_WITHIN_S = 10.0
ENDS_WITHIN_S = 2.0
LOOK_EVERY_S = 0.02

BUFFER_MS, BLOCK_MS = 40, 10
"""What the player may hold, and how much it passes on at once."""

LINES_KEPT = 20

SCRIPT = f"""\
load-module module-null-sink sink_name={SPEAKER} rate={CALL_RATE_HZ} \
sink_properties=device.description=Harness-speaker
load-module module-null-sink sink_name={VOICE} rate={CALL_RATE_HZ} channels=1 \
sink_properties=device.description=Harness-voice
load-module module-remap-source master={VOICE}.monitor source_name={MICROPHONE} \
source_properties=device.description=Harness-microphone
set-default-sink {SPEAKER}
set-default-source {MICROPHONE}
load-module module-native-protocol-unix socket={{socket}} auth-anonymous=1
"""
"""Its socket comes last: who finds it finds the devices, too."""


@dataclass(frozen=True, slots=True)
class SoundServer:
    """One that runs, and the player that speaks into its microphone."""

    environment: Mapping[str, str]
    """For programs that are to find it, beside what they have."""

    voice: asyncio.StreamWriter
    """Takes PCM16, one channel, at 48 kHz, in real time."""


@contextlib.asynccontextmanager
async def open_sound_server() -> AsyncIterator[SoundServer]:
    """Start one; leaving the block leaves no process and no folder.

    Raises:
        LaunchError: this machine has none, or it did not start.
    """
    server, player = _program(SERVER), _program(PLAYER)
    folder = Path(tempfile.mkdtemp(prefix="harness-sound-"))
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        socket = folder / "socket"
        script = folder / "devices.pa"
        script.write_text(SCRIPT.format(socket=socket), encoding="utf-8")
        own = {
            **environment_of(()),
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder),
        }
        # Without the others a program keeps a cookie and a link to a folder of its own below HOME.
        found = {
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_COOKIE": str(folder / "cookie"),
        }
        daemon = await _start(
            (
                *(server, "-n", "-F", str(script), "--daemonize=no", "--use-pid-file=no"),
                *("--exit-idle-time=-1", "--disable-shm=yes", "--realtime=no"),
                *("--high-priority=no", "--log-target=stderr"),
            ),
            own,
        )
        stack.push_async_callback(_end, daemon)
        said = _Said(daemon)
        stack.callback(said.reading.cancel)
        await _ready(daemon, socket, said)
        speaking = await _start(
            (
                *(player, "--playback", "--raw", f"--device={VOICE}", "--format=s16le"),
                *(f"--rate={CALL_RATE_HZ}", "--channels=1", f"--latency-msec={BUFFER_MS}"),
                f"--process-time-msec={BLOCK_MS}",
            ),
            {**own, **found},
        )
        stack.push_async_callback(_end, speaking)
        stack.callback(_Said(speaking).reading.cancel)
        assert speaking.stdin is not None  # asked for
        yield SoundServer(found, speaking.stdin)


def check_sound_server() -> None:
    """See that this machine has what a sound server needs.

    Raises:
        LaunchError: it has not.
    """
    _program(SERVER)
    _program(PLAYER)


def _program(name: str) -> str:
    path = None if sys.platform == "win32" else shutil.which(name)
    if path is None:
        raise LaunchError(
            "There is no sound device to be had for `microphone: device`.",
            expected=f"PulseAudio's programs {SERVER} and {PLAYER}",
            found=f"no {name} on the PATH",
            hint="apt-get install pulseaudio pulseaudio-utils (Linux alone), or leave "
            "`microphone: device` out: the virtual microphone needs nothing and is exact to the "
            "sample",
        )
    return path


async def _start(
    command: tuple[str, ...], environment: Mapping[str, str]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command,
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches the block that holds it, which then ends it
    )


class _Said:
    """The last lines of a program's standard error, which must be read so that it goes on."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.lines: list[str] = []
        self.reading = asyncio.create_task(self._read(process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None  # asked for
        whole = WholeLines()
        while data := await process.stderr.read(4096):
            self.lines = [*self.lines, *whole.add(data)][-LINES_KEPT:]


async def _ready(daemon: asyncio.subprocess.Process, socket: Path, said: _Said) -> None:
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            while not _is_there(socket):
                if daemon.returncode is not None:
                    await asyncio.wait({said.reading}, timeout=ENDS_WITHIN_S)
                    raise _failed(f"it ended with {daemon.returncode}", said)
                await asyncio.sleep(LOOK_EVERY_S)
    except TimeoutError:
        raise _failed(f"nothing within {READY_WITHIN_S:g} s", said) from None


def _failed(found: str, said: _Said) -> LaunchError:
    last = "; ".join(said.lines[-3:])
    return LaunchError(
        "The sound server for `microphone: device` did not start.",
        expected=f"{SERVER} with its socket open",
        found=found + (f"; it said: {last}" if last else ""),
        hint=f"see whether `{SERVER} -n --daemonize=no` runs on this machine",
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    """Politely first; what does not end by itself is killed."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    try:
        async with asyncio.timeout(ENDS_WITHIN_S):
            await process.wait()
    except TimeoutError:
        kill_group(process.pid)
        await process.wait()


def _is_there(socket: Path) -> bool:
    return socket.exists()
