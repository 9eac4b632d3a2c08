"""Audio beside a baseline: each answer as FLAC, called after its content."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from harness.audio.flac import from_flac, to_flac
from harness.audio.resample import resample_clip
from harness.errors import UsageError
from harness.regression.facts import Calls, TurnFacts
from harness.score.voice_print import voice_print
from harness.suite.write import write_bytes

KEPT_RATE_HZ = 24_000
"""What a Realtime service sends; a recording at a lower rate stays as it is."""

NAME = re.compile(r"[0-9a-f]{64}\.flac")


def audio_folder(baseline: Path) -> Path:
    """Where the audio of a baseline is: ``voice.audio`` beside ``voice.yaml``."""
    return baseline.with_suffix(".audio")


def keep_audio(calls: Calls, baseline: Path) -> Calls:
    """Write the answers' audio beside a baseline, and forget what it had before.

    Returns:
        The same with the names of the files; an answer without a recording has none.

    Raises:
        ArtifactError: a file cannot be written.
    """
    folder = audio_folder(baseline)
    kept: set[str] = set()

    def with_audio(turn: TurnFacts) -> TurnFacts:
        if turn.recorded is None and turn.audio and (folder / f"{turn.audio}.flac").is_file():
            kept.add(turn.audio)  # it was read from this very baseline
            return turn
        clip = turn.recorded.clip() if turn.recorded is not None else None
        if clip is None or clip.frames == 0:
            return turn.model_copy(update={"audio": None})
        if clip.sample_rate_hz > KEPT_RATE_HZ:
            clip = resample_clip(clip, KEPT_RATE_HZ)
        data = to_flac(clip)
        name = hashlib.sha256(data).hexdigest()
        if name not in kept:
            write_bytes(folder / f"{name}.flac", data)
            kept.add(name)
        return turn.model_copy(update={"audio": name})

    changed = _each_turn(calls, with_audio)
    _forget_others(folder, kept)
    return changed


def drop_audio(calls: Calls, baseline: Path) -> Calls:
    """The same without audio, and none beside the baseline."""
    _forget_others(audio_folder(baseline), set())
    return _each_turn(calls, lambda turn: turn.model_copy(update={"audio": None}))


def with_voices(calls: Calls, baseline: Path) -> Calls:
    """A baseline with the voices of its audio; how many answers' audio is missing is counted.

    Raises:
        UsageError: a file is not what its name says.
    """
    folder, missing = audio_folder(baseline), 0

    def with_voice(turn: TurnFacts) -> TurnFacts:
        if turn.audio is None:
            return turn
        nonlocal missing
        path = folder / f"{turn.audio}.flac"
        try:
            data = path.read_bytes()
        except OSError:
            missing += 1
            return turn
        if hashlib.sha256(data).hexdigest() != turn.audio:
            raise UsageError(
                f"{path} is not the audio of {baseline}.",
                expected="a file whose SHA-256 is its name",
                found=f"{len(data)} bytes of something else",
                hint="take the file from your repository, or accept the baseline anew with --audio",
            )
        return turn.model_copy(update={"voice": voice_print(from_flac(data))})

    changed = _each_turn(calls, with_voice)
    return changed.model_copy(update={"missing_audio": missing})


def has_audio(calls: Calls) -> bool:
    """Whether a baseline was accepted with audio."""
    runs = [run for scenario in calls.scenarios for run in scenario.runs]
    return any(turn.audio is not None for run in runs for turn in run.turns)


def _each_turn(calls: Calls, change: Callable[[TurnFacts], TurnFacts]) -> Calls:
    scenarios = []
    for scenario in calls.scenarios:
        runs = [
            run.model_copy(update={"turns": tuple(map(change, run.turns))}) for run in scenario.runs
        ]
        scenarios.append(scenario.model_copy(update={"runs": tuple(runs)}))
    return calls.model_copy(update={"scenarios": tuple(scenarios)})


def _forget_others(folder: Path, kept: set[str]) -> None:
    """Take away our files that no turn names any more; nobody else's, and never the folder's."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if NAME.fullmatch(path.name) and path.stem not in kept:
            with contextlib.suppress(OSError):
                path.unlink()
    with contextlib.suppress(OSError):  # others' files are in it, or ours
        folder.rmdir()
