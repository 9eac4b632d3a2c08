"""Something to say, ready to be played: 48 kHz samples, its words, and where speech is in it."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from harness.audio.channels import Side
from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.containers import SOUND_SUFFIXES
from harness.audio.fixtures import Fixture, find_fixture, library
from harness.audio.resample import resample_clip
from harness.audio.wav import load_clip
from harness.errors import FixtureError
from harness.paths import StrPath
from harness.speech.interface import Synthesiser, language_argument
from harness.speech.spans import Span, voiced_spans

SILENT_DBFS = -96.0
"""Peak of a clip that holds nothing: the last bit of 16."""

QUIET_DBFS = -50.0
"""Peak below which no speech detector is expected to hear a voice."""

ONE_WORD = re.compile(r"[^\W\d_][^\s/\\]*[.!?…。！？]")
"""A sentence of one word."""


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

    has_speech: bool = True
    """False: nobody speaks in it, as far as the speech detector hears."""

    @property
    def shown_file(self) -> str | None:
        """Its file as people would write it: relative to where they are, if it is below."""
        if self.file is None:
            return None
        path, here = Path(self.file).resolve(), Path.cwd()
        return str(path.relative_to(here)) if path.is_relative_to(here) else self.file


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A text to be said, and by whom; a string would do where the default voice says it."""

    text: str
    voice: str | None = None
    language: str | None = None
    """A tag of BCP 47, as "de"; an engine has to speak it."""


def from_file(
    name: StrPath,
    folder: Path | None = None,
    text: str | None = None,
    channel: Side | None = None,
) -> Utterance:
    """A recording: a shipped fixture's name, or a path (absolute, or relative to ``folder``).

    Args:
        channel: the one to speak of a recording with two, each with a talk of its own.

    Raises:
        FixtureError: nothing there, not audio, or two talks and no choice between them.
    """
    path = _existing_file(os.fspath(name), folder)
    if path is None:
        return _from_fixture(os.fspath(name), text)
    loaded = load_clip(path, channel=channel)
    spans = voiced_spans(loaded.clip)
    start_s, end_s = _edges(spans, loaded.clip)
    return Utterance(
        name=path.stem,
        clip=loaded.clip,
        text=text or "",
        file=str(path),
        speech_start_s=start_s,
        speech_end_s=end_s,
        converted=loaded.conversion,
        has_speech=bool(spans),
    )


def is_words(what: str, folder: Path | None = None) -> bool:
    """Whether this is words to be spoken, and not a recording's name.

    Several words, or one that ends as a sentence does (“Yes.”), where there is no such file. What
    ends like a file of sound is one, and missing where it is not there.

    Args:
        folder: a recording may be in; absent: where the process is.
    """
    is_sentence = len(what.split()) > 1 or ONE_WORD.fullmatch(what) is not None
    if not is_sentence or Path(what).suffix.lower() in SOUND_SUFFIXES:
        return False
    return _file_of(what, folder) is None


def from_name_or_text(what: StrPath, synthesiser: Synthesiser) -> Utterance:
    """A recording in which somebody speaks; words are synthesised, see `is_words`.

    Raises:
        FixtureError, SpeechError: see `from_file`, `with_speech`, `from_text`.
    """
    if isinstance(what, str) and is_words(what):
        return from_text(what, synthesiser)
    return with_speech(from_file(what))


def with_speech(utterance: Utterance) -> Utterance:
    """The utterance, made sure that somebody speaks in it, at its gain.

    Raises:
        FixtureError: nobody does: what came of it would say nothing about who listens.
    """
    if utterance.has_speech:
        return utterance
    clip = utterance.clip
    if utterance.gain > 1:
        louder_samples = np.clip(clip.samples * utterance.gain, -1, 1)
        spans = voiced_spans(AudioClip(louder_samples, clip.sample_rate_hz))
        if spans:
            start_s, end_s = _edges(spans, clip)
            return replace(utterance, speech_start_s=start_s, speech_end_s=end_s, has_speech=True)
    peak_dbfs = 20 * np.log10(max(1e-6, float(np.max(np.abs(clip.samples)))) * utterance.gain)
    raise FixtureError(
        f"Nobody speaks in {utterance.file or utterance.name}.",
        expected="a recording with speech in it",
        found=f"{clip.duration_s:.1f} s without speech, {_loudness(float(peak_dbfs))}",
        hint="to play it all the same (a tone, a noise), write `speech: false` beside `file`",
    )


