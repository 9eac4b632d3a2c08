"""Needs of a scenario's steps in a thread, seen before anything starts: a context, and files."""

from __future__ import annotations

from pathlib import Path

from harness.context.attachments import read_attachment
from harness.context.errors import AttachmentError
from harness.errors import ScenarioError
from harness.scenario.load import LoadedScenario
from harness.scenario.thread_steps import WidgetPress, as_attach


def attached_files(loaded: LoadedScenario) -> dict[int, Path]:
    """The files that the steps attach, by step number, from 1; all steps in a thread are looked at.

    Raises:
        ScenarioError: there is no context, a file cannot be attached or is outside of the
            scenario's folder, or no message follows that would have it; with file, line and step.
    """
    scenario, files = loaded.scenario, dict[int, Path]()
    waiting: int | None = None
    for number, step in enumerate(scenario.steps, start=1):
        if step.attach is None and not isinstance(step.press, WidgetPress):
            waiting = None if step.type is not None else waiting
            continue
        if scenario.context is None:
            raise ScenarioError(
                f"{_place(loaded, number)}: there is no thread.",
                expected="a scenario with a context, whose thread it is about",
                found="none",
                hint="context: desk.yaml",
            )
        if step.attach is not None:
            wanted = as_attach(step.attach)
            files[number] = _checked(loaded, number, wanted.file, wanted.mime_type)
            waiting = None if wanted.alone else waiting or number
    if waiting is not None:
        raise ScenarioError(
            f"{_place(loaded, waiting)}: nobody sends it: no message is typed after it.",
            expected="a `type` behind it",
            found="none",
            hint="attach: {file: …, alone: true} is a message of its own",
        )
    return files


def _checked(loaded: LoadedScenario, number: int, name: str, mime_type: str | None) -> Path:
    folder = loaded.folder_of(number - 1)
    path = folder / name
    if not Path(name).is_absolute() and not path.resolve().is_relative_to(folder.resolve()):
        raise ScenarioError(
            f"{_place(loaded, number)}: the file is outside of the scenario's folder.",
            expected="a file beside the scenario or below it",
            found=name,
            hint="give its full path, if it is meant",
        )
    try:
        read_attachment(path, mime_type)
    except AttachmentError as error:
        raise ScenarioError(
            f"{_place(loaded, number)}: {error.message}",
            expected=error.expected,
            found=error.found,
            hint=error.hint,
        ) from error
    return path


def _place(loaded: LoadedScenario, number: int) -> str:
    kind = loaded.scenario.steps[number - 1].kind
    return f"{loaded.place('steps', number - 1)}: step {number} ({kind})"
