"""Preparation of a scenario: all that it says is loaded before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.all_mistakes import as_one, refuse_mistakes
from harness.audio.clip import AudioClip
from harness.call.utterance import (
    Utterance,
    from_file,
    from_text,
    is_words,
    louder,
    with_speech,
)
from harness.context.threads.choice import ContextChoice
from harness.errors import FixtureError, HarnessError, ScenarioError
from harness.line.noise import MadeNoise, make_noise
from harness.realtime.server.assistants.script import Script
from harness.scenario.assistant_lines import check_lines
from harness.scenario.assistant_script import script_of
from harness.scenario.context_use import context_of
from harness.scenario.interruption import Interruption
from harness.scenario.load import LoadedScenario
from harness.scenario.model import Step
from harness.scenario.planned_talks import PlannedTalk, talks_of
from harness.scenario.quality_references import references_of
from harness.scenario.said import Speech
from harness.scenario.thread_needs import attached_files
from harness.speech.voices import Voices


@dataclass(frozen=True)
class Unspoken:
    """A text that a step says, still to be spoken."""

    number: int
    """Of its step, from 1."""

    text: str
    voice: str | None
    language: str | None
    gain: float


@dataclass(frozen=True)
class Prepared:
    """A scenario with everything loaded that its steps say."""

    loaded: LoadedScenario
    script: Script
    utterances: dict[int, Utterance] = field(default_factory=dict)
    """By step number, from 1: recordings at once, texts after `harness.scenario.render`."""

    unspoken: tuple[Unspoken, ...] = ()
    references: dict[str, AudioClip] = field(default_factory=dict)
    """Recordings that answers are compared with, by their names in the steps."""

    noises: dict[int, MadeNoise] = field(default_factory=dict)
    """By step number, from 1; 0 is the one that the conversation begins with."""

    context: ContextChoice | None = None
    """What it knows from before; the file of contexts is not chosen yet."""

    attachments: dict[int, Path] = field(default_factory=dict)
    """By step number, from 1: the files that are attached."""

    talks: dict[int, PlannedTalk] = field(default_factory=dict)
    """By step number, from 1: what callers that think hold."""


def prepare(
    scenarios: Sequence[LoadedScenario], synthesiser: Voices, *, assistants: bool = False
) -> list[Prepared]:
    """Load the recordings and check the texts, so that mistakes show before anything runs.

    Args:
        synthesiser: whose voices there are; it is not asked to speak yet.
        assistants: whether the scenarios' scripts are spoken with these voices, too.

    Raises:
        ScenarioError, FixtureError: with file, line and step; of several, all are told.
    """
    prepared, mistakes = [], list[HarnessError]()
    for loaded in scenarios:
        try:
            prepared.append(_prepare(loaded, synthesiser))
            if assistants:
                check_lines(loaded, prepared[-1].script, synthesiser)
        except (ScenarioError, FixtureError) as error:
            mistakes.append(error)
    refuse_mistakes(mistakes, len(scenarios))
    return prepared


def speak_text(loaded: LoadedScenario, unspoken: Unspoken, synthesiser: Voices) -> Utterance:
    """A text's utterance.

    Raises:
        ScenarioError: it cannot be spoken; with file, line and step.
    """
    try:
        utterance = from_text(unspoken.text, synthesiser, unspoken.voice, unspoken.language)
    except HarnessError as error:
        raise _cannot_be_spoken(loaded, unspoken.number, error) from error
    return louder(utterance, unspoken.gain)


def _prepare(loaded: LoadedScenario, synthesiser: Voices) -> Prepared:
    utterances, unspoken = {}, []
    mistakes: list[ScenarioError] = []
    for number, step in enumerate(loaded.scenario.steps, start=1):
        speech = _speech_of(step)
        if speech is None:
            continue
        wanted = _as_speech(speech, loaded.folder_of(number - 1))
        try:
            if wanted.file is None:
                text = wanted.text or ""
                synthesiser.check(wanted.voice, wanted.language)
                _check_words(text)
                synthesiser.check_text(text, wanted.voice, wanted.language)
                said = Unspoken(number, text, wanted.voice, wanted.language, wanted.gain)
                unspoken.append(said)
            else:
                clip = from_file(
                    wanted.file, loaded.folder_of(number - 1), wanted.text, wanted.channel
                )
                clip = louder(clip, wanted.gain)
                utterances[number] = with_speech(clip) if wanted.speech else clip
        except HarnessError as error:
            mistakes.append(_cannot_be_spoken(loaded, number, error))
    script, noises, references = Script(), dict[int, MadeNoise](), dict[str, AudioClip]()
    context, talks, attachments = None, dict[int, PlannedTalk](), dict[int, Path]()
    try:
        script = script_of(loaded)
    except ScenarioError as error:
        mistakes.append(error)
    try:
        noises = _noises(loaded)
    except ScenarioError as error:
        mistakes.append(error)
    try:
        references = references_of(loaded)
        context = context_of(loaded)
        attachments = attached_files(loaded)
        talks = talks_of(loaded, synthesiser)
    except ScenarioError as error:
        mistakes.append(error)
    if mistakes:
        raise as_one(mistakes)
    return Prepared(
        loaded,
        script,
        utterances,
        tuple(unspoken),
        references,
        noises,
        context,
        attachments,
        talks,
    )


def _noises(loaded: LoadedScenario) -> dict[int, MadeNoise]:
    wanted = [loaded.scenario.noise, *(step.noise for step in loaded.scenario.steps)]
    noises = {}
    for number, wish in enumerate(wanted):
        if wish is None:
            continue
        try:
            noises[number] = make_noise(wish, loaded.folder)
        except HarnessError as error:
            place = loaded.place("steps", number - 1) if number else loaded.place("noise")
            raise ScenarioError(
                f"{place}: {f'step {number}' if number else 'noise'}: {error.message}",
                expected=error.expected,
                found=error.found,
                hint=error.hint,
            ) from error
    return noises


def _speech_of(step: Step) -> str | Speech | None:
    if step.hold is not None:
        return step.hold.while_
    return step.interrupt.say if isinstance(step.interrupt, Interruption) else step.say


def _as_speech(speech: str | Speech, folder: Path) -> Speech:
    if not isinstance(speech, str):
        return speech
    return Speech(text=speech) if is_words(speech, folder) else Speech(file=speech)


def _check_words(text: str) -> None:
    if not any(character.isalnum() for character in text):
        raise FixtureError(
            "There is nothing to speak in the text.", expected="words", found=repr(text)
        )


def _cannot_be_spoken(loaded: LoadedScenario, number: int, error: HarnessError) -> ScenarioError:
    return ScenarioError(
        f"{loaded.place('steps', number - 1)}: step {number} cannot be spoken. {error.message}",
        expected=error.expected,
        found=error.found,
        hint=error.hint,
    )
