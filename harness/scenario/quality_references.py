"""The recordings that a scenario compares answers with, loaded before anything runs."""

from __future__ import annotations

from harness.audio.clip import AudioClip
from harness.audio.speech_quality import check_speech_quality
from harness.call.utterance import from_file
from harness.errors import HarnessError, ScenarioError
from harness.scenario.load import LoadedScenario
from harness.scenario.model import Scenario


def rates_what_is_received(scenario: Scenario) -> bool:
    """Whether it wants to know how the server received the user."""
    return any(step.expect and step.expect.user_quality for step in scenario.steps)


def references_of(loaded: LoadedScenario) -> dict[str, AudioClip]:
    """By the names that its steps give.

    Raises:
        MissingExtra: quality is asked for, and what measures it is not installed.
        ScenarioError: with file, line and step: there is no such recording.
    """
    found: dict[str, AudioClip] = {}
    if rates_what_is_received(loaded.scenario):
        check_speech_quality()
    for number, step in enumerate(loaded.scenario.steps):
        if step.expect is None or step.expect.quality is None:
            continue
        check_speech_quality()
        name = step.expect.quality.reference
        try:
            found[name] = from_file(name, loaded.folder_of(number), None, None).clip
        except HarnessError as error:
            raise ScenarioError(
                f"{loaded.place('steps', number)}: step {number + 1} has no recording to compare "
                f"with. {error.message}",
                expected=error.expected,
                found=error.found,
                hint=error.hint,
            ) from error
    return found
