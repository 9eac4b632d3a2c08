"""Recognition that answers at once for samples it has seen."""

import hashlib
import threading
from collections import OrderedDict

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.speech.interface import Recogniser


class CachedRecogniser:
    """Keeps the last answers of another recogniser, in memory, by the samples' content.

    The key is the SHA-256 of the samples with the rate and the engine's name, so another
    engine or version never gets an old answer. Safe for several threads.
    """

    def __init__(self, recogniser: Recogniser, capacity: int = 256) -> None:
        self._recogniser = recogniser
        self._capacity = capacity
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = 0

    @property
    def name(self) -> str:
        """The other recogniser's name."""
        return self._recogniser.name

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The other recogniser's answer; a failure is not kept."""
        key = self._key(samples, sample_rate_hz)
        with self._lock:
            if key in self._texts:
                self._texts.move_to_end(key)
                self.hits += 1
                return self._texts[key]
        text = self._recogniser.recognise(samples, sample_rate_hz)
        with self._lock:
            self._texts[key] = text
            while len(self._texts) > self._capacity:
                self._texts.popitem(last=False)
        return text

    def _key(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        digest = hashlib.sha256(np.ascontiguousarray(samples, np.float32).tobytes())
        return f"{self.name}|{sample_rate_hz}|{digest.hexdigest()}"
