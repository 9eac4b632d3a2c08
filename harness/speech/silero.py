"""Speech detection by Silero v6 on onnxruntime (weights inside faster-whisper, no network)."""

import math
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.audio.clip import MonoFloat32
from harness.speech.fundamental import FundamentalRestorer
from harness.speech.onnx import PACKAGE as RUNTIME
from harness.speech.onnx import import_onnxruntime, session_options
from harness.speech.weights import check_weights, engine_missing

PACKAGE = "faster-whisper==1.2.1"
"""Carries the weights; none of its code is imported, which would take a second."""

WEIGHTS_NAME = "silero_vad_v6.onnx"
WEIGHTS_SHA256 = {WEIGHTS_NAME: "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"}
NAME = f"silero v6 ({PACKAGE}), which forgets silence and gives telephones their fundamental"
"""Engine, version and what we do with it, for cache keys."""

SAMPLE_RATE_HZ = 16_000
WINDOW_FRAMES = 512
CONTEXT_FRAMES = 64
"""The end of the window before, which the model hears again."""

STATE_SHAPE = (1, 1, 128)

SERIES_WINDOWS = 64
"""So many are given to the model at a time: more are not quicker."""

QUIET_BELOW, FORGETS_AFTER_S = 0.1, 5.0
"""What is no speech for so long is forgotten: the model's memory fills with it, and after a minute
it doubts the words that break it; by telephone it misses most of them."""

FORGETS_AFTER_WINDOWS = math.ceil(FORGETS_AFTER_S * SAMPLE_RATE_HZ / WINDOW_FRAMES)

ONSET_LATE_S = 0.027
"""Its median error: it finds an onset this much late (90 % within 84 ms)."""

OFFSET_LATE_S = 0.033
"""Its hangover: an offset lies this much after the last sound (90 % within 56 ms)."""


class SileroDetector:
    """Silero's speech probability for 32 ms windows at 16 kHz.

    About 2 ms of CPU a second where many windows come together, 5 where they come one by one.

    Of voices by telephone it calls up to half no speech, so they are given their fundamental
    back first; all others are heard as they are. The model is loaded by the first window (10 ms,
    60 ms with the runtime's import) or by load(), and shared by all objects of the process; what
    was heard is kept here, some 8 kB. One object belongs to one stream and one thread at a time.
    The interpreter's lock is free while the model computes.
    """

    sample_rate_hz = SAMPLE_RATE_HZ
    window_frames = WINDOW_FRAMES

    def __init__(self) -> None:
        self._session: Any = None
        self._context = np.zeros(CONTEXT_FRAMES, np.float32)
        self._fundamental = FundamentalRestorer()
        self._memory: tuple[Any, Any] = _blank_memory()
        self._quiet_windows = 0

    def load(self) -> None:
        """Load the model now, so that the first window does not pay for it.

        Raises:
            SpeechError: a package is missing or the weights are not the expected ones.
        """
        if self._session is None:
            self._session = _SHARED.session()

    def probability(self, window: MonoFloat32) -> float:
        """Probability of speech in the next window of exactly 512 samples at 16 kHz.

        Raises:
            ValueError: another number of samples, or samples that are not finite.
            SpeechError: a package is missing or the weights are not the expected ones.
        """
        if window.shape != (WINDOW_FRAMES,):
            raise ValueError(f"a window has shape ({WINDOW_FRAMES},); got {window.shape}")
        return self.probabilities(window[np.newaxis])[0]

    def probabilities(self, windows: npt.NDArray[np.float32]) -> list[float]:
        """The same of each of the next windows, in half of the time: shape (count, 512), 16 kHz.

        Raises:
            ValueError: windows of another length, or samples that are not finite.
            SpeechError: a package is missing or the weights are not the expected ones.
        """
        if windows.ndim != 2 or windows.shape[1] != WINDOW_FRAMES:
            raise ValueError(f"windows have shape (count, {WINDOW_FRAMES}); got {windows.shape}")
        if not np.isfinite(windows).all():
            raise ValueError("a window holds finite samples; got NaN or infinite ones")
        self.load()
        windows = self._fundamental.process(windows)
        found: list[float] = []
        while len(found) < len(windows):
            # What is forgotten is forgotten behind the last window of a series, never within it.
            count = min(SERIES_WINDOWS, FORGETS_AFTER_WINDOWS - self._quiet_windows)
            found += self._series(windows[len(found) : len(found) + count])
        return found

    def _series(self, windows: npt.NDArray[np.float32]) -> list[float]:
        """The next windows in one run of the model."""
        heard = np.empty((len(windows), CONTEXT_FRAMES + WINDOW_FRAMES), np.float32)
        heard[0, :CONTEXT_FRAMES] = self._context
        heard[1:, :CONTEXT_FRAMES] = windows[:-1, -CONTEXT_FRAMES:]
        heard[:, CONTEXT_FRAMES:] = windows
        self._context[:] = windows[-1, -CONTEXT_FRAMES:]
        hidden, cell = self._memory
        told, *memory = self._session.run(None, {"input": heard, "h": hidden, "c": cell})
        self._memory = memory[0], memory[1]
        found: list[float] = told.tolist()
        for probability in found:
            self._quiet_windows = self._quiet_windows + 1 if probability < QUIET_BELOW else 0
        if self._quiet_windows >= FORGETS_AFTER_WINDOWS:
            self._memory, self._quiet_windows = _blank_memory(), 0
        return found

    def reset(self) -> None:
        """Start a new stream."""
        self._context[:] = 0.0
        self._fundamental.reset()
        self._memory = _blank_memory()
        self._quiet_windows = 0


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


def _blank_memory() -> tuple[MonoFloat32, MonoFloat32]:
    """What the recurrent layer knows before the first window: its hidden and its cell state."""
    return np.zeros(STATE_SHAPE, np.float32), np.zeros(STATE_SHAPE, np.float32)


class _Shared:
    """The model of this process: the runtime may be asked by several threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None

    def session(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = _load_model()
            return self._session


_SHARED = _Shared()


def _load_model() -> Any:
    try:
        runtime = import_onnxruntime()
    except ImportError as error:
        raise engine_missing("Speech detection", RUNTIME, error) from error
    folder = _weights_folder()
    check_weights(folder, WEIGHTS_SHA256, PACKAGE)
    options = session_options(runtime)  # a window takes 50 µs, waking a second thread as long
    path = str(folder / WEIGHTS_NAME)
    try:
        return runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime has its own tree of errors
        raise engine_missing("Speech detection", RUNTIME, error) from error


def _weights_folder() -> Path:
    """Where the package keeps them, found without importing it.

    Raises:
        SpeechError: it is not installed.
    """
    found = find_spec("faster_whisper")
    if found is None or not found.submodule_search_locations:
        missing = ModuleNotFoundError("No module named 'faster_whisper'")
        raise engine_missing("Speech detection", PACKAGE, missing)
    return Path(found.submodule_search_locations[0]) / "assets"
