"""The cassettes of a folder: one, or one in each folder below it, by the name of a scenario."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.cassette.files import HEAD_NAME, LoadedCassette, read_cassette
from harness.cassette.replay import CassetteAssistant, Delays
from harness.errors import UsageError
from harness.paths import what_is_at
from harness.realtime.server.assistants.assistant import Assistant

ASSISTANT = "cassette"
"""What the assistant is called that answers from the only cassette."""


@dataclass(frozen=True, slots=True)
class CassetteOptions:
    """Which cassettes answer, and how."""

    folder: Path
    delays: Delays = "recorded"
    lenient: bool = False
    """Whether the local assistant answers what the cassette does not have."""

    @property
    def in_words(self) -> str:
        """For people."""
        when = "as late as it did" if self.delays == "recorded" else "at once"
        else_ = "the local assistant answers the rest" if self.lenient else "anything else fails"
        return f"from {self.folder}, {when}; {else_}"


def cassettes_in(folder: Path) -> dict[str, Path]:
    """The folders of the cassettes by name; "" for the folder itself.

    Raises:
        UsageError: there is none.
    """
    if (folder / HEAD_NAME).is_file():
        return {"": folder}
    below = sorted(folder.iterdir()) if folder.is_dir() else []
    found = {path.name: path for path in below if (path / HEAD_NAME).is_file()}
    if not found:
        raise UsageError(
            f"There is no cassette in {folder}.",
            expected=f"a folder with {HEAD_NAME}, or with folders that have one",
            found=what_is_at(folder) if folder.exists() else "no such folder",
            hint="harness run SCENARIO --record DIR makes one",
        )
    return found


def choose(names: Sequence[str], scenario: str, folder: Path) -> str:
    """The name of the cassette for a scenario, among those of `cassettes_in`.

    Raises:
        UsageError: there are several, and none of that name.
    """
    if scenario in names or "" in names:
        return scenario if scenario in names else ""
    near = difflib.get_close_matches(scenario, names, 1)
    raise UsageError(
        f"There is no cassette for the scenario “{scenario}” in {folder}.",
        expected=", ".join(names),
        found=f"none called “{scenario}”",
        hint=f"did you mean {near[0]}?" if near else "record it: harness run … --record DIR",
    )


def assistant_name(name: str) -> str:
    """What the assistant of a cassette is called in a server: "cassette", or "cassette:rover"."""
    return f"{ASSISTANT}:{name}" if name else ASSISTANT


class Shelf:
    """All cassettes of a folder, read.

    Raises:
        UsageError: there is none, or one cannot be used; names file and line.
    """

    def __init__(self, options: CassetteOptions) -> None:
        self.options = options
        found = cassettes_in(options.folder)
        self._loaded: Mapping[str, LoadedCassette] = {
            name: read_cassette(path) for name, path in found.items()
        }

    @property
    def names(self) -> list[str]:
        """Of all cassettes; "" where the folder itself is the only one."""
        return list(self._loaded)

    def assistant_for(self, scenario: str, fallback: Assistant) -> CassetteAssistant:
        """Who answers in a scenario, from the cassette of its name or the only one.

        Raises:
            UsageError: there are several, and none of that name.
        """
        return self.assistant(choose(self.names, scenario, self.options.folder), fallback)

    def assistant(self, name: str, fallback: Assistant) -> CassetteAssistant:
        """Who answers from a cassette.

        Args:
            name: one of `names`.
            fallback: asked for what it does not have, where that is allowed.
        """
        one = self._loaded[name]
        asked = fallback if self.options.lenient else None
        return CassetteAssistant(one.cassette, one.sounds, self.options.delays, asked)
