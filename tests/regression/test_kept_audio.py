"""Audio beside a baseline: by content, whole, and no more of it than the baseline names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.fixtures import find_fixture
from harness.audio.side_of_file import SideOfFile
from harness.audio.wav import write_wav
from harness.errors import UsageError
from harness.regression.baseline import read_baseline, write_baseline
from harness.regression.compare import compare
from harness.regression.facts import Calls
from harness.regression.kept_audio import audio_folder, has_audio, keep_audio
from harness.regression.recorded import RecordedAnswer
from harness.score.voice_print import voice_print
from tests.support.make_calls import make_calls, make_run, make_side, make_turn


def spoken(folder: Path, *names: str) -> Calls:
    """A run whose answers are these fixtures, recorded on the agent's side."""
    turns = []
    for name in names:
        clip = find_fixture(name).load().clip
        path = folder / f"{name}.wav"
        write_wav(path, np.stack([clip.samples] * 2, axis=1), clip.sample_rate_hz)
        side = SideOfFile(path, 1, clip.frames, clip.sample_rate_hz)
        recorded = RecordedAnswer(side, 0.0, clip.duration_s)
        turns.append(make_turn(name, voice=voice_print(clip), recorded=recorded))
    return make_calls(make_side(make_run(*turns)))


def files(baseline: Path) -> list[Path]:
    return sorted(audio_folder(baseline).glob("*"))


def test_a_baseline_with_audio_knows_the_voice(tmp_path: Path) -> None:
    path = tmp_path / "voice.yaml"
    heart = spoken(tmp_path, "booking-table-for-two", "numbers-phone")
    write_baseline(heart, path, audio=True)
    assert len(files(path)) == 2
    baseline = read_baseline(path)
    assert has_audio(baseline)
    assert compare(baseline, heart).verdict == "same"
    one, other = heart.scenarios[0].runs[0].turns
    michael = spoken(tmp_path, "booking-table-for-two-michael").scenarios[0].runs[0].turns[0]
    changed = one.model_copy(update={"voice": michael.voice})
    found = compare(baseline, make_calls(make_side(make_run(changed, other)))).of("worse")
    assert [(each.kind, each.turn) for each in found] == [("voice", 1)]


def test_the_same_sound_is_kept_once_and_what_nobody_names_goes(tmp_path: Path) -> None:
    path = tmp_path / "voice.yaml"
    write_baseline(spoken(tmp_path, "yes-please", "yes-please"), path, audio=True)
    (first,) = files(path)
    (audio_folder(path) / "notes.txt").write_text("somebody's own", encoding="utf-8")
    write_baseline(spoken(tmp_path, "no-thanks"), path, audio=True)
    assert first not in files(path)
    assert len(files(path)) == 2
    again = read_baseline(path)
    assert keep_audio(again, path) == again, "its own audio stays"
    write_baseline(again, path)
    assert [file.name for file in files(path)] == ["notes.txt"]
    assert not has_audio(read_baseline(path))


def test_audio_that_is_not_there_is_a_doubt(tmp_path: Path) -> None:
    path = tmp_path / "voice.yaml"
    calls = spoken(tmp_path, "yes-please")
    write_baseline(calls, path, audio=True)
    (file,) = files(path)
    file.unlink()
    baseline = read_baseline(path)
    assert baseline.missing_audio == 1
    (found,) = compare(baseline, calls).of("cannot_tell")
    assert (found.kind, found.text.startswith("the audio of 1 answer of")) == ("voice", True)


def test_a_file_that_was_changed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "voice.yaml"
    write_baseline(spoken(tmp_path, "yes-please"), path, audio=True)
    (file,) = files(path)
    file.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(UsageError, match="is not the audio of"):
        read_baseline(path)


def test_without_recordings_nothing_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "voice.yaml"
    write_baseline(make_calls(make_side(make_run(make_turn()))), path, audio=True)
    assert not audio_folder(path).exists()
