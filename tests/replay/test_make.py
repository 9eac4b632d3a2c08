"""Folders of recordings to scenarios: names, fixtures, baseline, and mistakes told together."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.audio.fixtures import load_manifest
from harness.errors import UsageError
from harness.regression.baseline import read_baseline
from harness.replay.listen import Ears
from harness.replay.make import Outcome, ReplayOptions, find_recordings, replay_all
from harness.replay.redaction import read_redaction
from harness.scenario.load import load_scenario
from harness.suite.collect import Found, collect
from tests.support.recorded_calls import channel, fixtures_at, scribes, write_call
from tests.support.scripted_detector import ScriptedDetector

RATE_HZ = 8000
CALLER = ["I'd like to book a table for two, please.", "Tomorrow at seven."]
SAID = ((1.0, "booking-table-for-two"), (8.5, "booking-tomorrow-at-seven"))
ANSWERED = ((4.5, "manual-what-time"),)


def stereo(path: Path) -> Path:
    sides = [channel(fixtures_at(RATE_HZ, *each), 12.0, RATE_HZ) for each in (SAID, ANSWERED)]
    return write_call(path, sides, RATE_HZ)


def mono(path: Path) -> Path:
    return write_call(path, [channel(fixtures_at(RATE_HZ, *SAID), 12.0, RATE_HZ)], RATE_HZ)


def replayed(folder: Path, *words: Path, ears: Ears | None = None, **options: object) -> Outcome:
    made = ReplayOptions(folder / "out", user="left", **options)  # type: ignore[arg-type]
    return replay_all(
        words,
        made,
        ears or scribes(CALLER, ["For when?"]),
        lambda path: None,
        lambda: ScriptedDetector(0.02),
    )


def test_a_folder_becomes_scenarios_that_load(tmp_path: Path) -> None:
    stereo(tmp_path / "calls" / "monday 1.wav")
    mono(tmp_path / "calls" / "more" / "caller.flac")
    (tmp_path / "calls" / "notes.txt").write_text("no sound")
    outcome = replayed(tmp_path, tmp_path / "calls")
    assert [made.name for made in outcome.made] == ["monday-1", "caller"]
    assert outcome.problems == []
    for made in outcome.made:
        loaded = load_scenario(made.scenario)
        assert loaded.scenario.name == made.name
        assert made.words == 12
        entries = load_manifest(made.fixtures[0].parent / "manifest.json")
        assert [entry.transcript for entry in entries.values()] == CALLER
        for entry in entries.values():
            entry.load()


def test_the_baseline_has_the_calls_whose_agent_is_heard(tmp_path: Path) -> None:
    stereo(tmp_path / "a.wav")
    mono(tmp_path / "b.wav")
    outcome = replayed(tmp_path, tmp_path / "a.wav", tmp_path / "b.wav")
    assert outcome.baseline == tmp_path / "out" / "baseline.yaml"
    (facts,) = read_baseline(outcome.baseline).scenarios
    assert (facts.name, facts.said) == ("a", tuple(CALLER))


def test_a_later_replay_keeps_what_the_baseline_has(tmp_path: Path) -> None:
    replayed(tmp_path, stereo(tmp_path / "a.wav"))
    outcome = replayed(tmp_path, stereo(tmp_path / "b.wav"))
    assert outcome.baseline is not None
    assert [one.name for one in read_baseline(outcome.baseline).scenarios] == ["a", "b"]


def test_the_baseline_is_no_scenario_of_its_folder(tmp_path: Path) -> None:
    replayed(tmp_path, stereo(tmp_path / "a.wav"))
    files = [Found(path, named=False) for path in sorted((tmp_path / "out").glob("*.yaml"))]
    suite = collect(files)
    assert len(suite.scenarios) == 1
    assert suite.left_out == ()


def test_mistakes_are_told_together_and_the_others_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    stereo(folder / "good.wav")
    (folder / "broken.wav").write_bytes(b"RIFF")
    write_call(folder / "silent.wav", [channel([], 3.0, RATE_HZ)], RATE_HZ)
    outcome = replayed(tmp_path, folder)
    assert [made.name for made in outcome.made] == ["good"]
    assert [path.name for path, _ in outcome.problems] == ["broken.wav", "silent.wav"]


def test_two_recordings_of_one_name_are_told(tmp_path: Path) -> None:
    stereo(tmp_path / "one" / "call.wav")
    stereo(tmp_path / "two" / "call.wav")
    outcome = replayed(tmp_path, tmp_path / "one", tmp_path / "two")
    assert len(outcome.made) == 1
    assert "“call” is taken" in outcome.problems[0][1].message


def test_a_recording_in_any_script_has_a_name(tmp_path: Path) -> None:
    """The same each time: later runs are compared by it."""
    folder = tmp_path / "calls"
    for stem in ("Über Zürich", "звонок", "電話"):
        stereo(folder / f"{stem}.wav")
    first, second, third = (made.name for made in replayed(tmp_path, folder).made)
    assert first == "Uber-Zurich"
    assert second.startswith("recording-")
    assert len({second, third}) == 2


def test_a_scenario_that_is_there_is_made_anew_only_where_that_is_said(tmp_path: Path) -> None:
    path = stereo(tmp_path / "call.wav")
    replayed(tmp_path, path)
    scenario = tmp_path / "out" / "call.yaml"
    scenario.write_text("mine\n")
    outcome = replayed(tmp_path, path)
    assert "is there already" in outcome.problems[0][1].message
    assert scenario.read_text() == "mine\n"
    (tmp_path / "out" / "call" / "turn-99.flac").write_bytes(b"old")
    replayed(tmp_path, path, overwrite=True)
    assert load_scenario(scenario).scenario.name == "call"
    assert not (tmp_path / "out" / "call" / "turn-99.flac").exists()


def test_a_recording_cannot_take_the_baselines_name(tmp_path: Path) -> None:
    outcome = replayed(tmp_path, stereo(tmp_path / "Baseline.wav"))
    assert [made.name for made in outcome.made] == ["Baseline-call"]
    assert outcome.baseline is not None
    assert read_baseline(outcome.baseline).scenarios[0].name == "Baseline-call"


def test_a_redaction_is_of_one_recording(tmp_path: Path) -> None:
    paths = [stereo(tmp_path / name) for name in ("a.wav", "b.wav")]
    redaction = read_redaction("b.wav:1.2-2.0")
    outcome = replayed(tmp_path, *paths, redactions=(redaction,))
    assert [made.redacted for made in outcome.made] == [0, 1]
    for wrong in ("1-2", "c.wav:1-2"):
        with pytest.raises(UsageError, match="Which recording"):
            replayed(tmp_path, *paths, redactions=(read_redaction(wrong),), overwrite=True)


def test_a_folder_without_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    mono(tmp_path / ".hidden" / "a.wav")
    with pytest.raises(UsageError, match="no recordings"):
        find_recordings([tmp_path])


def test_what_a_replay_wrote_is_no_recording_the_next_time(tmp_path: Path) -> None:
    call = stereo(tmp_path / "call.wav")
    (made,) = replayed(tmp_path, call).made
    assert made.fixtures
    assert find_recordings([tmp_path]) == [call]
    assert find_recordings([made.fixtures[0]]) == [made.fixtures[0]]


@pytest.mark.parametrize("manifest", ["", "[1]", '{"files": [{"file": "turn-01.wav"}]}'])
def test_recordings_beside_another_manifest_are_taken(tmp_path: Path, manifest: str) -> None:
    own = tmp_path / "turn-01.wav"
    own.touch()
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    assert find_recordings([tmp_path]) == [own]


def test_what_came_out_is_told_to_machines(tmp_path: Path) -> None:
    (made,) = replayed(tmp_path, stereo(tmp_path / "call.wav")).made
    data = made.to_data()
    assert (data["turns"], data["words"], data["answers"], data["user"]) == (2, 12, 1, "left")
    assert 1.0 < data["voice_to_voice_s"] < 1.5
