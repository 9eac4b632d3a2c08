"""Speech that comes with the package: what the shipped scenarios say, spoken beforehand.

The first run of a shipped scenario on a new machine need not wait for a minute until its assistant
can speak. `index.json` names the synthesiser and its version; another one makes its speech itself.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from harness.audio.clip import AudioClip
from harness.audio.flac import from_flac
from harness.resources import fixtures_dir

INDEX = "index.json"


@dataclass(frozen=True)
class SpokenLine:
    """A text, as a synthesiser is asked for it."""

    text: str
    """Its words with single blanks between them."""

    voice: str | None = None
    speed: float = 1.0
    language: str | None = None


class ShippedSpeech:
    """The lines of a folder. Safe for several threads.

    Args:
        engine: the name of the synthesiser that spoke them.
        files: FLAC files of a line, part by part.
    """

    def __init__(self, engine: str, files: dict[SpokenLine, tuple[Path, ...]]) -> None:
        self.engine = engine
        self._files = files

    @property
    def lines(self) -> tuple[SpokenLine, ...]:
        """All of them, in their order in the index."""
        return tuple(self._files)

    def has(self, engine: str, line: SpokenLine) -> bool:
        """Whether this synthesiser has spoken the line."""
        return engine == self.engine and line in self._files

    def get(self, engine: str, line: SpokenLine) -> list[AudioClip] | None:
        """The line's parts; None where this synthesiser has none, or a file is damaged."""
        if not self.has(engine, line):
            return None
        try:
            return [from_flac(file.read_bytes()) for file in self._files[line]]
        except (OSError, ValueError):
            return None


def read_shipped_speech(folder: Path) -> ShippedSpeech:
    """Read a folder's index; no lines where there is none that can be read.

    Args:
        folder: has `index.json`: ``engine``, and ``lines``, each with ``text``, ``voice``,
            ``speed``, ``language`` and ``files``.
    """
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        files = {
            SpokenLine(one["text"], one["voice"], float(one["speed"]), one["language"]): tuple(
                folder / name for name in one["files"]
            )
            for one in index["lines"]
        }
        return ShippedSpeech(str(index["engine"]), files)
    except (OSError, ValueError, KeyError, TypeError):
        return ShippedSpeech("", {})


@functools.cache
def shipped_speech() -> ShippedSpeech:
    """What comes with the package."""
    return read_shipped_speech(fixtures_dir() / "audio" / "spoken")