def _loudness(peak_dbfs: float) -> str:
    if peak_dbfs <= SILENT_DBFS:
        return "silent from its first to its last sample"
    quiet = ", much too quiet for speech" if peak_dbfs < QUIET_DBFS else ""
    return f"at its loudest {peak_dbfs:.0f} dBFS{quiet}"


def from_text(
    text: str, synthesiser: Synthesiser, voice: str | None = None, language: str | None = None
) -> Utterance:
    """A text, synthesised. Blocks: some 0.3 s of CPU a second of speech, if it is not kept.

    Raises:
        SpeechError: nobody has the voice or speaks the language, or the engine failed.
        FixtureError: there is no word in the text.
    """
    in_language = language_argument(synthesiser, language)
    clip = resample_clip(synthesiser.synthesise(text, voice, 1.0, *in_language), CALL_RATE_HZ)
    if clip.frames == 0:
        raise FixtureError(
            "There is nothing to speak in the text.", expected="words", found=repr(text)
        )
    start_s, end_s = speech_edges(clip)
    return Utterance(text[:40], clip, text, None, start_s, end_s, None)


def from_clip(clip: AudioClip, text: str = "", name: str = "clip") -> Utterance:
    """Samples that the caller made, at 48 kHz afterwards; where they are voiced is found out.

    Args:
        clip: at any rate.
        text: the words in it, where they are known.
        name: for the trace and for people.
    """
    clip = resample_clip(clip, CALL_RATE_HZ)
    start_s, end_s = speech_edges(clip)
    return Utterance(name, clip, text, None, start_s, end_s, None)


def louder(utterance: Utterance, gain: float) -> Utterance:
    """The same, played with another gain.

    Args:
        utterance: stays as it is.
        gain: factor of the samples; 1.0 is as it was recorded.
    """
    return replace(utterance, gain=gain)


def begun_later(utterance: Utterance, by_s: float) -> Utterance:
    """The same without so many seconds of what it begins with.

    Args:
        utterance: stays as it is.
        by_s: no more than there is before its speech.
    """
    clip = utterance.clip
    return replace(
        utterance,
        clip=clip.between(by_s, clip.duration_s),
        speech_start_s=utterance.speech_start_s - by_s,
        speech_end_s=utterance.speech_end_s - by_s,
    )


def speech_edges(clip: AudioClip) -> tuple[float, float]:
    """First and last voiced moment of a clip; its own ends where no speech is found."""
    return _edges(voiced_spans(clip), clip)


def _edges(spans: list[Span], clip: AudioClip) -> tuple[float, float]:
    return (spans[0].start_s, spans[-1].end_s) if spans else (0.0, clip.duration_s)


def _file_of(name: str, folder: Path | None) -> Path | None:
    with contextlib.suppress(OSError):  # words are longer than a file's name can be
        for place in ((folder or Path()) / name, Path(name)):
            if place.is_file():
                return place
    return None


def _existing_file(name: str, folder: Path | None) -> Path | None:
    if (found := _file_of(name, folder)) is not None:
        return found
    if any(mark in name for mark in "/.\\"):
        raise FixtureError(
            f"There is no audio file “{name}”.",
            expected="a path, absolute or relative to the scenario, or a shipped fixture's name",
            found=f"nothing at {(folder or Path()) / name}",
            hint=f"shipped fixtures: {', '.join(sorted(library()))}",
        )
    return None


def _from_fixture(name: str, text: str | None) -> Utterance:
    fixture = _fixture_of(name)
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


def _fixture_of(name: str) -> Fixture:
    try:
        return find_fixture(name)
    except FixtureError as error:
        if not name.isalpha():
            raise
        spoken = f"to have the word spoken, write “{name}.”"
        hint = f"{error.hint} Or, {spoken}" if error.hint else spoken
        raise FixtureError(
            error.message, expected=error.expected, found=error.found, hint=hint
        ) from error
