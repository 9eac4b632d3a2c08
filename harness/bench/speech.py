"""The server's ears and mouth on the labelled fixtures, beside the alternatives that were tried.

Detection: each clip between quiet stretches, clean and under pink noise; how far off its first
window of speech begins, and its last one ends, from the labels. The labels were set by level
around what Silero had found, so they favour it by a few milliseconds at most. Recognition: each
clip through Opus at 32 kbit/s. Alternatives that are not installed are said to be so.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.fixtures import Fixture, library
from harness.audio.resample import resample
from harness.audio.signals import pink_noise
from harness.bench.detectors import EnergyDetector, WebRtcDetector
from harness.bench.opus import opus_round_trip
from harness.bench.recognisers import SphinxRecogniser
from harness.errors import SpeechError
from harness.realtime.server.partial_transcript import (
    EVERY_MS,
    LONGEST_MS,
    PartialTranscript,
    next_look_ms,
)
from harness.speech.interface import Recogniser, SpeechDetector, probabilities_of
from harness.speech.moonshine import MoonshineRecogniser
from harness.speech.nanotts import NanoTtsSynthesiser
from harness.speech.silero import SileroDetector
from harness.speech.whisper import WhisperRecogniser
from harness.speech.whisper_models import BASE, TINY_EN
from harness.speech.words import word_errors

NOT_INSTALLED = "not installed"
QUIET_BEFORE_S, QUIET_AFTER_S = 1.0, 1.2
NOISE_SNR_DB = 15.0
SPEECH_FROM = 0.5
"""Probability that counts as speech, as in a session nobody configured."""

NEAR_S = 0.3
"""Windows further than this from the speech that are taken for speech are false."""

SENTENCES = (
    "I have a table for two at seven this evening, right beside the window.",
    "Your order will be with you tomorrow, before ten in the morning.",
    "Could you tell me your telephone number, one digit after the other?",
    "We are open every day except Monday, from eleven until half past ten.",
)

DETECTORS: dict[str, Callable[[], SpeechDetector]] = {
    "silero": SileroDetector,
    "webrtc": WebRtcDetector,
    "energy": EnergyDetector,
}
RECOGNISERS: dict[str, Callable[[], Recogniser]] = {
    "moonshine": MoonshineRecogniser,
    "whisper": lambda: _loaded(WhisperRecogniser(TINY_EN)),
    "whisper base": lambda: _loaded(WhisperRecogniser(BASE)),
    "pocketsphinx": SphinxRecogniser,
}


def _loaded(recogniser: WhisperRecogniser) -> WhisperRecogniser:
    """Silence alone would not load it."""
    recogniser.load()
    return recogniser


def measure(
    names: Sequence[str] | None = None,
    detectors: Sequence[str] = tuple(DETECTORS),
    recognisers: Sequence[str] = tuple(RECOGNISERS),
) -> dict[str, Any]:
    """The figures of `harness bench speech`; about three minutes with everything installed.

    Args:
        names: fixtures to use; None for all speech there is.

    Returns:
        ``clips``; ``detection`` by engine (``clean``, ``noise_15db``, see `detection_figures`, and
        ``cpu_ms_per_s``); ``recognition`` by engine (see `recognition_figures`); ``live`` of
        the first of them, see `live_figures`; ``synthesis``.
        An engine that is not there is "not installed".
    """
    clips = [one for one in library().values() if _is_wanted(one, names)]
    return {
        "clips": len(clips),
        "detection": {name: _detection(DETECTORS[name], clips) for name in detectors},
        "recognition": {name: _recognition(RECOGNISERS[name], clips) for name in recognisers},
        "live": _live(RECOGNISERS[recognisers[0]], clips),
        "synthesis": synthesis_figures(NanoTtsSynthesiser()),
    }


def _is_wanted(fixture: Fixture, names: Sequence[str] | None) -> bool:
    return fixture.name in names if names is not None else bool(fixture.transcript)


# Detection


@dataclass(frozen=True, slots=True)
class Segment:
    """A clip with quiet or noise around it, at the detector's rate."""

    samples: MonoFloat32
    """At the `sample_rate_hz` of the detector that it was made for."""

    start_s: float
    end_s: float


