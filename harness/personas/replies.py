"""Replies of a language model that are kept, so that a talk repeats; in one readable file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Literal

from harness.audio.files import write_atomically
from harness.errors import ScenarioError

Role = Literal["model", "other"]
Message = tuple[Role, str]
"""Who wrote or said something: the model that is asked, or the other side."""

VERSION = 1
_WORDS = re.compile(r"\w+")


def key_of(model: str, seed: int, instructions: str, messages: Sequence[Message]) -> str:
    """What a question is known by: words count, their case and punctuation do not.

    Recognisers and voices put commas elsewhere from run to run; that is no other question.
    """
    said = [[role, _WORDS.findall(text.casefold())] for role, text in messages]
    asked = json.dumps([model, seed, instructions, said], ensure_ascii=False)
    return hashlib.sha256(asked.encode()).hexdigest()


class KeptReplies:
    """The replies of earlier runs, in a file.

    Args:
        path: JSON; made with the first reply. None: nothing is kept.

    Raises:
        ScenarioError: there is another thing, or a broken one.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.model = ""
        """Whose replies were kept last; "" where there are none."""

        self._replies: dict[str, dict[str, str]] = {}
        self._read_again()

    def get(self, key: str) -> str | None:
        """What was answered then; None: nobody asked."""
        return self._replies.get(key, {}).get("reply")

    def keep(self, key: str, messages: Sequence[Message], reply: str, model: str = "") -> None:
        """Keep a reply, with what it answered, for people to read.

        Raises:
            ArtifactError: the file cannot be written.
            ScenarioError: another thing stands there by now.
        """
        self._read_again()  # another run may have kept some meanwhile
        asked = messages[-1][1] if messages else ""
        self._replies[key] = {"answers": asked, "reply": reply}
        self.model = model or self.model
        if self._path is not None:
            head = {"harness_replies": VERSION, "model": self.model}
            text = json.dumps({**head, "replies": self._replies}, indent=1, ensure_ascii=False)
            _write(self._path, text + "\n")

    def _read_again(self) -> None:
        if self._path is not None and self._path.exists():
            self.model, there = _read(self._path)
            self._replies = {**self._replies, **there}


def _write(path: Path, text: str) -> None:
    def write(file: BinaryIO) -> None:
        file.write(text.encode("utf-8"))

    write_atomically(path, write)


def _read(path: Path) -> tuple[str, dict[str, dict[str, str]]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        replies = data["replies"]
        known = {str(key): {k: str(v) for k, v in one.items()} for key, one in replies.items()}
        if data["harness_replies"] != VERSION or not all("reply" in one for one in known.values()):
            raise ValueError(f"version {data['harness_replies']}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ScenarioError(
            f"{path} does not hold the replies of a model.",
            expected=f"JSON with harness_replies: {VERSION} and replies",
            found=f"{type(error).__name__}: {error}",
            hint="remove the file, and its talks are held anew",
        ) from error
    return str(data.get("model", "")), known
