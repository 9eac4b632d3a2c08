"""The folder of a cassette: written whole, read with file and line for whatever is wrong.

``cassette.yaml`` has the session, ``turns.yaml`` its turns, ``events.jsonl`` all events both ways,
``audio/`` the sounds; ``SHA256SUMS`` tells whether somebody edited them since.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from harness import yaml12
from harness.all_mistakes import told_problems
from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.files import write_atomically
from harness.audio.flac import from_flac, to_flac
from harness.audio.resample import resample
from harness.cassette.model import (
    KEY,
    VERSION,
    Cassette,
    Head,
    Piece,
    RecordedAnswer,
    RecordedError,
    RecordedTurn,
)
from harness.errors import ArtifactError, UsageError
from harness.paths import what_is_at
from harness.plain_data import Data
from harness.realtime.server.assistants.assistant import ASSISTANT_RATE_HZ

HEAD_NAME = "cassette.yaml"
TURNS_NAME = "turns.yaml"
EVENTS_NAME = "events.jsonl"
SUMS_NAME = "SHA256SUMS"
MAX_BYTES = 20_000_000

END = "\n...\n"
"""YAML's own mark of a document's end: without it, the file was cut."""

MEND = "mend the line, or take the last version of the file"

HEAD_TEXT = "# A recorded session. “harness run --cassette DIR” answers from it.\n"
TURNS_TEXT = (
    "# The turns of the session, a block each. Edit it; “harness cassette check” reads it.\n"
)


@dataclass(frozen=True)
class LoadedCassette:
    """A cassette with its sounds."""

    folder: Path
    cassette: Cassette
    sounds: dict[str, MonoFloat32] = field(default_factory=dict, repr=False)
    """By name: float32 at 24 kHz, shape (frames,)."""


def write_cassette(
    folder: Path,
    cassette: Cassette,
    sounds: Mapping[str, AudioClip],
    events: Iterable[Mapping[str, Any]],
    *,
    overwrite: bool = False,
) -> None:
    """Write a cassette; one that is there already is replaced, with the sounds it had.

    Args:
        sounds: by the name that a piece gives.
        events: the lines of ``events.jsonl``.
        overwrite: as in `check_target`.

    Raises:
        UsageError: the folder is there, and holds something else, or what somebody edited.
        ArtifactError: the disk does not take it.
    """
    check_target(folder, overwrite=overwrite)
    for old in (folder / "audio").glob("*.flac"):
        old.unlink(missing_ok=True)
    for name, clip in sounds.items():
        _write(folder / name, to_flac(clip))
    lines = "".join(f"{json.dumps(e, ensure_ascii=False, sort_keys=True)}\n" for e in events)
    _write(folder / EVENTS_NAME, lines.encode("utf-8", errors="replace"))
    _write(folder / TURNS_NAME, turns_text(cassette).encode("utf-8", errors="replace"))
    _write(folder / HEAD_NAME, head_text(cassette).encode("utf-8", errors="replace"))
    lines = "".join(f"{digest}  {name}\n" for name, digest in _digests(folder).items())
    _write(folder / SUMS_NAME, lines.encode())


def check_target(folder: Path, *, overwrite: bool = False) -> None:
    """See that a cassette can be written there.

    Args:
        overwrite: whether one that was edited since it was recorded may be replaced. One that is as
            it was recorded always may.

    Raises:
        UsageError: it is a file, a folder with something else in it, or a cassette that was edited.
        ArtifactError: nothing can be written there.
    """
    _check_access(folder)
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / HEAD_NAME).is_file():
        raise UsageError(
            f"{folder} cannot become a cassette.",
            expected="a folder that is new, empty, or a cassette that is to be replaced",
            found="a file" if folder.is_file() else f"a folder without {HEAD_NAME}",
        )
    if not overwrite and (why := _edited(folder)):
        raise UsageError(
            f"The cassette in {folder} may not be replaced: what somebody edited would be lost.",
            expected="a folder that is new, or a cassette that is as it was recorded",
            found=why,
            hint="name another folder, or say --overwrite (in Python overwrite=True)",
        )


def _check_access(folder: Path) -> None:
    """See that somebody may write there before a session is held that may cost money."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if there.is_file() and there != folder.absolute():
        found = f"a file at {there}"
    elif not os.access(there, os.W_OK):
        found = f"{there}, which may not be written to"
    else:
        return
    raise ArtifactError(
        f"Cannot write a cassette to {folder}.",
        expected="a folder that may be written to",
        found=found,
        hint="name another folder",
    )


