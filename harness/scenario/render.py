"""Everything that is known beforehand to be said, spoken before the first call begins.

What the scenarios say becomes utterances; what their assistant scripts say goes into the cache,
where the server's process finds it. Both while browser and server come up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from harness.errors import HarnessError
from harness.realtime.server.validation.settings import voice_name
from harness.realtime.session_object import DEFAULT_MODEL, default_voice
from harness.scenario.prepare import Prepared, speak_text
from harness.server.assistants.plugins import engine_voice
from harness.speech.text.sentences import split_sentences
from harness.speech.voices import Voices


@dataclass(frozen=True)
class Line:
    """One sentence that an assistant may say."""

    text: str
    voice: str | None
    speed: float


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
    lines = list(dict.fromkeys(line for one in prepared for line in lines_of(one, voices)))
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


def lines_of(one: Prepared, voices: Voices) -> Iterator[Line]:
    """The sentences of a scenario's script, as its server will ask for them."""
    voice, speed = _session_voice(one.loaded.scenario.session)
    voice, speed = one.script.voice or voice, (one.script.speed or 1.0) * speed
    try:
        name = engine_voice(voice, voices.voices, voices.stand_ins)
    except HarnessError:
        return  # the server will say so, where it is needed
    for rule in one.script.rules:
        for sentence in split_sentences(rule.say or ""):
            yield Line(sentence.strip(), name, speed)


def _session_voice(session: Mapping[str, Any] | None) -> tuple[str, float]:
    """Voice and speed that a session of these settings speaks with, unless a call changes them."""
    given = session or {}
    audio = given.get("audio")
    output = audio.get("output") if isinstance(audio, Mapping) else None
    output = output if isinstance(output, Mapping) else {}
    voice = output.get("voice") or default_voice(str(given.get("model") or DEFAULT_MODEL))
    speed = output.get("speed")
    return voice_name(voice), float(speed) if isinstance(speed, int | float) else 1.0
