"""Files that are written whole or not at all."""

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from harness.errors import ArtifactError


def write_atomically(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Call write with a new file beside path, then put it in path's place.

    After an error the old file, if there was one, is untouched and nothing is left beside it.

    Raises:
        ArtifactError: the disk is full, the folder cannot be written, or another OS error.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            write(file)
        part.replace(path)
    except BaseException as error:
        _remove(part)
        if isinstance(error, OSError):
            raise ArtifactError(
                f"Could not write {path}: {error.strerror or error}.",
                expected="a folder with room that may be written to",
                found=f"{type(error).__name__} (errno {error.errno})",
                hint="free some space or choose another output folder",
            ) from error
        raise


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # the error that brought us here says more
        path.unlink(missing_ok=True)
