"""What a microphone does to its sound, in a scenario in virtual time: known samples in and out."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.signals import white_noise
from harness.audio.wav import load_clip
from harness.errors import ScenarioError
from harness.line.microphone_wish import read_microphone
from harness.sync_api.opening import run_scenarios
from harness.trace import TraceEvent, read_trace

RATE_HZ = 48_000
NOISE = "{file: noise.wav, speech: false"


def run(folder: Path, steps: str) -> tuple[list[TraceEvent], AudioClip, AudioClip]:
    """The trace, what was sent and what was heard of a scenario with these lines."""
    soundfile.write(folder / "noise.wav", white_noise(0.5, 0.25, seed=7).samples, RATE_HZ)
    (folder / "one.yaml").write_text(f"name: one\n{steps}", encoding="utf-8")
    run_scenarios([folder / "one.yaml"], out=folder / "out", engine="simulated")
    events = read_trace(folder / "out/one/trace.jsonl").events
    wav = folder / "out/one/call.wav"
    return events, load_clip(wav, channel="left").clip, load_clip(wav, channel="right").clip


def of(events: list[TraceEvent], type: str) -> list[TraceEvent]:
    return [event for event in events if event.type == type]


def at(clip: AudioClip, from_s: float, frames: int) -> MonoFloat32:
    first = round(from_s * RATE_HZ)
    return clip.samples[first : first + frames]


def given(folder: Path) -> MonoFloat32:
    return load_clip(folder / "noise.wav").clip.samples


def test_gain_and_clipping_act_sample_by_sample_and_change_by_a_step(tmp_path: Path) -> None:
    events, sent, _ = run(
        tmp_path,
        "microphone: {gain_db: -6.0206}\n"
        f"steps: [say: {NOISE}}}, microphone: {{clipping_dbfs: -20}}, silence: 0.1, say: {NOISE}}},"
        f" microphone: clean, silence: 0.1, say: {NOISE}}}, hang_up]\n",
    )
    quieter, clipped, clean = (event.data["start_s"] for event in of(events, "microphone.clip"))
    noise = given(tmp_path)
    lsb = 1.01 / 32768
    assert at(sent, quieter, len(noise)) == pytest.approx(noise * 0.5, abs=lsb)
    assert at(sent, clipped, len(noise)) == pytest.approx(np.clip(noise, -0.1, 0.1), abs=lsb)
    assert at(sent, clean, len(noise)) == pytest.approx(noise, abs=lsb)
    told = [event.data["does"] for event in of(events, "microphone.changed")]
    assert told == ["-6.0206 dB", "clipped at -20 dBFS", "clean"]


def test_a_telephone_and_dropouts_are_those_of_the_plan(tmp_path: Path) -> None:
    wish = {"telephone": True, "dropouts": {"share": 0.3, "length_ms": 20, "seed": 3}}
    events, sent, _ = run(tmp_path, f"microphone: {wish}\nsteps: [say: {NOISE}}}, hang_up]\n")
    plan = read_microphone(wish).plan()
    assert plan.taps is not None
    assert plan.dropouts is not None
    (start_s,) = (event.data["start_s"] for event in of(events, "microphone.clip"))
    noise, first = given(tmp_path), round(start_s * RATE_HZ)
    expected = np.convolve(noise, plan.taps)[: len(noise)]
    pieces = (first + np.arange(len(noise))) // plan.dropouts.frames % plan.dropouts.pieces
    expected[np.isin(pieces, plan.dropouts.silent)] = 0.0
    assert at(sent, start_s, len(noise)) == pytest.approx(expected, abs=1.01 / 32768)
    assert 0.05 < np.mean(expected == 0) < 0.7


ECHO = """
microphone: {echo: {gain_db: -12.0412, delay_ms: 150}}
assistant: {rules: [{say: Hello and welcome.}]}
steps:
  - say: goforward
  - wait: {answer: true}
  - silence: 0.5
  - hang_up
"""


def test_what_is_heard_comes_back_at_its_delay_and_level(tmp_path: Path) -> None:
    events, sent, heard = run(tmp_path, ECHO)
    (said,) = of(events, "microphone.clip")
    first, delay = round(said.data["end_s"] * RATE_HZ), round(0.15 * RATE_HZ)
    back = sent.samples[first:]
    assert np.max(np.abs(back)) > 0.02, "the answer comes back when nothing is said any more"
    earlier = heard.samples[first - delay : len(sent.samples) - delay]
    assert back == pytest.approx(earlier * 0.25, abs=1.5 / 32768)


def test_speech_is_queued_to_the_sample_and_stops_as_asked(tmp_path: Path) -> None:
    more = "wait: false}"
    events, sent, _ = run(
        tmp_path,
        f"steps: [say: {NOISE}, {more}, say: {NOISE}, queue: true, {more}, silence: 0.7,"
        " stop: {fade_ms: 100}, silence: 0.5, hang_up]\n",
    )
    first, second = of(events, "microphone.clip")
    (stop,) = of(events, "microphone.stop")
    noise = given(tmp_path)
    twice = np.concatenate([noise, noise])
    since = round((stop.data["since_s"] - first.data["start_s"]) * RATE_HZ)
    twice[since:] *= np.maximum(1 - np.arange(len(twice) - since) / 4800, 0)
    found = at(sent, first.data["start_s"], len(twice))
    assert found == pytest.approx(twice, abs=1.01 / 32768)
    assert second.data["start_s"] == pytest.approx(first.data["end_s"], abs=1e-9)
    assert stop.data["end_s"] == pytest.approx(stop.data["since_s"] + 0.1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("microphone: {gain: 3}", "one.yaml:2"),
        ("microphone: loud", "“loud” is none of clean, telephone"),
        ("microphone: {dropouts: {share: 2}}", "share"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        run(tmp_path, f"{line}\nsteps: [hang_up]\n")
    assert says in str(raised.value)
