"""Scenarios made of recordings: of each file fixtures, a scenario and the old numbers."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from harness.audio.channels import SIDES, Side
from harness.audio.containers import SOUND_SUFFIXES, sounds_in
from harness.errors import HarnessError, ScenarioError, UsageError
from harness.regression.baseline import read_baseline, write_baseline
from harness.regression.facts import Calls, ScenarioFacts
from harness.replay.cutting import write_cuts
from harness.replay.listen import Ears, HeardCall, Listening, listen
from harness.replay.old_numbers import facts_of
from harness.replay.redaction import Redaction
from harness.replay.scenario_file import Pace, scenario_text
from harness.speech.interface import SpeechDetector
from harness.speech.silero import SileroDetector
from harness.speech.spans import Span
from harness.suite.write import write_text

BASELINE = "baseline.yaml"
MANIFEST = "manifest.json"
LONGEST_NAME = 80
OF_A_REPLAY = "recording_start_s"
"""What only the fixtures of a replay have in a manifest."""

NO_NAME = re.compile(r"[^A-Za-z0-9_.-]+")
"""What the name of a scenario does not have."""


@dataclass(frozen=True)
class ReplayOptions:
    """How recordings become scenarios."""

    out: Path
    pace: Pace = "answer"
    user: Side | None = None
    page: str | None = None
    redactions: tuple[Redaction, ...] = ()
    bleep: bool = False
    caller_alone: bool = False
    overwrite: bool = False
    doing: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)
    """Told what is being done with a recording, in words."""


@dataclass(frozen=True)
class Made:
    """One scenario, and where it came from."""

    recording: Path
    scenario: Path
    name: str
    call: HeardCall
    fixtures: tuple[Path, ...]
    facts: ScenarioFacts | None
    """The old numbers; None: the agent is not heard."""

    redacted: int = 0
    """So many stretches were cut out."""

    @property
    def words(self) -> int:
        """Of the caller."""
        return sum(len(text.split()) for text in self.call.said)

    @property
    def voice_to_voice_s(self) -> tuple[float, ...]:
        """The old latencies."""
        times = [
            turn.times_ms for run in (self.facts.runs if self.facts else ()) for turn in run.turns
        ]
        return tuple(one["voice_to_voice"] / 1000 for one in times if "voice_to_voice" in one)

    def to_data(self) -> dict[str, Any]:
        """For machines; seconds to the millisecond."""
        waits = self.voice_to_voice_s
        return {
            "file": str(self.recording),
            "scenario": str(self.scenario),
            "name": self.name,
            "duration_s": round(self.call.duration_s, 3),
            "sample_rate_hz": self.call.sample_rate_hz,
            "user": SIDES[self.call.channel] if self.call.is_stereo else None,
            "turns": len(self.call.plan.turns),
            "words": self.words,
            "kept_s": round(sum(turn.cut.duration_s for turn in self.call.plan.turns), 3),
            "answers": sum(turn.agent is not None for turn in self.call.plan.turns),
            "interruptions": sum(turn.start == "interrupts" for turn in self.call.plan.turns),
            "voice_to_voice_s": round(median(waits), 3) if waits else None,
            "redacted": self.redacted,
            "notes": list(self.call.notes),
        }


@dataclass
class Outcome:
    """What became of all recordings."""

    made: list[Made] = field(default_factory=list)
    problems: list[tuple[Path, HarnessError]] = field(default_factory=list)
    """Recordings of which no scenario was made, and why."""

    baseline: Path | None = None
    """With the old numbers of all that have some."""


def find_recordings(words: Sequence[Path]) -> list[Path]:
    """The files that are meant; of a folder all sound in it and below, but what a replay wrote.

    Raises:
        UsageError: a folder holds none.
    """
    found: dict[Path, None] = {}
    for word in words:
        if not word.is_dir():
            found[word] = None
            continue
        sounds = sounds_in(word)
        written = {path for folder in {each.parent for each in sounds} for path in _written(folder)}
        inside = [path for path in sounds if path not in written]
        if not inside:
            raise UsageError(
                f"There are no recordings in {word}.",
                expected=f"files that end in {', '.join(sorted(SOUND_SUFFIXES))}",
                found="none",
            )
        found |= dict.fromkeys(inside)
    return list(found)


def _written(folder: Path) -> set[Path]:
    """What an earlier replay wrote here: its scenarios may lie in the folder of the recordings."""
    try:
        entries = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {folder / str(one["file"]) for one in entries if OF_A_REPLAY in one}
    except (OSError, ValueError, LookupError, TypeError):
        return set()  # none, or somebody else's


def replay_all(
    words: Sequence[Path],
    options: ReplayOptions,
    ears: Ears,
    told: Callable[[Path], None],
    make_detector: Callable[[], SpeechDetector] = SileroDetector,
) -> Outcome:
    """A scenario of each recording; a mistake in one leaves the others alone. Blocks.

    Args:
        words: files, and folders of them.
        options: how.
        ears: who recognises the words.
        told: what is begun with.
        make_detector: a new speech detector for each channel.

    Raises:
        UsageError: a folder without recordings, a redaction of no file, a broken baseline.
        SpeechError: an engine cannot run.
        ArtifactError: a file cannot be written.
    """
    paths = find_recordings(words)
    redacted = _redactions_of(paths, options.redactions)
    kept = _kept_baseline(options.out / BASELINE)
    outcome, names = Outcome(), dict[str, Path]()
    for path in paths:
        told(path)
        try:
            name = _free_name(path, names, options)
            outcome.made.append(
                _replay(path, name, options, redacted.get(path, ()), ears, make_detector)
            )
        except UsageError as error:
            outcome.problems.append((path, error))
    facts = [made.facts for made in outcome.made if made.facts is not None]
    if facts:
        outcome.baseline = options.out / BASELINE
        write_baseline(_joined(kept, facts), outcome.baseline)
    return outcome


def _replay(
    path: Path,
    name: str,
    options: ReplayOptions,
    redacted: tuple[Span, ...],
    ears: Ears,
    make_detector: Callable[[], SpeechDetector],
) -> Made:
    how = Listening(options.user, options.caller_alone, redacted, options.doing)
    call = listen(path, how, ears, make_detector)
    files = write_fixtures(call, name, options.out / name, redacted, bleep=options.bleep)
    scenario = options.out / f"{name}.yaml"
    named = [file.relative_to(options.out).as_posix() for file in files]
    write_text(scenario, scenario_text(call, name, named, options.pace, options.page))
    facts = facts_of(call, name) if call.is_stereo else None
    return Made(path, scenario, name, call, tuple(files), facts, len(redacted))


def write_fixtures(
    call: HeardCall, name: str, folder: Path, redacted: Sequence[Span] = (), *, bleep: bool = False
) -> list[Path]:
    """The caller's turns as files, and ``manifest.json`` with their words and edges.

    Args:
        name: of the scenario that speaks them.
        folder: where to; the fixtures of an earlier time in it are taken away.
        redacted: stretches whose sound is taken out.
        bleep: with a tone in their place.

    Raises:
        FixtureError: the recording cannot be read any more.
        ArtifactError: a file cannot be written.
    """
    _forget(folder)
    width = max(2, len(str(len(call.plan.turns))))
    cuts = [
        (folder / f"turn-{number:0{width}}", turn.cut)
        for number, turn in enumerate(call.plan.turns, start=1)
    ]
    files = write_cuts(call.path, call.channel, cuts, redacted, bleep=bleep)
    write_text(folder / MANIFEST, _manifest(call, name, files))
    return files


def _forget(folder: Path) -> None:
    """Take away the fixtures of an earlier replay: it may have had more turns."""
    for old in (*folder.glob("turn-*.flac"), *folder.glob("turn-*.wav")):
        old.unlink(missing_ok=True)


def _manifest(call: HeardCall, name: str, files: Sequence[Path]) -> str:
    """Words and edges of the fixtures, as `harness.audio.fixtures` reads them."""
    entries = [
        {
            "name": f"{name}-{file.stem}",
            "file": file.name,
            "transcript": said,
            "speaker": "caller",
            "kind": "recorded",
            "duration_s": round(turn.cut.duration_s, 4),
            "speech_start_s": round(turn.user.start_s - turn.cut.start_s, 4),
            "speech_end_s": round(turn.user.end_s - turn.cut.start_s, 4),
            OF_A_REPLAY: round(turn.cut.start_s, 4),
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "licence": "not known: it is that of the recording",
        }
        for file, turn, said in zip(files, call.plan.turns, call.said, strict=True)
    ]
    return json.dumps({"files": entries}, indent=1, ensure_ascii=False) + "\n"


def _free_name(path: Path, names: dict[str, Path], options: ReplayOptions) -> str:
    """The scenario's name, after the file.

    Raises:
        ScenarioError: another recording has it, or a scenario that is there already.
    """
    plain = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode("ascii")
    name = NO_NAME.sub("-", plain).strip("-._")[:LONGEST_NAME] or _number_name(path)
    if f"{name.casefold()}.yaml" == BASELINE:
        name = f"{name}-call"
    other = names.setdefault(name.casefold(), path)
    if other != path:
        raise ScenarioError(
            f"The name “{name}” is taken.",
            expected="recordings whose names differ in more than their folders and endings",
            found=f"{other} and {path}",
            hint="rename one of them",
        )
    there = options.out / f"{name}.yaml"
    if there.exists() and not options.overwrite:
        raise ScenarioError(
            f"The scenario {there} is there already.",
            expected="a new file, so that nothing that you changed is lost",
            found=f"it, and {path} would become it",
            hint="say --overwrite to make it anew, or another --out",
        )
    return name


def _number_name(path: Path) -> str:
    """A name for what is written in another script, the same each time."""
    return f"recording-{hashlib.sha256(path.stem.encode()).hexdigest()[:6]}"


def _redactions_of(
    paths: Sequence[Path], redactions: Sequence[Redaction]
) -> dict[Path, tuple[Span, ...]]:
    """The stretches of each recording.

    Raises:
        UsageError: it cannot be told which recording is meant, or it is none of these.
    """
    found: dict[Path, tuple[Span, ...]] = {}
    for one in redactions:
        meant = [path for path in paths if one.file in (None, str(path), path.name)]
        if len(meant) != 1:
            place = f"{one.span.start_s:g}-{one.span.end_s:g}"
            raise UsageError(
                f"Which recording has something to redact at {place}?",
                expected=f"FILE:{place}, FILE one of {', '.join(map(str, paths[:5]))}"
                + (", …" if len(paths) > 5 else ""),
                found=one.file or "no file, and several recordings",
            )
        found[meant[0]] = (*found.get(meant[0], ()), one.span)
    return found


def _kept_baseline(path: Path) -> tuple[ScenarioFacts, ...]:
    return read_baseline(path).scenarios if path.exists() else ()


def _joined(kept: Sequence[ScenarioFacts], facts: Sequence[ScenarioFacts]) -> Calls:
    """What is there already, with those of the same name made anew."""
    new = {one.name: one for one in facts}
    scenarios = [new.pop(one.name, one) for one in kept]
    return Calls(source="recordings", scenarios=(*scenarios, *new.values()))
