"""Lines of a scenario's assistant: the sentences that its server will ask a voice for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.errors import HarnessError, ScenarioError, SpeechError
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.validation.settings import voice_name
from harness.realtime.session_object import DEFAULT_MODEL, default_voice
from harness.scenario.load import LoadedScenario
from harness.server.assistants.plugins import engine_voice
from harness.speech.text.sentences import split_sentences
from harness.speech.voices import Voices


@dataclass(frozen=True)
class Line:
    """One sentence that an assistant may say."""

    text: str
    voice: str | None
    speed: float


def lines_of(loaded: LoadedScenario, script: Script, voices: Voices) -> Iterator[Line]:
    """The sentences of a scenario's script, rule by rule."""
    return (line for _, line in _by_rule(loaded, script, voices))


def check_lines(loaded: LoadedScenario, script: Script, voices: Voices) -> None:
    """See that the assistant's voice can speak what the script says; nothing is spoken.

    Raises:
        ScenarioError: it cannot; with file, line and rule.
    """
    for number, line in _by_rule(loaded, script, voices):
        try:
            voices.check_text(line.text, line.voice)
        except SpeechError as error:
            place = loaded.place("assistant", "rules", number, "say")
            raise ScenarioError(
                f"{place}: assistant: rule {number + 1} cannot be spoken. {error.message}",
                expected=error.expected,
                found=error.found,
                hint="write it in a language that the voice speaks, or plug in an engine: "
                "HARNESS_VOICE_ENGINE=module:factory",
            ) from error


def _by_rule(loaded: LoadedScenario, script: Script, voices: Voices) -> Iterator[tuple[int, Line]]:
    """The same, each with its rule's number, from 0."""
    voice, speed = _session_voice(loaded.scenario.session)
    voice, speed = script.voice or voice, (script.speed or 1.0) * speed
    try:
        name = engine_voice(voice, voices.voices, voices.stand_ins)
    except HarnessError:
        return  # the server will say so, where it is needed
    for number, rule in enumerate(script.rules):
        for sentence in split_sentences(rule.say or ""):
            yield number, Line(sentence.strip(), name, speed)


def _session_voice(session: Mapping[str, Any] | None) -> tuple[str, float]:
    """Voice and speed that a session of these settings speaks with, unless a call changes them."""
    given = session or {}
    audio = given.get("audio")
    output = audio.get("output") if isinstance(audio, Mapping) else None
    output = output if isinstance(output, Mapping) else {}
    voice = output.get("voice") or default_voice(str(given.get("model") or DEFAULT_MODEL))
    speed = output.get("speed")
    return voice_name(voice), float(speed) if isinstance(speed, int | float) else 1.0
