"""The page about noise and cutting in: its scenarios run, its keys are those there are."""

import re
from pathlib import Path

import harness
from harness.audio.backgrounds import KINDS
from harness.line.microphone_wish import MicrophoneWish
from harness.line.noise import NoiseWish
from harness.scenario.load import load_scenario
from harness.sync_api.opening import run_scenarios
from harness.trace import read_trace

PAGE = (Path(harness.__file__).parent / "docs" / "sound.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def written(folder: Path, number: int) -> Path:
    path = folder / f"{number}.yaml"
    path.write_text(BLOCKS[number], encoding="utf-8")
    return path


def test_the_noisy_room_runs(tmp_path: Path) -> None:
    results = run_scenarios([written(tmp_path, 0)], out=tmp_path / "out", engine="simulated")
    assert results.verdict == "passed"
    events = read_trace(tmp_path / "out/a-table-in-a-cafe/trace.jsonl").events
    told = [event.data["noise"] for event in events if event.type == "microphone.noise"]
    assert told == ["cafe", "street", ""]


def test_the_bad_microphone_is_one(tmp_path: Path) -> None:
    results = run_scenarios([written(tmp_path, 1)], out=tmp_path / "out", engine="simulated")
    assert results.verdict == "passed"
    trace = read_trace(tmp_path / "out/on-a-loudspeaker-in-the-kitchen/trace.jsonl")
    told = [event.data["does"] for event in trace.events if event.type == "microphone.changed"]
    assert told[0] == "a telephone's band, echo -30 dB after 120 ms"
    assert told[2] == "clean"


def test_the_user_stops_in_the_second_thing_they_say(tmp_path: Path) -> None:
    run_scenarios([written(tmp_path, 2)], out=tmp_path / "out", engine="simulated")
    events = read_trace(tmp_path / "out/changing-ones-mind/trace.jsonl").events
    first, second = [event.data for event in events if event.type == "microphone.clip"]
    (stop,) = [event.data for event in events if event.type == "microphone.stop"]
    assert second["start_s"] == first["end_s"]
    assert first["start_s"] < stop["since_s"] < second["end_s"]


def test_the_interruption_is_one(tmp_path: Path) -> None:
    step = load_scenario(written(tmp_path, 3)).scenario.steps[1]
    assert step.interrupt is not None
    assert step.interrupt.after_ms == 400


def test_the_table_has_every_key_and_every_kind() -> None:
    keys = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert set(keys) == {*NoiseWish.model_fields, *MicrophoneWish.model_fields}
    kinds = next(line for line in PAGE.splitlines() if line.startswith("| `kind` |"))
    assert all(f"`{kind}`" in kinds for kind in (*KINDS, "off"))
