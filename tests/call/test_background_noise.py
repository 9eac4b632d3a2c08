"""Noise behind the user's voice, in a call and in a scenario, in virtual time."""

from pathlib import Path

import numpy as np
import pytest

from harness.audio.level import rms_dbfs
from harness.audio.wav import load_clip
from harness.call.background_noise import level_dbfs
from harness.call.utterance import from_file, louder
from harness.errors import ScenarioError
from harness.sync_api.opening import run_scenarios
from harness.trace import read_trace

NOISY = """
name: noisy
noise: {kind: room, snr_db: 12, seed: 5}
steps:
  - silence: 1
  - noise: {kind: street, snr_db: 6, fade_ms: 0}
  - silence: 1
  - noise: off
  - silence: 1
  - say: booking-table-for-two
  - hang_up
"""


def run(folder: Path, text: str) -> Path:
    (folder / "noisy.yaml").write_text(text, encoding="utf-8")
    run_scenarios([folder / "noisy.yaml"], out=folder / "out", engine="simulated")
    return folder / "out"


def test_the_level_is_that_of_what_is_said_at_its_gain() -> None:
    said = from_file("booking-table-for-two")
    assert level_dbfs([louder(said, 0.5)]) == pytest.approx(level_dbfs([said]) - 6.02, abs=0.01)
    assert level_dbfs([]) == -26.0


def test_a_room_is_one_line_and_changes_by_a_step(tmp_path: Path) -> None:
    out = run(tmp_path, NOISY)
    events = [e for e in read_trace(out / "noisy/trace.jsonl").events if "noise" in e.type]
    told = [(e.data["noise"], e.data["snr_db"], e.data["seed"]) for e in events]
    assert told == [("room", 12.0, 5), ("street", 6.0, 0), ("", None, 0)]
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "room 12.0 dB" in report
    assert "street 6.0 dB" in report
    sent = load_clip(out / "noisy/call.wav", channel="left").clip.samples
    first_s, second_s, none_s = (float(e.data["since_s"]) for e in events)

    def level(from_s: float, until_s: float) -> float:
        return rms_dbfs(sent[round(from_s * 48_000) : round(until_s * 48_000)])

    # A stretch of a second is not a whole period: its level may be off by some dB.
    assert level(first_s + 0.1, second_s) == pytest.approx(events[0].data["noise_dbfs"], abs=3)
    assert level(second_s, none_s) == pytest.approx(events[1].data["noise_dbfs"], abs=8)
    assert not np.any(sent[round((none_s + 0.03) * 48_000) : round((none_s + 0.9) * 48_000)])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("noise: {file: none.wav}", "noisy.yaml:3: noise: There is no noise file “none.wav”"),
        ("noise: {kind: cafe, snr_db: loud}", "noisy.yaml:3"),
        ("noise: rain", "there is no noise “rain”"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    text = NOISY.replace("noise: {kind: room, snr_db: 12, seed: 5}", line)
    with pytest.raises(ScenarioError) as raised:
        run(tmp_path, text)
    assert says in str(raised.value)
