"""Load all that a scenario says, before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from harness.call.utterance import Utterance, from_file, from_text, louder, with_speech
from harness.errors import HarnessError, ScenarioError
from harness.scenario.load import LoadedScenario, without_branches
from harness.scenario.model import Interruption, Speech, Step
from harness.server.assistants.script import Script
from harness.speech.interface import Synthesiser


@dataclass(frozen=True)
class Prepared:
    """A scenario with everything loaded that its steps say."""

    loaded: LoadedScenario
    utterances: Mapping[int, Utterance]
    """By step number, from 1."""

    script: Script


def prepare(scenarios: Sequence[LoadedScenario], synthesiser: Synthesiser) -> list[Prepared]:
    """Load all that the scenarios say, so that mistakes show before anything runs.

    Raises:
        ScenarioError, FixtureError: with file, line and step.
    """
    return [_prepare(loaded, synthesiser) for loaded in scenarios]


def _prepare(loaded: LoadedScenario, synthesiser: Synthesiser) -> Prepared:
    utterances = {}
    for number, step in enumerate(loaded.scenario.steps, start=1):
        speech = _speech_of(step)
        if speech is not None:
            utterances[number] = _utterance(loaded, number, speech, synthesiser)
    return Prepared(loaded, utterances, _script(loaded))


def _speech_of(step: Step) -> str | Speech | None:
    return step.interrupt.say if isinstance(step.interrupt, Interruption) else step.say


def _utterance(
    loaded: LoadedScenario, number: int, speech: str | Speech, synthesiser: Synthesiser
) -> Utterance:
    wanted = (
        Speech(file=speech, text=None, voice=None, gain=1.0) if isinstance(speech, str) else speech
    )
    try:
        if wanted.file is None:
            utterance = from_text(wanted.text or "", synthesiser, wanted.voice)
        else:
            recording = from_file(wanted.file, loaded.folder, wanted.text, wanted.channel)
            utterance = louder(recording, wanted.gain)
            return with_speech(utterance) if wanted.speech else utterance
    except HarnessError as error:
        raise ScenarioError(
            f"{loaded.place('steps', number - 1)}: step {number} cannot be spoken. {error.message}",
            expected=error.expected,
            found=error.found,
            hint=error.hint,
        ) from error
    return louder(utterance, wanted.gain)


def _script(loaded: LoadedScenario) -> Script:
    try:
        return Script.model_validate(loaded.scenario.assistant or {})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        location = without_branches(first["loc"])
        name = ".".join(map(str, ("assistant", *location)))
        problem = first["msg"].removeprefix("Value error, ")
        raise ScenarioError(
            f"{loaded.place('assistant', *location)}: {name}: {problem}.",
            expected="rules as data: rules: [{when: {words: [...]}, say: ...}]",
            found=repr(first["input"])[:100],
        ) from error
