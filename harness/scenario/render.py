"""Everything that is known beforehand to be said, spoken before the first call begins.

What the scenarios say becomes utterances; what their assistant scripts say goes into the cache,
where the server's process finds it. Both while browser and server come up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from harness.errors import HarnessError
from harness.scenario.assistant_lines import lines_of
from harness.scenario.prepare import Prepared, speak_text
from harness.speech.voices import Voices


@dataclass(frozen=True)
class Rendered:
    """What was there, and what had to be made."""

    lines: int
    """All that is known beforehand: texts of the user's, sentences of the assistant's."""

    from_cache: int
    took_s: float
    failed: tuple[str, ...] = field(default=())
    """Sentences of an assistant that could not be spoken; the call will say so, if it comes to
    them."""

    def as_dict(self) -> dict[str, Any]:
        """For a trace's header."""
        return asdict(self)


class Stop(Exception):
    """Nobody waits any more."""


def render(
    prepared: Sequence[Prepared],
    voices: Voices,
    *,
    assistants: bool,
    told: Callable[[int, int], None] = lambda _done, _all: None,
    stop: threading.Event | None = None,
) -> Rendered:
    """Speak it all. Blocks: up to a second for a second of speech, next to nothing from the cache.

    Args:
        prepared: gets its utterances.
        assistants: whether the scenarios' scripts are spoken with these voices, too.
        told: how many lines are done, of how many.
        stop: set when it may end early.

    Raises:
        ScenarioError: something the user says cannot be spoken; with file, line and step.
        Stop: it was told to.
    """
    began_s = time.monotonic()
    texts = [(one, unspoken) for one in prepared for unspoken in one.unspoken]
    lines = list(
        dict.fromkeys(line for one in prepared for line in lines_of(one.loaded, one.script, voices))
    )
    lines = lines if assistants else []
    from_cache, failed, done = 0, [], 0

    def step() -> None:
        nonlocal done
        if stop is not None and stop.is_set():
            raise Stop
        told(done, len(texts) + len(lines))
        done += 1

    for one, unspoken in texts:
        step()
        from_cache += voices.has(unspoken.text, unspoken.voice, language=unspoken.language)
        one.utterances[unspoken.number] = speak_text(one.loaded, unspoken, voices)
    for line in lines:
        step()
        try:
            if voices.has(line.text, line.voice, line.speed):
                from_cache += 1
            else:
                voices.synthesise(line.text, line.voice, line.speed)
        except HarnessError:
            failed.append(line.text)
    count = len(texts) + len(lines)
    return Rendered(count, from_cache, round(time.monotonic() - began_s, 3), tuple(failed))
