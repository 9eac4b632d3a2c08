"""The assistant's sound, kept for a client that asks for it."""

from __future__ import annotations

import numpy as np
import pytest

from harness.realtime.server import spoken_audio
from harness.realtime.server.spoken_audio import SpokenAudio
from tests.support.session_driver import spoken


def test_pieces_are_joined_and_cut() -> None:
    kept = SpokenAudio()
    kept.append("a", spoken(0.2))
    kept.append("b", spoken(0.1))
    kept.append("a", spoken(0.2))
    assert kept.samples("none") is None
    whole = kept.samples("a")
    assert whole is not None
    assert np.allclose(whole, np.concatenate([spoken(0.2), spoken(0.2)]), atol=1e-4)
    kept.cut("a", 0.3)
    assert len(kept.samples("a")) == 7200  # type: ignore[arg-type]
    kept.cut("none", 0.3)
    kept.forget("a")
    assert kept.samples("a") is None
    assert kept.samples("b") is not None


def test_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken_audio, "MAX_KEPT_S", 1)
    kept = SpokenAudio()
    for item_id in ("a", "b", "c"):
        kept.append(item_id, spoken(0.4))
    assert [kept.samples(item_id) is None for item_id in "abc"] == [True, False, False]
    kept.append("d", spoken(1.5))
    assert [kept.samples(item_id) is None for item_id in "abcd"] == [True] * 4
