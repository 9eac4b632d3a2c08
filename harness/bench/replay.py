"""Recordings made of clips whose words and places are known, replayed: what of them is kept.

Twenty calls of three turns, each in another encoding, rate and layout. The caller's clips are the
shipped fixtures (or those of a folder); the agent's lines are synthesised. What a replay makes of
each call is held against what was put in.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from harness.audio.channels import Side
from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.fixtures import library
from harness.audio.resample import resample_clip
from harness.audio.signals import pink_noise
from harness.audio.wav import load_clip
from harness.errors import UsageError
from harness.replay.cutting import kept_as
from harness.replay.listen import Ears, shipped_ears
from harness.replay.make import Made, ReplayOptions, replay_all
from harness.replay.plan import PlannedTurn
from harness.speech.interface import Synthesiser
from harness.speech.spans import Span, voiced_spans
from harness.speech.words import word_errors

RECORDINGS, TURNS = 20, 3
GREETING_S, WAIT_S, PAUSE_S = 0.8, (0.5, 1.4), (0.7, 2.2)
"""When the agent begins; how long it lets the caller wait; the caller's own pauses."""

ROUNDING = 2.0**-23
"""A decoder of MP3 rounds a sample otherwise where it reads the file in other pieces."""

LABEL_S = 0.02
"""So well the clips' own edges are known: our detector found them in the clip alone."""

