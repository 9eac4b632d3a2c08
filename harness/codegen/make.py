"""Scenarios of recorded sessions: fixtures, YAML, a pytest test and the old numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.codegen.acts import SecretVariables, acts_of
from harness.codegen.page_address import page_of, written_address
from harness.codegen.scenario_file import recorded_scenario
from harness.codegen.session import RecordedSession, Words
from harness.errors import UsageError
from harness.regression.baseline import write_baseline
from harness.regression.facts import Calls
from harness.replay.listen import Ears, HeardCall, Listening, listen
from harness.replay.make import BASELINE, LONGEST_NAME, NO_NAME, write_fixtures
from harness.replay.old_numbers import facts_of
from harness.suite.write import write_text

TEST = '''\
"""The conversation “{name}”, as a person held it: it has to go the same way again."""

from pathlib import Path


def test_{identifier}(run_scenario):
    run_scenario(Path(__file__).with_name("{name}.yaml"))
'''


@dataclass(frozen=True)
class MadeScenario:
    """What was written, all in one folder."""

    scenario: Path
    test: Path
    fixtures: tuple[Path, ...]
    said: tuple[str, ...]
    acts: int
    secrets: Mapping[str, str] = field(repr=False)
    """Variables that the scenario needs, with what was typed; written nowhere."""

    notes: tuple[str, ...] = ()


def check_folder(out: Path, *, overwrite: bool) -> str:
    """The scenario's name, which is its folder's.

    Raises:
        UsageError: it is no name, or there is something that would be lost.
    """
    name = out.resolve().name
    if NO_NAME.search(name) or len(name) > LONGEST_NAME or not name.strip("-._"):
        raise UsageError(
            "This cannot be the name of a scenario.",
            expected=f"letters, digits, “-”, “_” and “.”, at most {LONGEST_NAME}",
            found=name,
        )
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not overwrite):
        raise UsageError(
            f"{out} is there already.",
            expected="a new folder, so that nothing that you changed is lost",
            found="a file" if out.is_file() else "a folder with files",
            hint="say --overwrite to make it anew, or another --out",
        )
    return name


def write_recorded(session: RecordedSession, out: Path, ears: Ears) -> MadeScenario:
    """Cut, transcribe and write. Blocks: some 0.1 s of CPU a second of the recording.

    Args:
        session: what was recorded; its recording is only read.
        out: the folder; the scenario is called after it.
        ears: who recognises what was not said by a file or a text.

    Raises:
        FixtureError: nobody speaks in it.
        SpeechError: an engine cannot run.
        ArtifactError: a file cannot be written.
    """
    name = out.resolve().name
    how = Listening(user="left", caller_alone=True)
    heard = with_words(listen(session.recording, how, ears), session.words)
    files = write_fixtures(heard, name, out)
    acts = acts_of(session.seen, name)
    scenario, test = out / f"{name}.yaml", out / f"test_{identifier_of(name)}.py"
    named = [file.name for file in files]
    hidden = SecretVariables(name, acts.secrets)
    page = page_of(written_address(session.url, hidden), session.options)
    text = recorded_scenario(
        heard, name, page, named, acts.acts, session.page_call, session.options.network
    )
    write_text(scenario, text)
    write_text(test, TEST.format(name=name, identifier=identifier_of(name)))
    if heard.is_stereo:
        write_baseline(
            Calls(source="recordings", scenarios=(facts_of(heard, name),)), out / BASELINE
        )
    notes = (*heard.notes, *acts.notes)
    return MadeScenario(
        scenario, test, tuple(files), heard.said, len(acts.acts), hidden.values, notes
    )


def with_words(heard: HeardCall, words: Sequence[Words]) -> HeardCall:
    """The call with the words that are known: those of files and texts that were spoken."""
    said = []
    for turn, recognised in zip(heard.plan.turns, heard.said, strict=True):
        user = turn.user
        known = [one.text for one in words if one.start_s < user.end_s and user.start_s < one.end_s]
        said.append(" ".join(known) or recognised)
    return replace(heard, said=tuple(said))


def identifier_of(name: str) -> str:
    """A scenario's name as a part of a Python name."""
    return re.sub(r"\W+", "_", name.replace("-", "_"), flags=re.ASCII).strip("_").lower()
