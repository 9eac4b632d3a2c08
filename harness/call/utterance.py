"""Something to say, ready to be played: 48 kHz samples, its words, and where speech is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.library import find_fixture, library
from harness.audio.resample import resample_clip
from harness.audio.wav import load_clip
from harness.errors import FixtureError
from harness.speech.interface import Synthesiser
from harness.speech.spans import voiced_spans


@dataclass(frozen=True)
class Utterance:
    """One thing the user says."""

    name: str
    clip: AudioClip
    text: str
    file: str | None
    speech_start_s: float
    """First voiced sample, seconds into the clip."""

    speech_end_s: float
    """Last voiced sample, seconds into the clip."""

    converted: str | None = None
    """What was changed when the file was read, for people."""

    gain: float = 1.0


def from_file(name: str | Path, folder: Path | None = None, text: str | None = None) -> Utterance:
    """A recording: a shipped fixture's name, or a path (absolute, or relative to ``folder``).

    Raises:
        FixtureError: nothing there, or not audio.
    """
    path = _existing_file(str(name), folder)
    if path is None:
        return _from_fixture(str(name), text)
    loaded = load_clip(path)
    start_s, end_s = speech_edges(loaded.clip)
    return Utterance(
        path.stem, loaded.clip, text or "", str(path), start_s, end_s, loaded.conversion
    )


def from_text(text: str, synthesiser: Synthesiser, voice: str | None = None) -> Utterance:
    """A text, synthesised. Blocks for some 10 ms a second of speech."""
    clip = resample_clip(synthesiser.synthesise(text, voice), CALL_RATE_HZ)
    if clip.frames == 0:
        raise FixtureError(
            "There is nothing to speak in the text.", expected="words", found=repr(text)
        )
    start_s, end_s = speech_edges(clip)
    return Utterance(text[:40], clip, text, None, start_s, end_s, None)


def from_clip(clip: AudioClip, text: str = "", name: str = "clip") -> Utterance:
    """Samples that the caller made."""
    clip = resample_clip(clip, CALL_RATE_HZ)
    start_s, end_s = speech_edges(clip)
    return Utterance(name, clip, text, None, start_s, end_s, None)


def louder(utterance: Utterance, gain: float) -> Utterance:
    """The same, played with another gain."""
    return replace(utterance, gain=gain)


def speech_edges(clip: AudioClip) -> tuple[float, float]:
    """First and last voiced moment of a clip; its own ends where no speech is found."""
    spans = voiced_spans(clip)
    if not spans:
        return 0.0, clip.duration_s
    return spans[0].start_s, spans[-1].end_s


def _existing_file(name: str, folder: Path | None) -> Path | None:
    for place in ((folder or Path()) / name, Path(name)):
        if place.is_file():
            return place
    if any(mark in name for mark in "/.\\"):
        raise FixtureError(
            f"There is no audio file “{name}”.",
            expected="a path, absolute or relative to the scenario, or a shipped fixture's name",
            found=f"nothing at {(folder or Path()) / name}",
            hint=f"shipped fixtures: {', '.join(sorted(library()))}",
        )
    return None


def _from_fixture(name: str, text: str | None) -> Utterance:
    fixture = find_fixture(name)
    loaded = fixture.load()
    return Utterance(
        name,
        loaded.clip,
        text if text is not None else fixture.transcript,
        str(fixture.path),
        fixture.speech_start_s,
        fixture.speech_end_s,
        loaded.conversion,
    )
