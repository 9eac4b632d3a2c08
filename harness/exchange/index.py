"""Index of a packed call: what is in the file, checked before anything is taken out of it. Pure.

A packed call is a zip whose first entry, ``harness-call.json``, lists all others: name, size, and
what each was before. Nothing that is not listed is taken out, and nothing that is listed may be
larger than its list says, lie elsewhere than below one folder, or be of a kind that no run has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from harness.errors import ArtifactError

INDEX_NAME = "harness-call.json"
VERSION = 2
"""Of packed calls; a newer harness reads the older ones. 2 has differences."""

MOST_INDEX_BYTES = 4_000_000
MOST_FILES = 5_000
MOST_BYTES = 16_000_000_000
"""All of it, unpacked: two hundred calls of ten minutes, or one of 24 hours."""

MOST_SHOWN_BYTES = 10**15
"""What a message tells at most."""

LATEST_S = 32_503_680_000
"""The year 3000: no file was written later."""

SUFFIXES = frozenset({".jsonl", ".json", ".yaml", ".png", ".txt", ".flac", ".wav", ".pcap"})
"""Of what a run leaves, but for its reports: they are written anew."""

_PART = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|]{1,120}")

CALL = "call.wav"

Kind = Literal["wav", "difference", ""]
KINDS: tuple[Kind, ...] = ("wav", "difference", "")


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of a packed call."""

    name: str
    """In the zip, with "/" between folders."""

    size: int
    """Bytes of the entry, not compressed."""

    was: Kind
    """wav: it is FLAC here, and was a WAV file of 16 bits; difference: the same, less what was
    heard in the call beside it; "": it is as it was."""

    unpacked_bytes: int
    """How large it becomes."""

    written_s: float | None = None
    """When it was last written, seconds since 1970: the clock of a call; None in older files."""

    @property
    def most_bytes(self) -> int:
        """How large it is at its largest, on the way or at the end."""
        return max(self.size, self.unpacked_bytes)

    @property
    def path(self) -> PurePosixPath:
        """Where it belongs, relative to the run."""
        found = PurePosixPath(self.name)
        return found.with_suffix(".wav") if self.was else found


@dataclass(frozen=True, slots=True)
class Index:
    """What is in a packed call, and where it comes from."""

    harness: str
    """The version that packed it."""

    files: tuple[Packed, ...]
    kept_from_s: Mapping[str, float]
    """Of calls that were shortened: from where on all of it is there, by folder."""

    def to_json(self) -> str:
        """As it stands in the zip."""
        data = {
            "harness_call": VERSION,
            "harness": self.harness,
            "kept_from_s": dict(self.kept_from_s),
            "files": [_as_data(one) for one in self.files],
        }
        return json.dumps(data, ensure_ascii=False, indent=1)


def read_index(text: str, where: str) -> Index:
    """The index, if all that it lists may be taken out.

    Args:
        text: of ``harness-call.json``.
        where: the file, for people.

    Raises:
        ArtifactError: it is none, of a newer version, or lists what must not be.
    """
    try:
        data = json.loads(text)
        version = data["harness_call"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _bad(where, f"{INDEX_NAME} that begins with {text[:60]!r}") from error
    if not isinstance(version, int) or version > VERSION:
        raise ArtifactError(
            f"{where} was packed by a newer harness.",
            expected=f"a packed call of version {VERSION} or older",
            found=f"version {version}",
            hint="update realtime-harness",
        )
    try:
        files = tuple(_packed(one, where) for one in data["files"])
        kept = {str(name): float(s) for name, s in dict(data.get("kept_from_s") or {}).items()}
        index = Index(str(data.get("harness", "")), files, kept)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _bad(where, f"an index without a list of files ({error})") from error
    _check_bounds(index, where)
    return index


def safe_name(name: str) -> bool:
    """Whether a name leads to a file below the folder that it is taken out to, on any system."""
    parts = name.split("/")
    return (
        len(name) <= 240
        and all(_PART.fullmatch(part) and part.strip(" .") == part for part in parts)
        and PurePosixPath(name).suffix in SUFFIXES
    )


def _as_data(packed: Packed) -> dict[str, Any]:
    written = {} if packed.written_s is None else {"written": packed.written_s}
    return {
        "name": packed.name,
        "size": packed.size,
        "was": packed.was,
        "unpacked": packed.unpacked_bytes,
        **written,
    }


def _packed(one: Mapping[str, Any], where: str) -> Packed:
    name = str(one["name"])
    was = next((kind for kind in KINDS if kind == one.get("was", "")), None)
    size, unpacked = int(one["size"]), int(one["unpacked"])
    if not safe_name(name):
        raise _bad(where, f"the name {name[:80]!r}", "names of files below one folder")
    written_s = None if one.get("written") is None else float(one["written"])
    is_when = written_s is None or 0 <= written_s < LATEST_S
    if was is None or min(size, unpacked) < 0 or (was == "" and unpacked != size) or not is_when:
        raise _bad(where, f"a wrong entry for {name}")
    return Packed(name, size, was, unpacked, written_s)


def _check_bounds(index: Index, where: str) -> None:
    names = [str(one.path).casefold() for one in index.files]
    if len(set(names)) != len(names):
        raise _bad(where, "the same name twice", "each file once")
    places = {one.path for one in index.files if one.was != "difference"}
    for one in index.files:
        if one.was == "difference" and one.path.with_name(CALL) not in places:
            raise _bad(where, f"{one.name} without its {CALL}")
    total = sum(one.most_bytes for one in index.files)
    if len(names) > MOST_FILES or total > MOST_BYTES:
        shown = min(total, MOST_SHOWN_BYTES)  # a number may have a thousand digits
        raise _bad(
            where,
            f"{len(names)} files of {shown / 1e9:.1f} GB",
            f"at most {MOST_FILES} files, {MOST_BYTES / 1e9:g} GB unpacked",
        )


def _bad(where: str, found: str, expected: str = "a file that harness pack made") -> ArtifactError:
    return ArtifactError(
        f"{where} cannot be opened as a packed call.",
        expected=expected,
        found=found,
        hint="nothing was taken out of it; ask for it again",
    )
