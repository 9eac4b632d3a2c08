"""What `harness score` prints, with a real detector on real voices."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ
from harness.audio.fixtures import find_fixture
from harness.audio.wav import write_wav
from harness.cli.score import score_files
from harness.errors import FixtureError

ASKED, ANSWERED = find_fixture("booking-table-for-two"), find_fixture("greeting-hello-michael")
AT_S, LATER_S = 0.5, 3.4


@pytest.fixture
def call(tmp_path: Path) -> Path:
    both = np.zeros((6 * CALL_RATE_HZ, 2), np.float32)
    for channel, (fixture, at_s) in enumerate(((ASKED, AT_S), (ANSWERED, LATER_S))):
        samples = fixture.load().clip.samples
        both[round(at_s * CALL_RATE_HZ) :, channel][: len(samples)] = samples
    write_wav(tmp_path / "call.wav", both, CALL_RATE_HZ)
    return tmp_path / "call.wav"


def test_the_json_has_the_numbers_and_their_doubts(
    call: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score_files([call], user="left", as_json=True) == 0
    (turn,) = (found := json.loads(capsys.readouterr().out))["turns"]
    true_s = LATER_S + ANSWERED.speech_start_s - AT_S - ASKED.speech_end_s
    assert turn["voice_to_voice_s"] == pytest.approx(true_s, abs=0.02)
    assert 0 < turn["voice_to_voice_uncertainty_s"] < 0.1
    assert turn["confidence"] > 0.5
    assert found["interruptions"] == []
    assert found["verdict"] == "scored"


def test_people_get_a_table(call: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score_files([call], user="left", as_json=False)
    printed = capsys.readouterr().out
    assert "voice to voice" in printed
    assert " s ± 0.0" in printed


def test_one_bad_file_among_several_is_told_and_the_others_are_scored(
    call: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score_files([call, tmp_path / "none.wav"], user="left", as_json=True) == 2
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)["recordings"]) == 1
    assert "no such file" in printed.err


def test_a_bad_file_alone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FixtureError):
        score_files([tmp_path / "none.wav"], user="left", as_json=True)