ROOM_DBFS = -65.0
GREETING = "Thank you for calling the harbour office, how can I help you?"
ANSWERS = (
    "Certainly, let me check that for you.",
    "I have noted it. Is there anything else I can do?",
    "Your request has been sent. Goodbye.",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a recording is kept."""

    suffix: str
    subtype: str
    rate_hz: int
    user: Side | None = "left"
    """The caller's channel; None: one channel, the caller alone."""


SHAPES = (
    Shape(".wav", "PCM_16", 8000),
    Shape(".wav", "ULAW", 8000),
    Shape(".wav", "ALAW", 8000, "right"),
    Shape(".flac", "PCM_16", 16_000),
    Shape(".wav", "PCM_24", 48_000),
    Shape(".wav", "FLOAT", 44_100, "right"),
    Shape(".ogg", "VORBIS", 16_000),
    Shape(".ogg", "OPUS", 48_000),
    Shape(".mp3", "MPEG_LAYER_III", 44_100),
    Shape(".wav", "PCM_16", 16_000, None),
    Shape(".aiff", "PCM_16", 22_050),
    Shape(".flac", "PCM_24", 48_000, "right"),
    Shape(".wav", "PCM_U8", 16_000),
    Shape(".wav", "PCM_16", 11_025, None),
    Shape(".mp3", "MPEG_LAYER_III", 16_000, "right"),
    Shape(".wav", "PCM_32", 16_000),
    Shape(".wav", "PCM_16", 48_000, "right"),
    Shape(".ogg", "VORBIS", 44_100, None),
    Shape(".wav", "PCM_16", 32_000),
    Shape(".flac", "PCM_16", 8000, None),
)


@dataclass(frozen=True, slots=True)
class Known:
    """A clip with its words and the edges of its speech."""

    clip: AudioClip
    text: str
    speech: Span


@dataclass(frozen=True, slots=True)
class KnownRecording:
    """A recording, and what is true of the caller's part."""

    path: Path
    user: Side | None
    said: tuple[tuple[str, Span], ...]


@dataclass(slots=True)
class Kept:
    """What replays kept of all recordings."""

    turns: int = 0
    turns_found: int = 0
    words: int = 0
    words_lost: int = 0
    """Of what was said: missing, or another word in their place."""

    words_added: int = 0
    samples: int = 0
    samples_changed: int = 0
    edges_ms: list[float] = field(default_factory=list)
    edges_lost: int = 0
    """Before or behind what is kept: a part of a word is cut off."""

    edges_within: int = 0
    """As near to the truth as they say of themselves."""

    sides_wrong: int = 0
    audio_s: float = 0.0


def measure(voices: str | None = None) -> dict[str, Any]:
    """The figures of `harness bench replay`.

    Args:
        voices: a folder with recordings of single sentences and their ``manifest.json``, a list
            of ``file`` and ``text``; the shipped fixtures where absent.

    Returns:
        ``recordings``, ``failed``; ``turns`` and ``turns_found``; ``words``, ``words_kept`` and
        ``word_error_rate``; ``samples`` and ``samples_changed``; ``edge_ms`` with ``median``,
        ``p95`` and ``worst``; ``edges_lost`` (true edges outside of what is kept) and
        ``edges_within_uncertainty`` (found as near as they say), two a turn; ``sides_wrong``;
        ``cpu_s_per_s``.

    Raises:
        UsageError: the folder has no such manifest.
    """
    from harness.speech.engines import default_synthesiser

    clips = list(_shipped() if voices is None else _of_folder(Path(voices)))
    with tempfile.TemporaryDirectory(prefix="harness-replay-") as folder:
        calls = list(make_recordings(Path(folder) / "calls", clips, default_synthesiser()))
        return replay_figures(calls, Path(folder) / "scenarios", shipped_ears())


def replay_figures(calls: Sequence[KnownRecording], out: Path, ears: Ears) -> dict[str, Any]:
    """The same for recordings that are there.

    Args:
        calls: with what is true of them.
        out: where the scenarios go.
        ears: who recognises the words.
    """
    began_s = time.process_time()
    outcome = replay_all([call.path for call in calls], ReplayOptions(out), ears, _say)
    cpu_s = time.process_time() - began_s
    kept, made = Kept(), {one.recording: one for one in outcome.made}
    for call in calls:
        _compare(call, made.get(call.path), kept)
    return _in_figures(kept, len(calls), len(outcome.problems), cpu_s)


def make_recordings(
    folder: Path, clips: Sequence[Known], synthesiser: Synthesiser, count: int = RECORDINGS
) -> Iterator[KnownRecording]:
    """Calls of known truth, in every shape.

    Args:
        folder: where to; made where it is missing.
        clips: what the caller says, in turn.
        synthesiser: the agent's voice.
        count: of recordings.
    """
    folder.mkdir(parents=True, exist_ok=True)
    greeting, *answers = (synthesiser.synthesise(text) for text in (GREETING, *ANSWERS))
    turns = cycle(clips)
    for number, shape in enumerate(islice(cycle(SHAPES), count)):
        yield _record(
            folder / f"call-{number + 1:02}{shape.suffix}",
            shape,
            list(islice(turns, TURNS)),
            greeting,
            answers,
            number,
        )


def _record(
    path: Path,
    shape: Shape,
    turns: Sequence[Known],
    greeting: AudioClip,
    answers: Sequence[AudioClip],
    seed: int,
) -> KnownRecording:
    random = np.random.default_rng(seed)
    caller: list[tuple[float, AudioClip]] = []
    agent = [(GREETING_S, greeting)]
    said: list[tuple[str, Span]] = []
    at_s = GREETING_S + greeting.duration_s
    for turn, answer in zip(turns, cycle(answers)):
        at_s += float(random.uniform(*PAUSE_S))
        caller.append((at_s, turn.clip))
        said.append((turn.text, turn.speech.later(at_s)))
        at_s += turn.clip.duration_s + float(random.uniform(*WAIT_S))
        agent.append((at_s, answer))
        at_s += answer.duration_s
    sides = [_side(each, at_s + 1.0, shape.rate_hz, seed) for each in (caller, agent)]
    kept = sides[:1] if shape.user is None else sides[:: 1 if shape.user == "left" else -1]
    soundfile.write(str(path), np.stack(kept, axis=1), shape.rate_hz, subtype=shape.subtype)
    return KnownRecording(path, shape.user, tuple(said))


def _side(
    placed: Sequence[tuple[float, AudioClip]], seconds: float, rate_hz: int, seed: int
) -> MonoFloat32:
    """One channel with a quiet room under it: float32, shape (frames,)."""
    whole = pink_noise(seconds, 10 ** (ROOM_DBFS / 20), seed, rate_hz).samples.copy()
    for at_s, clip in placed:
        samples = resample_clip(clip, rate_hz).samples
        first = round(at_s * rate_hz)
        whole[first : first + len(samples)] += samples[: len(whole) - first]
    return np.clip(whole, -1, 1)


def _compare(call: KnownRecording, made: Made | None, kept: Kept) -> None:
    """Add what was kept of one recording; a turn is found where its middle lies in one of ours."""
    for text, speech in call.said:
        turn, heard = _turn_at((speech.start_s + speech.end_s) / 2, made)
        errors = word_errors(text, heard)
        kept.turns += 1
        kept.words += errors.words
        kept.words_lost += errors.substitutions + errors.deletions
        kept.words_added += errors.insertions
        if turn is None:
            continue
        kept.turns_found += 1
        edges_s = (turn.user.start_s - speech.start_s, turn.user.end_s - speech.end_s)
        kept.edges_ms += [abs(edge_s) * 1000 for edge_s in edges_s]
        kept.edges_lost += (speech.start_s < turn.cut.start_s) + (speech.end_s > turn.cut.end_s)
        doubts_s = (turn.user.start_uncertainty_s, turn.user.end_uncertainty_s)
        kept.edges_within += sum(
            abs(edge_s) <= (doubt_s or 0.0) + LABEL_S
            for edge_s, doubt_s in zip(edges_s, doubts_s, strict=True)
        )
    if made is not None:
        kept.sides_wrong += made.call.channel != (0 if call.user in (None, "left") else 1)
        kept.audio_s += made.call.duration_s
        _compare_samples(made, kept)


def _turn_at(t_s: float, made: Made | None) -> tuple[PlannedTurn | None, str]:
    """The turn that is spoken then, and its words."""
    if made is not None:
        for turn, heard in zip(made.call.plan.turns, made.call.said, strict=True):
            if turn.user.start_s <= t_s <= turn.user.end_s:
                return turn, heard
    return None, ""


def _compare_samples(made: Made, kept: Kept) -> None:
    dtype = kept_as(soundfile.info(str(made.recording)).subtype).dtype
    whole, rate_hz = soundfile.read(str(made.recording), dtype=dtype, always_2d=True)
    for fixture, turn in zip(made.fixtures, made.call.plan.turns, strict=True):
        samples, _ = soundfile.read(str(fixture), dtype=dtype)
        first, last = (round(at_s * rate_hz) for at_s in (turn.cut.start_s, turn.cut.end_s))
        true = whole[first:last, made.call.channel]
        kept.samples += len(true)
        common = min(len(true), len(samples))
        apart = np.abs(true[:common].astype(np.float64) - samples[:common])
        changed = int(np.count_nonzero(apart > (ROUNDING if dtype == "float32" else 0)))
        kept.samples_changed += changed + abs(len(true) - len(samples))


def _in_figures(kept: Kept, recordings: int, failed: int, cpu_s: float) -> dict[str, Any]:
    edges_ms = kept.edges_ms or [float("nan")]
    return {
        "recordings": recordings,
        "failed": failed,
        "turns": kept.turns,
        "turns_found": kept.turns_found,
        "words": kept.words,
        "words_kept": kept.words - kept.words_lost,
        "word_error_rate": round((kept.words_lost + kept.words_added) / kept.words, 4),
        "samples": kept.samples,
        "samples_changed": kept.samples_changed,
        "edge_ms": {
            "median": round(float(np.median(edges_ms)), 1),
            "p95": round(float(np.percentile(edges_ms, 95)), 1),
            "worst": round(max(edges_ms), 1),
        },
        "edges_lost": kept.edges_lost,
        "edges_within_uncertainty": kept.edges_within,
        "sides_wrong": kept.sides_wrong,
        "cpu_s_per_s": round(cpu_s / max(kept.audio_s, 1.0), 3),
    }


def _shipped() -> Iterator[Known]:
    for fixture in library().values():
        if fixture.transcript:
            speech = Span(fixture.speech_start_s, fixture.speech_end_s)
            yield Known(fixture.load().clip, fixture.transcript, speech)


def _of_folder(folder: Path) -> Iterator[Known]:
    """Sentences of somebody else's, and where our own detector finds them in the clean clip."""
    try:
        entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        files = [(folder / entry["file"], str(entry["text"])) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{folder} has no recordings with their words.",
            expected="manifest.json, a list of objects with file and text",
            found=f"{type(error).__name__}: {error}",
        ) from error
    for path, text in files:
        clip = load_clip(path).clip
        spans = voiced_spans(clip)
        if text and spans:
            yield Known(clip, text, Span(spans[0].start_s, spans[-1].end_s))


def _say(path: Path) -> None:
    print(f"harness: {path.name}", file=sys.stderr, flush=True)
