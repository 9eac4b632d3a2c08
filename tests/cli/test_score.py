"""What `harness score` prints, with a real detector on real voices."""

from __future__ import annotations

import importlib.util
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
IS_INSTALLED = all(importlib.util.find_spec(name) for name in ("pesq", "pystoi"))
needs_extra = pytest.mark.skipif(not IS_INSTALLED, reason="needs the extra “quality”")


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


@needs_extra
def test_answers_are_rated_against_what_they_play(
    call: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = tmp_path / "greeting.wav"
    write_wav(clip, ANSWERED.load().clip.samples, CALL_RATE_HZ)
    assert score_files([call], user="left", as_json=True, reference=clip) == 0
    (turn,) = json.loads(capsys.readouterr().out)["turns"]
    rated = turn["quality"]
    assert (rated["verdict"], rated["reference"], rated["why"]) == ("rated", "greeting.wav", None)
    assert rated["pesq"] > 4.5
    assert rated["stoi"] > 0.99
    assert rated["clip_start_s"] == pytest.approx(LATER_S, abs=0.001)
    score_files([call], user="left", as_json=False, reference=clip)
    assert "  4.64   1.000   greeting.wav" in capsys.readouterr().out


@needs_extra
def test_a_wrong_reference_is_said_and_not_rated(
    call: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.wav"
    write_wav(wrong, find_fixture("manual-what-time").load().clip.samples, CALL_RATE_HZ)
    assert score_files([call], user="left", as_json=True, reference=wrong) == 0
    found = json.loads(capsys.readouterr().out)
    rated = found["turns"][0]["quality"]
    assert (rated["verdict"], rated["pesq"], rated["stoi"]) == ("cannot_tell", None, None)
    assert "“wrong.wav” is not in it" in rated["why"]
    assert "is this the right reference" in found["notes"][0]
    score_files([call], user="left", as_json=False, reference=wrong)
    assert "cannot tell: “wrong.wav” is not in it" in capsys.readouterr().out


def test_without_a_reference_nothing_is_said_of_quality(
    call: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    score_files([call], user="left", as_json=True)
    assert "quality" not in json.loads(capsys.readouterr().out)["turns"][0]
