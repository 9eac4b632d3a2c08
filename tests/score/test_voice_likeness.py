"""How like two voices are: a correlation, at every place at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.clip import AudioClip, silence
from harness.audio.fixtures import find_fixture
from harness.score.voice_likeness import STEP_S, energies, likenesses

SPEECH = find_fixture("goforward").load().clip


def slowly(long: np.ndarray, short: np.ndarray) -> list[float]:
    """The formula, place by place."""
    found = []
    for at in range(len(long) - len(short) + 1):
        part = long[at : at + len(short)]
        a, b = part - part.mean(axis=0), short - short.mean(axis=0)
        found.append(float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())))
    return found


@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(0, 20))
def test_it_is_the_correlation_at_every_place(seed: int, width: int, more: int) -> None:
    draw = np.random.default_rng(seed)
    short, long = draw.uniform(0, 40, (width, 8)), draw.uniform(0, 40, (width + more, 8))
    assert likenesses(long, short) == pytest.approx(slowly(long, short), abs=1e-6)


def test_a_part_is_found_where_it_is_whatever_its_loudness() -> None:
    part = SPEECH.between(0.8, 1.6)
    quiet = AudioClip(part.samples * np.float32(0.2), part.sample_rate_hz)
    found = likenesses(energies(SPEECH), energies(quiet))
    assert np.argmax(found) * STEP_S == pytest.approx(0.8)
    assert found.max() > 0.95


def test_silence_is_like_nothing_and_what_does_not_fit_is_nowhere() -> None:
    some, nothing = energies(SPEECH), energies(silence(1.0))
    assert likenesses(some, nothing).max() == 0
    assert likenesses(nothing, energies(SPEECH.between(0.8, 1.2))).max() == 0
    assert len(likenesses(nothing, some)) == 0
    assert len(energies(silence(0.0))) == 0