def _edited(folder: Path) -> str:
    """What was edited since a cassette was recorded, for people; "" where nothing was."""
    changes = edited_files(folder)
    if changes is None:
        return f"no {SUMS_NAME} in it, so nobody can tell whether it was edited"
    return ", ".join(f"{name} was {change}" for name, change in changes.items())


def edited_files(folder: Path) -> dict[str, str] | None:
    """The files that are not as they were recorded: edited, added or removed; None: none can tell.

    Args:
        folder: of a cassette; names are relative to it.
    """
    try:
        lines = (folder / SUMS_NAME).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    recorded = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    now = _digests(folder)
    changed = sorted(name for name in {*recorded, *now} if recorded.get(name) != now.get(name))
    return {name: _change(name in recorded, name in now) for name in changed}


def _change(was_there: bool, is_there: bool) -> str:
    if was_there and is_there:
        return "edited"
    return "added" if is_there else "removed"


def _digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a cassette, as it is on the disk; "" of one that is not read."""
    names = (HEAD_NAME, TURNS_NAME, EVENTS_NAME)
    paths = [*(folder / name for name in names), *sorted((folder / "audio").glob("*.flac"))]
    return {path.relative_to(folder).as_posix(): _digest(path) for path in paths if path.exists()}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def head_text(cassette: Cassette) -> str:
    """``cassette.yaml`` as text: keys in order, what is not known left out."""
    head = yaml12.dump(cassette.head.model_dump(mode="json", exclude_defaults=True))
    return HEAD_TEXT + head.rstrip("\n") + END


def turns_text(cassette: Cassette) -> str:
    """``turns.yaml`` as text: a block a turn, an empty line between two."""
    if not cassette.turns:
        return f"{TURNS_TEXT}turns: []{END}"
    blocks = [
        yaml12.dump([turn.model_dump(mode="json", exclude_defaults=True)])
        for turn in cassette.turns
    ]
    return f"{TURNS_TEXT}turns:\n" + "\n".join(blocks).rstrip("\n") + END


def read_cassette(folder: Path) -> LoadedCassette:
    """Read a cassette with its sounds.

    Raises:
        UsageError: it is not there, of a newer version, or something in it is wrong; names file
            and line.
    """
    cassette = read_text(folder)
    sounds = {name: read_sound(folder, name) for name in cassette.audio_files}
    return LoadedCassette(folder, cassette, sounds)


def read_text(folder: Path) -> Cassette:
    """The same without its sounds.

    Raises:
        UsageError: as `read_cassette`.
    """
    if not (folder / HEAD_NAME).is_file():
        raise UsageError(
            f"{folder} is no cassette.",
            expected=f"a folder with {HEAD_NAME}, {TURNS_NAME} and audio",
            found=f"{what_is_at(folder)} there, and no {HEAD_NAME}",
            hint="harness run SCENARIO --record DIR makes one",
        )
    head, turns = _Document(folder / HEAD_NAME), _Document(folder / TURNS_NAME)
    _check_version(head)
    try:
        return Cassette.model_validate({"head": head.data, "turns": turns.data.get("turns")})
    except ValidationError as error:
        first = told_problems(error.errors(include_url=False))[0]
        place = first["loc"]
        document = head if place[:1] == ("head",) else turns
        inside = place[1:] if document is head else place
        raise _mistake(document.place(inside), inside, first) from error


_KNOWN: Mapping[str, type[Data]] = {
    "turns": RecordedTurn,
    "then": RecordedAnswer,
    "error": RecordedError,
    "pieces": Piece,
}
"""What stands in each of these places."""


def _mistake(place: str, inside: tuple[int | str, ...], problem: Any) -> UsageError:
    """A field that is not known, is missing, or has a value that it cannot have."""
    names = [part for part in inside if isinstance(part, str)]
    name = names[-1] if names else "turns"
    if problem["type"] == "extra_forbidden":
        model = _KNOWN.get(names[-2], Head) if len(names) > 1 else Head
        known = [*model.model_fields]
        near = difflib.get_close_matches(name, known, n=1)
        return UsageError(
            f"{place}: “{name}” is not known here.",
            expected=f"one of {', '.join(known)}",
            found=name,
            hint=f"did you mean “{near[0]}”? Else {MEND}" if near else MEND,
        )
    if problem["type"] == "missing":
        wanted = f"a value for “{name}”"
        return UsageError(f"{place}: “{name}” is missing.", expected=wanted, hint=MEND)
    message = str(problem["msg"])
    if problem["type"] == "value_error":
        return UsageError(f"{place}: {message.removeprefix('Value error, ')}.", hint=MEND)
    return UsageError(
        f"{place}: “{name}” has a value that it cannot have.",
        expected=message.removeprefix("Input should be "),
        found=_shortened(repr(problem["input"])),
        hint=MEND,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"


class _Document:
    """One YAML file of a cassette: a mapping, and its lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            if path.stat().st_size > MAX_BYTES:
                raise _unusable(str(path), f"at most {MAX_BYTES} bytes", "a larger file")
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "bytes that are no text in UTF-8"
            raise _unusable(str(path), "a text in UTF-8", str(why)) from error
        try:
            self._node = yaml12.compose(text)
            self.data: Any = yaml12.load(text)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            place = f"{path}:{mark.line + 1}" if mark else str(path)
            why = str(getattr(error, "problem", None) or error).removeprefix("found ")
            raise _unusable(place, "well-formed YAML", why) from error
        if not text.rstrip().endswith(END.rstrip()):
            last = f"{path}:{len(text.splitlines()) or 1}"
            raise _unusable(last, "a last line with three dots", "none: the file was cut")
        if not isinstance(self.data, dict):
            raise _unusable(f"{path}:1", "a mapping", "something else, or an empty file")

    def place(self, location: yaml12.Location) -> str:
        """Where that is, for people: "turns.yaml:12"."""
        return f"{self.path}:{yaml12.line_of(self._node, location) if self._node else 1}"


