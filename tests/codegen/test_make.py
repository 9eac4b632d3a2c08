"""A recorded session becomes a folder: cut fixtures, words, YAML, a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from harness.call.opening import CallOptions
from harness.codegen.acts import Seen
from harness.codegen.make import check_folder, identifier_of, write_recorded
from harness.codegen.page_call import PageCall
from harness.codegen.session import RecordedSession, Words
from harness.errors import FixtureError, UsageError
from harness.network.wish import read_wish
from harness.regression.baseline import read_baseline
from harness.scenario.load import load_scenario
from tests.support.recorded_calls import channel, fixtures_at, scribes, write_call

RATE_HZ = 16_000
PASSWORD = "window-seat"


def session(
    folder: Path,
    *,
    answered: bool = True,
    words: tuple[Words, ...] = (),
    options: CallOptions | None = None,
) -> RecordedSession:
    said = fixtures_at(RATE_HZ, (2.0, "yes-please"), (6.0, "no-thanks"))
    answers = fixtures_at(RATE_HZ, (4.0, "booking-thank-you")) if answered else []
    sides = [channel(each, 9.0, RATE_HZ) for each in (said, answers)]
    recording = write_call(folder / "call.wav", sides, RATE_HZ)
    seen = [
        Seen(0.4, "fill", {"label": "Password"}, PASSWORD, is_secret=True, name="password"),
        Seen(0.8, "click", {"role": "button", "name": "Call"}),
    ]
    return RecordedSession(
        "http://127.0.0.1:3000/", recording, seen, words, PageCall(1.0), options or CallOptions()
    )


def test_a_folder_is_made_whose_scenario_can_be_loaded(tmp_path: Path) -> None:
    known = Words(2.0, 3.5, "Yes, please!")
    ears = scribes(["Yes please.", "No, thanks."], ["Thank you."])
    out = tmp_path / "night-desk"
    made = write_recorded(session(tmp_path, words=(known,)), out, ears)
    assert made.said == ("Yes, please!", "No, thanks.")
    assert sorted(path.name for path in out.iterdir()) == [
        *("baseline.yaml", "manifest.json", "night-desk.yaml", "test_night_desk.py"),
        *("turn-01.flac", "turn-02.flac"),
    ]
    text = made.scenario.read_text(encoding="utf-8")
    assert "${NIGHT_DESK_PASSWORD}" in text
    everything = b"".join(path.read_bytes() for path in out.iterdir())
    assert PASSWORD.encode() not in everything
    assert PASSWORD not in repr(made)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [one["transcript"] for one in manifest["files"]] == list(made.said)
    assert read_baseline(out / "baseline.yaml").scenarios[0].name == "night-desk"
    compile(made.test.read_text(encoding="utf-8"), str(made.test), "exec")


def test_the_scenario_takes_its_password_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIGHT_DESK_PASSWORD", PASSWORD)
    ears = scribes(["Yes please.", "No, thanks."], ["Thank you."])
    made = write_recorded(session(tmp_path), tmp_path / "night-desk", ears)
    loaded = load_scenario(made.scenario)
    assert loaded.scenario.name == "night-desk"
    assert loaded.scenario.page is not None
    assert len(loaded.scenario.page.start) == 2


def test_the_scenario_opens_the_page_as_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIGHT_DESK_PASSWORD", PASSWORD)
    options = CallOptions(redirect=["openai"], protocol="rtvi", agent="all", network="3g")
    ears = scribes(["Yes please.", "No, thanks."], ["Thank you."])
    made = write_recorded(session(tmp_path, options=options), tmp_path / "night-desk", ears)
    scenario = load_scenario(made.scenario).scenario
    assert scenario.page is not None
    assert (scenario.page.redirect, scenario.page.protocol) == ("openai", "rtvi")
    assert scenario.page.agent == "all"
    assert scenario.network == read_wish("3g")
    assert len(scenario.page.start) == 2


def test_no_sample_of_a_fixture_is_changed(tmp_path: Path) -> None:
    ears = scribes(["Yes please.", "No, thanks."])
    recorded = session(tmp_path, answered=False)
    made = write_recorded(recorded, tmp_path / "desk", ears)
    whole, _ = soundfile.read(recorded.recording, dtype="int16")
    entries = json.loads((tmp_path / "desk" / "manifest.json").read_text(encoding="utf-8"))["files"]
    for entry, path in zip(entries, made.fixtures, strict=True):
        cut, rate_hz = soundfile.read(path, dtype="int16")
        first = round(entry["recording_start_s"] * rate_hz)
        assert (cut == whole[first : first + len(cut), 0]).all()
    assert not (tmp_path / "desk" / "baseline.yaml").exists()


def test_a_session_in_which_nobody_spoke_is_told(tmp_path: Path) -> None:
    silence = [channel([], 3.0, RATE_HZ), channel([], 3.0, RATE_HZ)]
    recording = write_call(tmp_path / "call.wav", silence, RATE_HZ)
    recorded = RecordedSession("http://h/", recording, [], (), PageCall(1.0))
    with pytest.raises(FixtureError, match="nobody"):
        write_recorded(recorded, tmp_path / "desk", scribes([""]))


def test_names_and_folders(tmp_path: Path) -> None:
    assert check_folder(tmp_path / "night-desk", overwrite=False) == "night-desk"
    assert identifier_of("night-desk.2") == "night_desk_2"
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "notes.txt").touch()
    with pytest.raises(UsageError, match="there already"):
        check_folder(tmp_path / "there", overwrite=False)
    assert check_folder(tmp_path / "there", overwrite=True) == "there"
    with pytest.raises(UsageError, match="name of a scenario"):
        check_folder(tmp_path / "two words", overwrite=False)
