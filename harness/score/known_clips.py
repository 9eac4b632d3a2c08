"""Answers of a recorded call against the clips that they play: how each one sounded.

Which clip an answer plays is found in the sound itself. An answer that plays none of them gets no
number: what is rated against a wrong clip says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.audio.compare import Delay, find_delay
from harness.audio.containers import SOUND_SUFFIXES, sounds_in
from harness.audio.level import window_levels_dbfs
from harness.audio.resample import resample
from harness.audio.speech_quality import (
    LEAST_LIKENESS,
    LEAST_S,
    RATE_HZ,
    SpeechQuality,
    check_speech_quality,
    is_in,
    quality_at,
)
from harness.audio.wav import load_clip
from harness.errors import FixtureError
from harness.score.conversation import ConversationTurn
from harness.score.recording import RecordingScore, Wanted, blocks, opened

AROUND_S = 1.0
"""Around an answer: a clip may have silence before its first word."""

LONGEST_S = 60.0
"""PESQ is made for sentences, and holds fifty utterances at most."""

SOUNDING_DB = 40.0
"""What is quieter than this below a clip's loudest 10 ms is the silence around its sound."""

CUT_S = 0.05
"""An answer ends where an interruption stopped it when the two are nearer than this."""

LEFT_S = 0.2
"""A clip of which no more was to come had ended by itself."""


@dataclass(frozen=True, slots=True)
class KnownClip:
    """A clip that answers may play."""

    name: str
    samples: MonoFloat32
    """float32, shape (frames,), at 16 kHz."""

    unfit: str
    """Why nothing can be rated against it; "" where something can."""


@dataclass(frozen=True, slots=True)
class HeardClip:
    """What became of the clip that one answer plays."""

    reference: str | None
    """The clip's name; None: which one cannot be told."""

    quality: SpeechQuality | None
    """Its delay is counted from the recording's first sample. None: see `why`."""

    rated_s: float | None
    """So much of the clip was compared: all of it, or what came before the user cut in."""

    is_cut: bool
    """The user cut in before the clip was over."""

    why: str
    """Why it is not rated; "" where it is."""


def load_known_clips(path: Path) -> tuple[KnownClip, ...]:
    """A clip, or all clips in a folder and the folders in it, by name.

    Raises:
        MissingExtra: what rates speech is not installed.
        FixtureError: there is none, or one of them cannot be read.
    """
    check_speech_quality()
    if not path.is_dir():
        return (_known(path.name, path),)
    files = sounds_in(path)
    if not files:
        raise FixtureError(
            f"There is nothing to compare with in {path}.",
            expected=f"files that end in {', '.join(sorted(SOUND_SUFFIXES))}",
            found="none",
        )
    return tuple(_known(each.relative_to(path).as_posix(), each) for each in files)


def rate_answers(score: RecordingScore, clips: Sequence[KnownClip]) -> list[HeardClip]:
    """How each turn's answer sounded, in order of the turns.

    Costs about 0.1 s of CPU for ten seconds of answer, and a little more for each clip.

    Args:
        score: of the recording; its file is read once more.
        clips: what answers may play.

    Raises:
        FixtureError: the file cannot be read any more.
    """
    turns = score.conversation.turns
    cuts = [
        each.agent_stopped_s
        for each in score.conversation.interruptions
        if each.agent_stopped_s is not None
    ]
    found = [HeardClip(None, None, None, False, "no answer was heard") for _ in turns]
    windows = {index: window for index in range(len(turns)) if (window := _window(turns, index))}
    channel = 1 if score.user == "left" else 0
    for index, heard in _pieces(score.path, channel, windows):
        agent = turns[index].agent
        assert agent is not None  # it has a window
        is_cut = any(abs(cut_s - agent.end_s) < CUT_S for cut_s in cuts)
        stops_s = agent.end_s - windows[index][0] if is_cut else None
        found[index] = _rated(heard, clips, windows[index][0], stops_s)
    return found


def notes_on(found: Sequence[HeardClip], clips: Sequence[KnownClip]) -> list[str]:
    """What is to be known of the clips, in words: those that are too short, those nobody played."""
    notes = [f"“{clip.name}” rates nothing: {clip.unfit}." for clip in clips if clip.unfit]
    played = {each.reference for each in found}
    missed = [clip.name for clip in clips if not clip.unfit and clip.name not in played]
    if missed and len(missed) < len(clips):
        notes.append(f"Played by no answer: {', '.join(missed)}.")
    elif missed:
        what = f"“{missed[0]}”" if len(clips) == 1 else f"any of the {len(clips)} clips"
        notes.append(f"No answer plays {what}: is this the right reference for this call?")
    return notes


def _known(name: str, path: Path) -> KnownClip:
    samples = load_clip(path, RATE_HZ).clip.samples
    return KnownClip(name, samples, _unfit(samples))


