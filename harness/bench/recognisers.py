"""A recogniser that the shipped ones are measured beside; it is needed for nothing else."""

from __future__ import annotations

import importlib
from typing import Any

from harness.audio.clip import MonoFloat32
from harness.audio.pcm16 import to_int16
from harness.audio.resample import resample
from harness.speech.weights import engine_missing

SAMPLE_RATE_HZ = 16_000
SPHINX_PACKAGE = "pocketsphinx==5.1.1"


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