@dataclass(slots=True)
class Edges:
    """What one detector found in all stretches of a kind."""

    onsets_ms: list[float] = field(default_factory=list)
    offsets_ms: list[float] = field(default_factory=list)
    missed: int = 0
    false_windows: int = 0
    quiet_windows: int = 0


def _detection(make: Callable[[], SpeechDetector], clips: Sequence[Fixture]) -> Any:
    try:
        detector = make()
        return _measured_detector(detector, clips)
    except SpeechError:
        return NOT_INSTALLED


def _measured_detector(detector: SpeechDetector, clips: Sequence[Fixture]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    cpu_s = audio_s = 0.0
    for name, snr_db in (("clean", None), ("noise_15db", NOISE_SNR_DB)):
        edges = Edges()
        for number, fixture in enumerate(clips):
            stretch = make_stretch(fixture, snr_db, number, detector.sample_rate_hz)
            before_s = time.process_time()
            find_edges(detector, stretch, edges)
            cpu_s += time.process_time() - before_s
            audio_s += len(stretch.samples) / detector.sample_rate_hz
        figures[name] = detection_figures(edges)
    return {**figures, "cpu_ms_per_s": round(1000 * cpu_s / audio_s, 2)}


def make_stretch(fixture: Fixture, snr_db: float | None, seed: int, rate_hz: int) -> Segment:
    """A fixture between stretches of quiet, under pink noise where a ratio is given."""
    clip = fixture.load().clip
    speech = clip.samples[_frame(fixture.speech_start_s) : _frame(fixture.speech_end_s)]
    pads = np.zeros(_frame(QUIET_BEFORE_S), np.float32), np.zeros(_frame(QUIET_AFTER_S), np.float32)
    whole = np.concatenate([pads[0], clip.samples, pads[1]])
    if snr_db is not None:
        rms = float(np.sqrt(np.mean(np.square(speech)))) * 10 ** (-snr_db / 20)
        noise = pink_noise(len(whole) / CALL_RATE_HZ, rms, seed)
        whole = whole + noise.samples[: len(whole)]
    return Segment(
        resample(whole.astype(np.float32), CALL_RATE_HZ, rate_hz),
        QUIET_BEFORE_S + fixture.speech_start_s,
        QUIET_BEFORE_S + fixture.speech_end_s,
    )


def _frame(at_s: float) -> int:
    return round(at_s * CALL_RATE_HZ)


def find_edges(detector: SpeechDetector, stretch: Segment, edges: Edges) -> None:
    """Add what the detector says about one stretch."""
    size = detector.window_frames
    window_s = size / detector.sample_rate_hz
    detector.reset()
    whole = stretch.samples[: len(stretch.samples) // size * size].reshape(-1, size)
    is_speech = np.array(probabilities_of(detector, whole)) >= SPEECH_FROM
    starts_s = np.arange(len(is_speech)) * window_s
    is_near = (starts_s + window_s > stretch.start_s - NEAR_S) & (starts_s < stretch.end_s + NEAR_S)
    edges.quiet_windows += int((~is_near).sum())
    edges.false_windows += int((is_speech & ~is_near).sum())
    found = np.flatnonzero(is_speech & is_near)
    if len(found) == 0:
        edges.missed += 1
        return
    edges.onsets_ms.append(1000 * (float(starts_s[found[0]]) - stretch.start_s))
    edges.offsets_ms.append(1000 * (float(starts_s[found[-1]]) + window_s - stretch.end_s))


def detection_figures(edges: Edges) -> dict[str, Any]:
    """Errors in ms: the median with its sign (late is positive), the 95th percentile without.

    ``missed`` counts clips in which nothing was found; ``false_percent`` is the share of windows
    away from all speech that were taken for some.
    """
    return {
        "onset_ms_median": _median(edges.onsets_ms),
        "onset_ms_p95": _p95(edges.onsets_ms),
        "offset_ms_median": _median(edges.offsets_ms),
        "offset_ms_p95": _p95(edges.offsets_ms),
        "missed": edges.missed,
        "false_percent": round(100 * edges.false_windows / max(edges.quiet_windows, 1), 2),
    }


# Recognition


def _recognition(make: Callable[[], Recogniser], clips: Sequence[Fixture]) -> Any:
    try:
        recogniser = make()
        recogniser.recognise(np.zeros(CALL_RATE_HZ, np.float32), CALL_RATE_HZ)  # loads it
        return recognition_figures(recogniser, clips)
    except SpeechError:
        return NOT_INSTALLED


def recognition_figures(recogniser: Recogniser, clips: Sequence[Fixture]) -> dict[str, Any]:
    """Word errors over all clips after Opus, and what they cost.

    ``recorded_error_rate`` is that of people's recordings alone; ``took_ms_median`` is wall-clock
    time for a clip, ``cpu_s_per_s`` all threads' CPU for a second of audio.
    """
    errors: dict[bool, list[int]] = {True: [0, 0], False: [0, 0]}
    took_ms: list[float] = []
    audio_s = cpu_s = 0.0
    for fixture in clips:
        heard = opus_round_trip(fixture.load().clip.samples)
        began_s, cpu_before_s = time.perf_counter(), time.process_time()
        text = recogniser.recognise(heard, CALL_RATE_HZ)
        took_ms.append(1000 * (time.perf_counter() - began_s))
        cpu_s += time.process_time() - cpu_before_s
        audio_s += len(heard) / CALL_RATE_HZ
        found = word_errors(fixture.transcript, text)
        errors[fixture.is_recorded][0] += found.substitutions + found.deletions + found.insertions
        errors[fixture.is_recorded][1] += found.words
    wrong, words = (sum(kind[at] for kind in errors.values()) for at in (0, 1))
    return {
        "word_error_rate": _rate(wrong, words),
        "recorded_error_rate": _rate(*errors[True]),
        "words": words,
        "took_ms_median": _median(took_ms),
        "took_ms_p95": _p95(took_ms),
        "cpu_s_per_s": round(cpu_s / audio_s, 3),
    }


def _live(make: Callable[[], Recogniser], clips: Sequence[Fixture]) -> Any:
    try:
        return live_figures(make(), clips)
    except SpeechError:
        return NOT_INSTALLED


def live_figures(recogniser: Recogniser, clips: Sequence[Fixture]) -> dict[str, Any]:
    """Words told while they are spoken: how many are early, and how many wrong in the end."""
    early = told = wrong = words = 0
    for fixture in clips:
        heard = opus_round_trip(fixture.load().clip.samples)
        live = PartialTranscript()
        at_ms: float = EVERY_MS
        while at_ms < min(1000 * fixture.speech_end_s, LONGEST_MS):
            live.look(recogniser.recognise(heard[: _frame(at_ms / 1000)], CALL_RATE_HZ))
            at_ms = next_look_ms(at_ms)
        early += len(live.told)
        live.finish(recogniser.recognise(heard, CALL_RATE_HZ))
        told += len(live.told)
        found = word_errors(fixture.transcript, " ".join(live.told))
        wrong += found.substitutions + found.deletions + found.insertions
        words += found.words
    return {
        "word_error_rate": _rate(wrong, words),
        "told_early_percent": round(100 * early / max(told, 1), 1),
    }


# Synthesis


def synthesis_figures(synthesiser: NanoTtsSynthesiser) -> dict[str, Any]:
    """From a text to its first sound, and to its last, for sentences of about four seconds."""
    synthesiser.synthesise("Hello.")  # loads it
    first_ms: list[float] = []
    whole_ms: list[float] = []
    spoken_s: list[float] = []
    for text in SENTENCES:
        began_s = time.perf_counter()
        parts: list[AudioClip] = []
        for part in synthesiser.parts(f"{text} {text}"):
            if not parts:
                first_ms.append(1000 * (time.perf_counter() - began_s))
            parts.append(part)
        whole_ms.append(1000 * (time.perf_counter() - began_s))
        spoken_s.append(sum(part.duration_s for part in parts))
    return {
        "first_sound_ms_median": _median(first_ms),
        "whole_ms_median": _median(whole_ms),
        "times_real_time": round(sum(spoken_s) / (sum(whole_ms) / 1000), 1),
    }


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 1) if values else None


def _p95(values: Sequence[float]) -> float | None:
    return round(float(np.percentile(np.abs(values), 95)), 1) if values else None


def _rate(wrong: int, words: int) -> float | None:
    return round(wrong / words, 4) if words else None
