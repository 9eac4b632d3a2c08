import json
from pathlib import Path

import pytest

from harness.audio.fixtures import find_fixture, library, load_manifest
from harness.errors import FixtureError

FIXTURES = library()


@pytest.mark.parametrize("name", sorted(FIXTURES))
def test_every_shipped_fixture_is_what_its_manifest_says(name: str) -> None:
    fixture = FIXTURES[name]
    loaded = fixture.load()
    assert loaded.conversion is None
    assert loaded.clip.duration_s == pytest.approx(fixture.duration_s, abs=1e-4)
    assert 0.0 <= fixture.speech_start_s < fixture.speech_end_s <= fixture.duration_s


def test_every_audio_file_is_in_the_manifest() -> None:
    folder = next(iter(FIXTURES.values())).path.parents[2]
    files = {path.resolve() for path in folder.rglob("*.wav")}
    assert files == {fixture.path.resolve() for fixture in FIXTURES.values()}


def test_the_recordings_of_people_are_marked() -> None:
    assert find_fixture("goforward").is_recorded
    assert not find_fixture("greeting-hello").is_recorded


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(FixtureError, match="did you mean goforward"):
        find_fixture("go-forwards")


def test_a_changed_file_is_told(tmp_path: Path) -> None:
    source = find_fixture("yes-please")
    entry = {
        "name": "x",
        "kind": "rendered",
        "file": str(source.path),
        "sha256": "0" * 64,
        "duration_s": 1,
        "speech_start_s": 0,
        "speech_end_s": 1,
        "transcript": "",
        "speaker": "",
        "licence": "",
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"files": [entry]}))
    with pytest.raises(FixtureError, match="not the file"):
        load_manifest(tmp_path / "manifest.json")["x"].load()


@pytest.mark.parametrize("text", ["", "[]", '{"files": [{}]}', '{"files": 3}'])
def test_a_damaged_manifest_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(FixtureError, match="cannot be used"):
        load_manifest(tmp_path / "manifest.json")
