"""The talks of a scenario's callers that think, read before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.errors import HarnessError, ScenarioError
from harness.line.noise import make_noise
from harness.personas.persona import Persona, read_persona
from harness.personas.replies import KeptReplies
from harness.scenario.converse_step import Converse
from harness.scenario.load import LoadedScenario
from harness.speech.voices import Voices


@dataclass(frozen=True, slots=True)
class PlannedTalk:
    """Who speaks, and where what they said before is kept."""

    persona: Persona
    replies: Path


def talks_of(loaded: LoadedScenario, voices: Voices | None = None) -> dict[int, PlannedTalk]:
    """Those of the steps `converse`, by step number, from 1.

    Args:
        voices: who speaks; None: whether anybody has a persona's voice and language is not asked.

    Raises:
        ScenarioError: a persona, or its replies, cannot be read, or nobody speaks so; with file,
            line and step.
    """
    talks = {}
    for number, step in enumerate(loaded.scenario.steps, start=1):
        if step.converse is None:
            continue
        try:
            wanted = wanted_of(step.converse)
            talks[number] = _talk(wanted, loaded.folder_of(number - 1), voices)
        except ScenarioError as error:
            raise ScenarioError(
                f"{loaded.place('steps', number - 1)}: step {number} has nobody to speak. "
                f"{error.message}",
                expected=error.expected,
                found=error.found,
                hint=error.hint,
            ) from error
    return talks


def wanted_of(step: str | Converse) -> Converse:
    """What a step says; a persona's file alone is one, too."""
    return Converse(persona=step) if isinstance(step, str) else step


def _talk(wanted: Converse, folder: Path, voices: Voices | None) -> PlannedTalk:
    path = folder / wanted.persona
    persona = read_persona(path)
    _check_sound(path, persona, voices)
    if wanted.turns is not None:
        persona = persona.model_copy(update={"at_most": wanted.turns})
    replies = path.with_suffix(".replies.json")
    if wanted.replies is not None:
        replies = folder / wanted.replies
    KeptReplies(replies)
    return PlannedTalk(persona, replies)


def _check_sound(path: Path, persona: Persona, voices: Voices | None) -> None:
    """See that somebody has the voice and speaks the language, and that the noise is there.

    Raises:
        ScenarioError: it is not so; with the persona's file.
    """
    try:
        if voices is not None:
            voices.check(persona.voice, persona.language_tag)
        if persona.noise is not None:
            make_noise(persona.noise)
    except HarnessError as error:
        raise ScenarioError(
            f"{path}: {error.message}",
            expected=error.expected,
            found=error.found,
            hint=error.hint,
        ) from error
