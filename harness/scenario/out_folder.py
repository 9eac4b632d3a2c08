"""The folder of one run's results: writable, and nobody else's while the run lasts."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.call.recordings import CALL_NAME, OTHERS_NAME
from harness.errors import ArtifactError, UsageError
from harness.exchange.playwright_trace import NAME as PLAYWRIGHT_TRACE
from harness.network.bad_network import PCAP

LOCK = ".lock"

RECORDED = (
    "trace.jsonl",
    CALL_NAME,
    "received.wav",
    "received-[0-9]*.wav",
    OTHERS_NAME,
    PCAP,
    PLAYWRIGHT_TRACE,
)
"""What a call leaves in its folder; globs."""


@contextmanager
def own_folder(out: Path) -> Iterator[None]:
    """Hold the folder for the length of the block. The lock ends with the process, however it ends.

    Raises:
        ArtifactError: it cannot be made or written to.
        UsageError: another run is writing to it; the two would spoil each other's traces.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / LOCK).open("w")
    except OSError as error:
        raise ArtifactError(
            f"Cannot write to {out}.",
            expected="a folder with room that may be written to",
            found=error.strerror or str(error),
            hint="choose another --out folder",
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"Another run is writing to {out}.",
                expected="a folder for each run",
                found="one that is in use",
                hint="give this run another --out folder, or wait for the other one",
            ) from None
        try:
            yield
        finally:
            (out / LOCK).unlink(missing_ok=True)


def forget_recording(folder: Path) -> None:
    """Take away the trace and the sound of an earlier run: they would stand for one that broke.

    Raises:
        ArtifactError: a file of it cannot be removed.
    """
    for path in [path for pattern in RECORDED for path in folder.glob(pattern)]:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ArtifactError(
                f"Cannot remove {path}, which an earlier run has left.",
                expected="a folder whose files may be removed",
                found=error.strerror or str(error),
                hint="choose another --out folder",
            ) from error