def _unfit(samples: MonoFloat32) -> str:
    levels = window_levels_dbfs(samples, RATE_HZ, 0.01)
    if not samples.any() or not len(levels):
        return "it is silent" if len(levels) else f"it is shorter than {LEAST_S:g} s"
    sounding = np.flatnonzero(levels > float(levels.max()) - SOUNDING_DB)
    if (sounding[-1] + 1 - sounding[0]) * 0.01 < LEAST_S:
        return f"it is shorter than {LEAST_S:g} s"
    if len(samples) > LONGEST_S * RATE_HZ:
        return f"it is longer than {LONGEST_S:g} s"
    return ""


def _window(turns: Sequence[ConversationTurn], index: int) -> tuple[float, float] | None:
    """The sound around an answer, up to the answers beside it."""
    agent = turns[index].agent
    if agent is None:
        return None
    before = [turn.agent.end_s for turn in turns[:index] if turn.agent]
    after = [turn.agent.start_s for turn in turns[index + 1 :] if turn.agent]
    start_s = max(0.0, agent.start_s - AROUND_S, *(min(end, agent.start_s) for end in before))
    end_s = min(agent.end_s + AROUND_S, *(max(start, agent.end_s) for start in after), np.inf)
    return start_s, end_s


def _pieces(
    path: Path, channel: int, windows: dict[int, tuple[float, float]]
) -> Iterator[tuple[int, MonoFloat32]]:
    """The sound of each window, at `RATE_HZ`; the file is read once, in blocks."""
    parts: dict[int, list[MonoFloat32]] = {index: [] for index in windows}
    wanted, position = Wanted(), 0
    with opened(path, wanted, []) as file:
        rate_hz = int(file.samplerate)
        frames = {
            index: (round(start_s * rate_hz), round(end_s * rate_hz))
            for index, (start_s, end_s) in windows.items()
        }
        for block in blocks(path, file, wanted):
            end = position + len(block)
            for index in list(parts):
                first, last = frames[index]
                if first < end:
                    parts[index].append(block[max(0, first - position) : last - position, channel])
                if last <= end:
                    yield index, _joined(parts.pop(index), rate_hz)
            position = end
    for index, pieces in parts.items():
        yield index, _joined(pieces, rate_hz)


def _joined(pieces: Sequence[MonoFloat32], rate_hz: int) -> MonoFloat32:
    return resample(np.concatenate(pieces), rate_hz, RATE_HZ)


def _rated(
    heard: MonoFloat32, clips: Sequence[KnownClip], from_s: float, stops_s: float | None
) -> HeardClip:
    """Find the clip that explains most of an answer, and rate it.

    Args:
        heard: the answer with what is around it, at `RATE_HZ`.
        from_s: where that begins in the recording.
        stops_s: where in it the user's interruption ended the answer; None: nothing did.
    """
    trials = [_tried(clip, heard, stops_s) for clip in clips if not clip.unfit]
    if not trials:
        return HeardClip(None, None, None, False, "cannot tell: no reference is of any use")
    fitting = [each for each in trials if each.is_long and is_in(each.part, heard, each.delay)]
    if not fitting:
        return HeardClip(None, None, None, False, _not_found(trials))
    best = max(fitting, key=lambda each: each.explained)
    quality = quality_at(best.part, heard, best.delay)
    placed = SpeechQuality(quality.pesq, quality.stoi, from_s + quality.delay_s, quality.likeness)
    rated_s = len(best.part) / RATE_HZ
    return HeardClip(best.clip.name, placed, rated_s, len(best.part) < len(best.clip.samples), "")


@dataclass(frozen=True, slots=True)
class _Trial:
    """One clip, where it would lie in an answer."""

    clip: KnownClip
    part: MonoFloat32
    """Of the clip, what had been played when the user cut in."""

    delay: Delay
    explained: float
    """Energy of the answer that is the clip's."""

    @property
    def is_long(self) -> bool:
        return len(self.part) >= LEAST_S * RATE_HZ


def _tried(clip: KnownClip, heard: MonoFloat32, stops_s: float | None) -> _Trial:
    part = clip.samples
    delay = find_delay(part, heard, RATE_HZ)
    if stops_s is not None:
        played = max(0, round((stops_s - delay.delay_s) * RATE_HZ))
        if played < len(part) - LEFT_S * RATE_HZ:
            part = part[:played]
            delay = find_delay(part, heard, RATE_HZ) if len(part) else Delay(0.0, 0.0)
    at = round(delay.delay_s * RATE_HZ)
    covered = heard[max(0, at) : max(0, at + len(part))].astype(np.float64)
    return _Trial(clip, part, delay, delay.likeness**2 * float(np.sum(covered**2)))


def _not_found(trials: Sequence[_Trial]) -> str:
    best = max(trials, key=lambda each: each.delay.likeness)
    if not any(each.is_long for each in trials):
        return f"cannot tell: less than {LEAST_S:g} s of it came before the user cut in"
    which = f"“{best.clip.name}” is not" if len(trials) == 1 else f"none of {len(trials)} clips is"
    alike = f"likeness {best.delay.likeness:.2f}"
    if len(trials) > 1:
        alike += f" with “{best.clip.name}” at most"
    if best.delay.likeness < LEAST_LIKENESS:
        return f"cannot tell: {which} in it ({alike}, {LEAST_LIKENESS:g} and more is the clip)"
    return f"cannot tell: {which} in it ({alike}, but by its strongest tones alone)"
