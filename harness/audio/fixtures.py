"""The fixtures that come with the harness: named clips with transcript and labelled edges."""

import difflib
import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.audio.wav import LoadedClip, load_clip
from harness.errors import FixtureError
from harness.resources import fixtures_dir


@dataclass(frozen=True, slots=True)
class Fixture:
    """One clip of the manifest."""

    name: str
    """Short name for scenarios, such as "rover-go-forward"."""

    path: Path
    transcript: str
    speaker: str
    is_recorded: bool
    """True: a person was recorded. False: rendered by a synthetic voice."""

    duration_s: float
    speech_start_s: float
    """Labelled first voiced moment, seconds from the first sample."""

    speech_end_s: float
    sha256: str
    licence: str

    def load(self) -> LoadedClip:
        """The clip, checked against the manifest.

        Raises:
            FixtureError: missing, damaged, or not the file that the manifest describes.
        """
        loaded = load_clip(self.path)
        found = hashlib.sha256(self.path.read_bytes()).hexdigest()
        if found != self.sha256:
            raise FixtureError(
                f"The fixture “{self.name}” is not the file that the manifest describes.",
                expected=f"sha256 {self.sha256}",
                found=f"sha256 {found} in {self.path}",
                hint="restore the file, or use a name of your own for a changed one",
            )
        return loaded


def load_manifest(path: Path) -> dict[str, Fixture]:
    """All fixtures of a manifest by name.

    Raises:
        FixtureError: the manifest is missing or not of the expected form.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {entry["name"]: _fixture(path.parent, entry) for entry in entries}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FixtureError(
            f"The fixture manifest {path} cannot be used.",
            expected='a JSON object with a list "files"',
            found=f"{type(error).__name__}: {error}",
        ) from error


def library() -> dict[str, Fixture]:
    """The fixtures that ship with the harness, by name."""
    return _library(fixtures_dir() / "manifest.json")


_library = functools.cache(load_manifest)


def find_fixture(name: str) -> Fixture:
    """The shipped fixture of that name.

    Raises:
        FixtureError: there is none; lists the names.
    """
    fixtures = library()
    if name not in fixtures:
        raise FixtureError(
            f"There is no fixture named “{name}”.",
            expected=f"one of {', '.join(sorted(fixtures))}, or the path of an audio file",
            found=name,
            hint=_nearest(name, fixtures),
        )
    return fixtures[name]


def _nearest(name: str, fixtures: Iterable[str]) -> str | None:
    near = difflib.get_close_matches(name, sorted(fixtures), n=3)
    return f"did you mean {' or '.join(near)}?" if near else None


def _fixture(folder: Path, entry: dict[str, Any]) -> Fixture:
    return Fixture(
        name=str(entry["name"]),
        path=folder / str(entry["file"]),
        transcript=str(entry["transcript"]),
        speaker=str(entry["speaker"]),
        is_recorded=entry["kind"] == "recorded",
        duration_s=float(entry["duration_s"]),
        speech_start_s=float(entry["speech_start_s"]),
        speech_end_s=float(entry["speech_end_s"]),
        sha256=str(entry["sha256"]),
        licence=str(entry["licence"]),
    )
