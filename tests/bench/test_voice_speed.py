"""How fast the voice is, measured on one whose speed is known."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

import harness.speech.kokoro
from harness.audio.clip import AudioClip
from harness.bench import voice_speed
from harness.bench.voice_speed import prepared_share, speed_figures
from harness.scenario.render import Rendered


class Busy:
    """Computes for 5 ms, then says half a second, twice."""

    def load(self) -> None: ...

    def parts(self, text: str) -> Iterator[AudioClip]:
        for _ in range(2):
            until_s = time.process_time() + 0.005
            while time.process_time() < until_s:
                pass
            yield AudioClip(np.zeros(12_000, np.float32), 24_000)


def test_figures_are_of_what_was_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness.speech.kokoro, "KokoroSynthesiser", Busy)
    monkeypatch.setattr(voice_speed, "prepared_share", lambda: 1.0)
    figures = speed_figures()
    assert figures["voice_cpu_s_per_s"] == pytest.approx(0.010, abs=0.005)
    assert figures["first_part_ms_p95"] >= 5
    assert figures["prepared_share"] == 1.0


def test_the_second_run_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = iter([Rendered(10, 0, 5.0), Rendered(10, 9, 0.1)])
    monkeypatch.setattr(voice_speed, "render_shipped", lambda: next(runs))
    assert prepared_share() == 0.9
