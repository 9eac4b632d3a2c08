"""Unpacking of a packed call, once all that is in it may be taken out."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from harness.errors import ArtifactError
from harness.exchange.index import CALL, INDEX_NAME, MOST_INDEX_BYTES, Index, Packed, read_index
from harness.exchange.sound import check_flac, from_flac
from harness.exchange.taken_out import mark, remove_earlier

SoundAs = Literal["recorded", "packed"]
"""How sound is taken out: as the WAV files that it was, or as the FLAC that is packed. FLAC takes a
tenth of the time and room, and is read in place; of a track it may be the difference alone."""

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of a packed call; others take as much memory as their entry says, up to 4 GB."""


def is_packed(path: Path) -> bool:
    """Whether a file is a packed call, by its first bytes and its first entry."""
    try:
        with path.open("rb") as file:
            start = file.read(30 + len(INDEX_NAME))
    except OSError:
        return False
    return start[:4] == ZIP_STARTS[0] and start.endswith(INDEX_NAME.encode())


def is_zip(path: Path) -> bool:
    """Whether a file is a zip of any kind, as its name or its first bytes say."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return path.suffix == ".zip" or file.read(4) in ZIP_STARTS
    except OSError:
        return path.suffix == ".zip"


def unpack(path: Path, target: Path, sound: SoundAs = "recorded") -> Index:
    """Take everything out of a packed call.

    Args:
        path: the packed call.
        target: a folder, made where it is not there. Files of these names in it are replaced, and
            what was taken out to it before is removed.
        sound: in which form sound is taken out.

    Returns:
        What was in it.

    Raises:
        ArtifactError: it is none, of a newer version, damaged, or holds what must not be. Nothing
            of what its index forbids was written.
    """
    try:
        with zipfile.ZipFile(path) as zipped:
            index = _index(zipped, path)
            _check_entries(zipped, index, path)
            remove_earlier(target)
            _check_room(index, target, sound)
            mark(target, index)
            for packed in sorted(index.files, key=lambda one: one.was == "difference"):
                _take_out(zipped, packed, target, path, sound)
    except OSError as error:
        raise ArtifactError(
            f"Cannot unpack {path}.",
            expected="a file that can be read, and a folder with room",
            found=error.strerror or str(error),
        ) from error
    except DAMAGES as error:
        raise _damaged(path, str(error)) from error
    return index


def _index(zipped: zipfile.ZipFile, path: Path) -> Index:
    try:
        info = zipped.getinfo(INDEX_NAME)
    except KeyError:
        raise ArtifactError(
            f"{path} is no packed call.",
            expected=f"a zip that harness pack made, with {INDEX_NAME}",
            found=f"a zip with {', '.join(zipped.namelist()[:3]) or 'nothing in it'}",
        ) from None
    if info.file_size > MOST_INDEX_BYTES:
        raise _damaged(path, f"an index of {info.file_size} bytes")
    _check_compression(info, path)
    return read_index(zipped.read(info).decode("utf-8", errors="replace"), str(path))


def _check_entries(zipped: zipfile.ZipFile, index: Index, path: Path) -> None:
    """The zip holds what its index lists, as large as it says, and nothing else."""
    entries = [(info.filename, info.file_size) for info in zipped.infolist()]
    listed = [(packed.name, packed.size) for packed in index.files]
    found = [entry for entry in entries if entry[0] != INDEX_NAME]
    if len(found) != len(entries) - 1 or sorted(found) != sorted(listed):
        more = sorted(set(found) ^ set(listed))
        named = f"{more[0][0][:80]!r} of {more[0][1]} bytes" if more else "an entry twice"
        raise _damaged(path, f"{named}, which its index tells otherwise")
    for info in zipped.infolist():
        _check_compression(info, path)


def _check_compression(info: zipfile.ZipInfo, path: Path) -> None:
    if info.compress_type not in COMPRESSIONS:
        raise _damaged(path, f"{info.filename[:80]!r}, compressed in way {info.compress_type}")


def _check_room(index: Index, target: Path, sound: SoundAs) -> None:
    """All of it, and the largest FLAC, which lies there while its WAV file is written."""
    needed = sum(one.size for one in index.files)
    if sound == "recorded":
        flac_bytes = max((one.size for one in index.files if one.was), default=0)
        needed = sum(one.unpacked_bytes for one in index.files) + flac_bytes
    free = shutil.disk_usage(target).free
    if needed > free:
        raise ArtifactError(
            f"There is no room for the packed call in {target}.",
            expected=f"{needed / 1e6:.0f} MB",
            found=f"{free / 1e6:.0f} MB",
        )


def _take_out(
    zipped: zipfile.ZipFile, packed: Packed, target: Path, path: Path, sound: SoundAs
) -> None:
    stays_flac = packed.was != "" and sound == "packed"
    place = target.joinpath(*(packed.name.split("/") if stays_flac else packed.path.parts))
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.parent.resolve().is_relative_to(target.resolve()) or place.is_symlink():
        raise _damaged(path, f"{packed.name}, which would lie outside of {target}")
    with zipped.open(packed.name) as entry:
        if packed.was and not stays_flac:
            call = place.with_name(CALL) if packed.was == "difference" else None
            # Beside the rest, where there is room: the system's own folder may be small.
            with tempfile.TemporaryFile(dir=target) as flac:
                shutil.copyfileobj(entry, flac)
                flac.seek(0)
                from_flac(flac, place, packed.unpacked_bytes, call)
        else:
            with place.open("wb") as file:
                shutil.copyfileobj(entry, file)
    if stays_flac:
        check_flac(place, packed.unpacked_bytes)
    written_s = packed.written_s
    if written_s is None:  # of an older harness: it was packed after the call, and sent later
        written_s = path.stat().st_mtime
    os.utime(place, (written_s, written_s))


def _damaged(path: Path, found: str) -> ArtifactError:
    return ArtifactError(
        f"{path} cannot be opened as a packed call: it is cut, damaged, or not what it says.",
        expected="a file that harness pack made, whole",
        found=found,
        hint="ask for it again; the folder of the run can be packed anew",
    )
