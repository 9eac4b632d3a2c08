"""The one way to a run, wherever it is: a folder, a trace, a packed call, another tool's dump."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.exchange.load_dump import is_dump, write_as_trace
from harness.exchange.unpack import SoundAs, is_zip, unpack


def is_file_of_call(path: Path) -> bool:
    """Whether it is a file that a run has to be taken out of first."""
    return path.is_file() and (is_zip(path) or is_dump(path))


@contextmanager
def opened_run(
    path: Path, into: Path | None = None, *, sound: SoundAs = "packed"
) -> Iterator[Path]:
    """The folder of a run; what is a file is taken out of it for the block's time.

    Args:
        path: a folder, a trace, a packed call, or a dump of webrtc-internals or rtcstats.
        into: the folder that a file is taken out to, which stays then.
        sound: of a packed call: see `unpack`. To write out the WAV files of an hour takes seconds.

    Raises:
        ArtifactError: it is such a file, and damaged.
    """
    if not is_file_of_call(path):
        yield path
        return
    with contextlib.ExitStack() as stack:
        target = into or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="harness-")))
        if is_zip(path):
            unpack(path, target, sound)
        else:
            write_as_trace(path, target)
        yield target
