"""How speech sounds, in a scenario in virtual time: the user as received, an answer as heard."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from harness.report.results import Results
from harness.sync_api.opening import run_scenarios

IS_INSTALLED = all(importlib.util.find_spec(name) for name in ("pesq", "pystoi"))
pytestmark = pytest.mark.skipif(not IS_INSTALLED, reason="needs the extra “quality”")


def run(folder: Path, text: str) -> Results:
    (folder / "one.yaml").write_text(f"name: one\n{text}", encoding="utf-8")
    return run_scenarios([folder / "one.yaml"], out=folder / "out", engine="simulated")


USER = """
steps:
  - say: booking-table-for-two
  - expect: {user_quality: {pesq_at_least: 4.5, stoi_at_least: 0.99}}
  - microphone: {telephone: true, clipping_dbfs: -30}
  - say: booking-table-for-two
  - expect: {user_quality: {pesq_at_least: 4.5}, soft: true}
  - expect: {user_quality: {stoi_at_least: 0.6}}
  - hang_up
"""


def test_the_user_is_rated_as_the_server_received_them(tmp_path: Path) -> None:
    (result,) = run(tmp_path, USER).scenarios
    clean, bad, understood = result.expectations
    assert (clean.verdict, bad.verdict, understood.verdict) == ("passed", "failed", "passed")
    assert str(clean.evidence).startswith("PESQ 4.6")
    assert "against “booking-table-for-two”" in str(bad.evidence)
    received = [turn.quality for turn in result.turns]
    assert received[0].received_pesq == pytest.approx(4.64, abs=0.02)
    assert received[1].received_pesq is not None
    assert received[1].received_pesq < 3
    assert received[1].received_stoi is not None


ANSWER = """
assistant: {rules: [{say: Yes.}]}
steps:
  - say: goforward
  - expect: {quality: {reference: manual-what-time, pesq_at_least: 3}}
  - hang_up
"""


def test_an_answer_that_is_no_such_recording_cannot_be_told(tmp_path: Path) -> None:
    (result,) = run(tmp_path, ANSWER).scenarios
    (judged,) = result.expectations
    assert judged.verdict == "cannot_tell"
    assert "“manual-what-time” was not found in it" in str(judged.evidence)
