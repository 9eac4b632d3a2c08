"""Packing of a run: its folders, whole or as far as a killed process came, to one zip."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from harness.audio.files import write_atomically
from harness.errors import ArtifactError, UsageError
from harness.exchange.index import (
    CALL,
    INDEX_NAME,
    MOST_FILES,
    SUFFIXES,
    Index,
    Kind,
    Packed,
    safe_name,
)
from harness.exchange.shortened import last_s, shortened_lines
from harness.exchange.sound import is_flac_able, is_like_heard, to_flac
from harness.exchange.unpack import is_packed
from harness.version import VERSION

TRACE = "trace.jsonl"
MOST_FILE_BYTES = 64_000_000
"""Of what is neither trace nor sound; larger ones stay behind."""

PACKED_ALREADY = frozenset({".png", ".flac"})


@dataclass(frozen=True, slots=True)
class PackedFile:
    """What came of it."""

    path: Path
    files: int
    size: int
    """Bytes."""

    was: int
    """Bytes of what was packed."""


def pack(home: Path, runs: Sequence[Path], target: Path, keep_s: float | None = None) -> PackedFile:
    """Pack calls into one file. They are left as they are; one that still runs is packed so far.

    Args:
        home: what the files are named from; each run is it, or in it.
        runs: folders with a trace each.
        target: the file; one that was packed before is replaced.
        keep_s: how many of the last seconds stay whole; all where absent.

    Raises:
        UsageError: something else is at that place, or there are too many files.
        ArtifactError: it cannot be read or written.
    """
    if target.exists() and not is_packed(target):
        raise UsageError(
            f"{target} is there already, and no packed call.",
            expected="a new name, or a packed call to replace",
            found=f"{target}",
        )
    kept = {} if keep_s is None else {run: max(0.0, last_s(run / TRACE) - keep_s) for run in runs}
    sources = [source for run in runs for source in _sources(home, run)]
    sources += [path for path in _beside(home) if path not in sources]
    if len(sources) > MOST_FILES:
        raise UsageError(
            f"{home} holds too many files for one packed call.",
            expected=f"at most {MOST_FILES}",
            found=f"{len(sources)}",
            hint="pack single runs of it",
        )
    packing = _Packing(home, kept)

    def write(file: BinaryIO) -> None:
        packing.write(sources, file)

    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, write)
    was = sum(path.stat().st_size for path in sources)
    return PackedFile(target, len(packing.files), target.stat().st_size, was)


class _Packing:
    """One zip that is being written."""

    def __init__(self, home: Path, kept: dict[Path, float]) -> None:
        self.files: list[Packed] = []
        self._home = home
        self._kept = kept
        self._call: IO[bytes] = io.BytesIO()
        """The call as FLAC, of the folder that is being packed."""

        self._call_of: Path | None = None

    def write(self, sources: Sequence[Path], file: BinaryIO) -> None:
        """The index comes first, so it is written when the rest is known."""
        with (
            tempfile.TemporaryFile() as rest,
            tempfile.TemporaryFile() as self._call,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as zipped,
        ):
            places = [self._take(path, rest) for path in sources]
            shown = {
                run.relative_to(self._home).as_posix(): round(from_s, 3)
                for run, from_s in self._kept.items()
                if from_s > 0
            }
            zipped.writestr(INDEX_NAME, Index(VERSION, tuple(self.files), shown).to_json())
            for packed, (start, length) in zip(self.files, places, strict=True):
                rest.seek(start)
                info = zipfile.ZipInfo(packed.name, (1980, 1, 1, 0, 0, 0))
                is_small = Path(packed.name).suffix in PACKED_ALREADY
                info.compress_type = zipfile.ZIP_STORED if is_small else zipfile.ZIP_DEFLATED
                with zipped.open(info, "w", force_zip64=length >= zipfile.ZIP64_LIMIT) as entry:
                    _copy(rest, entry, length)

    def _take(self, path: Path, rest: BinaryIO) -> tuple[int, int]:
        """Put one file, as it will be, behind the others; its place there."""
        start, written_s = rest.seek(0, 2), round(path.stat().st_mtime, 6)
        name, from_s = path.relative_to(self._home).as_posix(), self._kept.get(path.parent, 0.0)
        if path.suffix == ".wav" and is_flac_able(path):
            unpacked, was = self._take_sound(path, rest, from_s)
            length = rest.tell() - start
            flac_name = name[: -len(".wav")] + ".flac"
            self.files.append(Packed(flac_name, length, was, unpacked, written_s))
            return start, length
        if path.name == TRACE:
            rest.writelines(shortened_lines(path, from_s))
        else:
            with _opened(path) as file:
                shutil.copyfileobj(file, rest)
        length = rest.tell() - start
        self.files.append(Packed(name, length, "", length, written_s))
        return start, length

    def _take_sound(self, path: Path, rest: BinaryIO, from_s: float) -> tuple[int, Kind]:
        """Put a sound there, or its difference to what was heard where that is smaller."""
        with tempfile.TemporaryFile() as whole, tempfile.TemporaryFile() as difference:
            made: list[tuple[IO[bytes], int, Kind]] = []
            made.append((whole, to_flac(path, whole, from_s), "wav"))
            if self._call_of == path.parent and is_like_heard(path, self._call):
                unpacked = to_flac(path, difference, from_s, self._call)
                made.append((difference, unpacked, "difference"))
            flac, unpacked, was = min(made, key=lambda one: one[0].seek(0, 2))
            flac.seek(0)
            shutil.copyfileobj(flac, rest)
            if path.name == CALL:  # as it is packed: the call may go on meanwhile
                self._call.seek(0)
                self._call.truncate()
                flac.seek(0)
                shutil.copyfileobj(flac, self._call)
                self._call_of = path.parent
        return unpacked, was


def _copy(source: BinaryIO, target: object, length: int) -> None:
    while length > 0 and (piece := source.read(min(length, 1 << 20))):
        target.write(piece)  # type: ignore[attr-defined]
        length -= len(piece)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise ArtifactError(
            f"Cannot read {path}.", expected="a file of the run", found=error.strerror or str(error)
        ) from error


def _sources(home: Path, run: Path) -> Iterator[Path]:
    """The files of one run; its trace first."""
    found = sorted(path for path in run.iterdir() if _belongs(home, path))
    trace = [path for path in found if path.name == TRACE]
    yield from (*trace, *(path for path in found if path.name != TRACE))


def _beside(home: Path) -> Iterator[Path]:
    """What a run of several scenarios leaves beside their folders."""
    yield from (path for path in sorted(home.iterdir()) if _belongs(home, path))


def _belongs(home: Path, path: Path) -> bool:
    if path.name == INDEX_NAME:  # of what was taken out of another file
        return False
    if not path.is_file() or path.is_symlink() or path.suffix not in SUFFIXES:
        return False
    is_large = path.stat().st_size > MOST_FILE_BYTES
    if is_large and path.suffix not in (".wav", ".flac") and path.name != TRACE:
        return False
    return safe_name(path.relative_to(home).as_posix())