def _check_version(head: _Document) -> None:
    version = head.data.get(KEY)
    if isinstance(version, int) and version > VERSION:
        raise UsageError(
            f"{head.place((KEY,))}: the cassette was recorded by a newer harness.",
            expected=f"{KEY}: {VERSION}",
            found=f"{KEY}: {version}"
            + (f", by harness {head.data['harness']}" if head.data.get("harness") else ""),
            hint="update realtime-harness, or record it anew",
        )


def read_sound(folder: Path, name: str) -> MonoFloat32:
    """One sound of a cassette: float32 at 24 kHz, shape (frames,).

    Raises:
        UsageError: it is not there, or no FLAC file; names the line of the turns that names it.
    """
    path = folder / name
    if path.resolve().parent != (folder / "audio").resolve():
        raise _unusable(sound_place(folder, name), "a file in audio/", name)
    try:
        clip = from_flac(path.read_bytes())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise _unusable(sound_place(folder, name), f"{name}, a mono FLAC file", str(why)) from error
    return resample(clip.samples, clip.sample_rate_hz, ASSISTANT_RATE_HZ)


def sound_place(folder: Path, name: str) -> str:
    """Where the turns name a sound, for people: "turns.yaml:12"."""
    path = folder / TURNS_NAME
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next((n for n, line in enumerate(lines, 1) if f"audio: {name}" in line), 1)
    return f"{path}:{at}"


def _unusable(place: str, expected: str, found: str) -> UsageError:
    return UsageError(
        f"{place}: the cassette cannot be used.", expected=expected, found=found, hint=MEND
    )


def _write(path: Path, data: bytes) -> None:
    write_atomically(path, lambda file: _write_all(file, data))


def _write_all(file: Any, data: bytes) -> None:
    file.write(data)
