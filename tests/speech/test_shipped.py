"""What the shipped scenarios say is there, spoken as the voice speaks now."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.audio.flac import to_flac
from harness.audio.signals import tone
from harness.resources import fixtures_dir
from harness.speech.cached import CachedSynthesiser
from harness.speech.kokoro import KokoroSynthesiser
from harness.speech.shipped import (
    INDEX,
    ShippedSpeech,
    SpokenLine,
    read_shipped_speech,
    shipped_speech,
)

FOLDER = fixtures_dir() / "audio" / "spoken"


class Counting:
    """Speaks a tone, and counts how often."""

    name = "counting, 1"
    voices = ("ann",)
    languages = ("en",)

    def __init__(self) -> None:
        self.spoken = 0

    def parts(
        self, text: str, voice: str | None = None, speed: float = 1.0, language: str | None = None
    ) -> Iterator[AudioClip]:
        self.spoken += 1
        yield tone(500.0, 0.1, sample_rate_hz=24_000)


@pytest.fixture
def makes_them() -> ModuleType:
    """The program that speaks them."""
    path = fixtures_dir() / "speak.py"
    spec = importlib.util.spec_from_file_location("speak", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_line_of_the_shipped_scenarios_is_there_and_no_other(
    makes_them: ModuleType, understood_voice: None
) -> None:
    """Where this fails: python fixtures/speak.py"""
    shipped = shipped_speech()
    assert shipped.engine == KokoroSynthesiser.name
    assert set(shipped.lines) == {line for _, line in makes_them.lines_to_speak()}
    files = {path.name for path in FOLDER.glob("*.flac")}
    index = json.loads((FOLDER / INDEX).read_text(encoding="utf-8"))
    assert files == {name for line in index["lines"] for name in line["files"]}
    for line in shipped.lines:
        clips = shipped.get(shipped.engine, line)
        assert clips
        assert all(clip.duration_s > 0.2 for clip in clips)


def test_it_sounds_as_the_voice_speaks_now() -> None:
    """Another processor may round otherwise; another pronunciation or length is another voice."""
    (line,) = [one for one in shipped_speech().lines if one.text == "Going forward ten meters."]
    (shipped,) = shipped_speech().get(KokoroSynthesiser.name, line) or []
    (spoken,) = KokoroSynthesiser().parts(line.text, line.voice, line.speed, line.language)
    assert shipped.frames == pytest.approx(spoken.frames, rel=0.02)
    frames = min(shipped.frames, spoken.frames)
    alike = np.corrcoef(np.abs(shipped.samples[:frames]), np.abs(spoken.samples[:frames]))[0, 1]
    assert alike > 0.6


def test_what_is_shipped_is_not_spoken_again(tmp_path: Path) -> None:
    line = SpokenLine("Mind the step.", "ann")
    clip = tone(300.0, 0.2, sample_rate_hz=24_000)
    shipped = ShippedSpeech(Counting.name, {line: (written(tmp_path, clip),)})
    own = Counting()
    synthesiser = CachedSynthesiser(own, shipped=shipped)
    assert synthesiser.has("Mind  the step. ", "ann")
    assert synthesiser.synthesise("Mind  the step. ", "ann").frames == clip.frames
    assert own.spoken == 0
    for other in (("Mind the gap.", "ann"), ("Mind the step.", None), ("Mind the step.", "ann", 2)):
        assert not synthesiser.has(*other)
    synthesiser.synthesise("Mind the gap.", "ann")
    assert own.spoken == 1


@pytest.mark.parametrize("damage", ["another engine", "no file", "no FLAC"])
def test_what_cannot_be_used_is_spoken(damage: str, tmp_path: Path) -> None:
    file = written(tmp_path, tone(300.0, 0.2, sample_rate_hz=24_000))
    if damage == "no file":
        file.unlink()
    if damage == "no FLAC":
        file.write_bytes(b"no")
    engine = "counting, 2" if damage == "another engine" else Counting.name
    own = Counting()
    shipped = ShippedSpeech(engine, {SpokenLine("Mind the step.", "ann"): (file,)})
    assert CachedSynthesiser(own, shipped=shipped).synthesise("Mind the step.", "ann").frames > 0
    assert own.spoken == 1


@pytest.mark.parametrize(
    "index", [None, "{", "[]", '{"engine": "x"}', '{"engine": "x", "lines": 3}']
)
def test_an_index_that_cannot_be_read_has_no_lines(index: Any, tmp_path: Path) -> None:
    if index is not None:
        (tmp_path / INDEX).write_text(index, encoding="utf-8")
    assert read_shipped_speech(tmp_path).lines == ()


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "spoken")
    assert read_shipped_speech(tmp_path / "spoken").lines == shipped_speech().lines


def written(folder: Path, clip: AudioClip) -> Path:
    file = folder / "line.flac"
    file.write_bytes(to_flac(clip))
    return file
