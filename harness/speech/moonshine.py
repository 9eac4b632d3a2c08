"""Speech recognition by Moonshine tiny-en (weights inside the wheel, no network)."""

import ctypes
import importlib
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.audio.resample import resample
from harness.errors import SpeechError
from harness.speech.silero import SileroDetector, has_speech
from harness.speech.weights import check_weights, engine_missing

PACKAGE = "moonshine-voice==0.0.73"
"""Exactly this one: later releases no longer carry the weights."""

MODEL = "tiny-en"
WEIGHTS_SHA256 = {
    "encoder_model.ort": "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    "decoder_model_merged.ort": "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    "tokenizer.bin": "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
}
SAMPLE_RATE_HZ = 16_000

OPTIONS = {"vad_threshold": "0.0"}
"""Its own speech detector splits sentences and makes up words at their start; so it is off.
Silero says beforehand whether there is speech at all."""

ONE_THREAD_VARIABLE = "MOONSHINE_ORT_SINGLE_THREAD"
"""Read by the engine while it loads. Its second thread makes an answer no earlier on a busy
machine, and waits for work by spinning: the same words took twice the CPU time. "0" lets it."""

STEP_FRAMES = SAMPLE_RATE_HZ // 4
"""The engine keeps some 35 kB for every length of sound that it has met. So it meets few: four for
each second of the longest turn."""

SHORTEST_S = 0.1
"""Less than this holds no word; it is answered with "" without asking the model."""


class MoonshineRecogniser:
    """English recognition, about 0.06 s of CPU time a second of speech, on one thread.

    Word error rate 4 % on real speech, 2-3 % on good synthetic voices; now and then it makes up
    a phrase. The model (230 MB of memory) is loaded by the first call or by load(), and one
    object serves all threads: calls wait for each other. The interpreter's lock is free while
    it computes, so an event loop in another thread goes on.
    """

    name = f"moonshine {MODEL} ({PACKAGE}, own detector off, steps of 0.25 s)"

    def __init__(self) -> None:
        self._transcriber: Any = None
        self._detector = SileroDetector()
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load the model now (about 0.7 s), so that the first call does not pay for it.

        Raises:
            SpeechError: the package is missing or its weights are not the expected ones.
        """
        with self._lock:
            self._detector.load()
            self._ensure_loaded()

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The words in the samples; "" where there are none.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        if len(samples) < SHORTEST_S * sample_rate_hz:
            return ""
        at_16k = np.ascontiguousarray(resample(samples, sample_rate_hz, SAMPLE_RATE_HZ))
        with self._lock:
            if not has_speech(at_16k, self._detector):
                return ""  # the model would answer "You" to silence and to noise
            transcriber = self._ensure_loaded()
            try:
                return _transcribe(transcriber, _in_steps(at_16k))
            except Exception as error:  # the engine has its own tree of errors; one place turns it
                raise SpeechError(
                    "Speech recognition failed.",
                    expected="a transcript",
                    found=f"{type(error).__name__}: {error}",
                ) from error

    def _ensure_loaded(self) -> Any:
        if self._transcriber is None:
            self._transcriber = _load_transcriber()
        return self._transcriber


def _in_steps(samples: MonoFloat32) -> MonoFloat32:
    """The samples, with silence up to the next whole step: see STEP_FRAMES."""
    return np.pad(samples, (0, -len(samples) % STEP_FRAMES))


def _transcribe(transcriber: Any, at_16k: MonoFloat32) -> str:
    """What the package's own `transcribe_without_streaming` does, without its lists.

    That makes a Python number of each sample, there and back, and holds the interpreter's lock for
    all of it: 40 ms for three seconds of speech, in which an event loop stands still.
    """
    api = importlib.import_module("moonshine_voice.moonshine_api")
    errors = importlib.import_module("moonshine_voice.errors")
    transcript = ctypes.POINTER(api.TranscriptC)()
    status = transcriber._lib.moonshine_transcribe_without_streaming(
        transcriber._handle,
        at_16k.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
        len(at_16k),
        SAMPLE_RATE_HZ,
        0,
        ctypes.byref(transcript),
    )
    errors.check_error(status)
    if not transcript:
        return ""
    found = transcript.contents
    # Its memory is the engine's until the next call, which waits for our lock.
    lines = (ctypes.string_at(line.text) for line in found.lines[: found.line_count] if line.text)
    texts = (line.decode("utf-8", "ignore").strip() for line in lines)
    return " ".join(text for text in texts if text)


def _load_transcriber() -> Any:
    try:
        package = importlib.import_module("moonshine_voice")
        transcriber = importlib.import_module("moonshine_voice.transcriber").Transcriber
        folder = Path(str(package.get_model_path(MODEL)))
    except (ImportError, OSError, AttributeError) as error:
        raise engine_missing("Speech recognition", PACKAGE, error) from error
    check_weights(folder, WEIGHTS_SHA256, PACKAGE)
    os.environ.setdefault(ONE_THREAD_VARIABLE, "1")
    try:
        return transcriber(str(folder), package.ModelArch.TINY, options=OPTIONS)
    except Exception as error:
        raise engine_missing("Speech recognition", PACKAGE, error) from error
