"""Packed calls that are not what they say: each is refused, and nothing lies where it must not."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import ArtifactError
from harness.exchange.index import INDEX_NAME
from harness.exchange.pack import pack
from harness.exchange.sound import to_flac
from harness.exchange.unpack import SoundAs, is_packed, is_zip, unpack
from tests.exchange.test_pack import run
from tests.exchange.test_sound import wav


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packed")
    home = run(folder / "call", 1)
    return pack(home, [home], folder / "call.zip").path


def made(
    path: Path,
    entries: Mapping[str, bytes],
    listed: Any = None,
    version: int = 1,
    compression: int = zipfile.ZIP_DEFLATED,
) -> Path:
    files = [
        {"name": name, "size": len(data), "was": "", "unpacked": len(data)}
        for name, data in entries.items()
    ]
    index = {"harness_call": version, "files": files if listed is None else listed}
    with zipfile.ZipFile(path, "w", compression) as zipped:
        zipped.writestr(INDEX_NAME, json.dumps(index))
        for name, data in entries.items():
            zipped.writestr(name, data)
    return path


def refused(path: Path, home: Path) -> str:
    with pytest.raises(ArtifactError) as caught:
        unpack(path, home / "target")
    assert not [each for each in home.rglob("*") if "evil" in each.name]
    return str(caught.value)


def test_what_is_no_packed_call_is_told_by_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "holiday.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("beach.png", b"")
    assert "a zip with beach.png" in refused(path, tmp_path)
    path.write_bytes(b"no zip at all")
    assert "cut, damaged" in refused(path, tmp_path)


def test_a_newer_version_is_named(tmp_path: Path) -> None:
    assert "newer harness" in refused(made(tmp_path / "a.zip", {}, version=7), tmp_path)


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/tmp/evil.txt", "a/../../evil.txt", "..\\evil.txt"]
)
def test_nothing_is_taken_out_to_elsewhere(tmp_path: Path, name: str) -> None:
    assert "names of files below one folder" in refused(
        made(tmp_path / "a.zip", {name: b"x"}), tmp_path
    )


def test_an_older_pack_tells_when_it_was_packed(tmp_path: Path) -> None:
    path = made(tmp_path / "a.zip", {"trace.jsonl": b"{}"})
    os.utime(path, (1_700_000_000, 1_700_000_000))
    unpack(path, tmp_path / "target")
    assert (tmp_path / "target" / "trace.jsonl").stat().st_mtime == 1_700_000_000


def test_what_is_not_listed_is_not_taken_out(tmp_path: Path) -> None:
    path = made(tmp_path / "a.zip", {"trace.jsonl": b"{}", "evil.txt": b"x"}, listed=[
        {"name": "trace.jsonl", "size": 2, "was": "", "unpacked": 2}
    ])  # fmt: skip
    assert "evil.txt" in refused(path, tmp_path)


def test_a_bomb_is_refused_by_its_size(tmp_path: Path) -> None:
    huge = [{"name": "trace.jsonl", "size": 10**12, "was": "", "unpacked": 10**12}]
    assert "at most" in refused(made(tmp_path / "a.zip", {"trace.jsonl": b"0"}, huge), tmp_path)
    small = [{"name": "trace.jsonl", "size": 5, "was": "", "unpacked": 5}]
    path = made(tmp_path / "b.zip", {"trace.jsonl": bytes(50_000_000)}, small)
    assert "tells otherwise" in refused(path, tmp_path)


def test_sound_is_counted_as_flac_too_where_that_is_larger(tmp_path: Path) -> None:
    huge = [{"name": "call.flac", "size": 10**12, "was": "wav", "unpacked": 100}]
    assert "at most" in refused(made(tmp_path / "a.zip", {"call.flac": b"0"}, huge), tmp_path)


@pytest.mark.parametrize("sound", ["recorded", "packed"])
def test_sound_that_is_none_or_longer_than_listed_is_refused(
    tmp_path: Path, sound: SoundAs
) -> None:
    flac = io.BytesIO()
    size = to_flac(wav(tmp_path / "call.wav", frames=4_800), flac)
    for data, unpacked in ((flac.getvalue(), size - 2), (b"fLaC" + bytes(5_000), size)):
        listed = [{"name": "call.flac", "size": len(data), "was": "wav", "unpacked": unpacked}]
        path = made(tmp_path / "a.zip", {"call.flac": data}, listed)
        with pytest.raises(ArtifactError, match="cut, damaged"):
            unpack(path, tmp_path / "target", sound)


def test_room_is_wanted_for_all_that_lies_there_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = {"call.flac": bytes(3_000_000), "trace.jsonl": bytes(2_000_000)}
    listed = [
        {"name": "call.flac", "size": 3_000_000, "was": "wav", "unpacked": 1_000_000},
        {"name": "trace.jsonl", "size": 2_000_000, "was": "", "unpacked": 2_000_000},
    ]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, 5_900_000))
    told = refused(made(tmp_path / "a.zip", entries, listed), tmp_path)
    assert "no room" in told
    assert "6 MB" in told
    assert not list((tmp_path / "target").iterdir())


@pytest.mark.parametrize("compression", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_damage_is_told_however_an_entry_was_compressed(tmp_path: Path, compression: int) -> None:
    text = json.dumps(list(range(9_000))).encode()
    path = made(tmp_path / "a.zip", {"trace.jsonl": text}, compression=compression)
    content = bytearray(path.read_bytes())
    place = content.index(b"trace.jsonl") + len("trace.jsonl") + 60
    content[place : place + 400] = bytes(range(200)) * 2
    path.write_bytes(content)
    assert "cut, damaged" in refused(path, tmp_path)


def test_sound_that_is_no_flac_is_refused(tmp_path: Path) -> None:
    sound = wav(tmp_path / "call.wav", frames=4_800).read_bytes()
    listed = [{"name": "call.flac", "size": len(sound), "was": "wav", "unpacked": 10**6}]
    assert "no FLAC" in refused(made(tmp_path / "a.zip", {"call.flac": sound}, listed), tmp_path)


def test_sound_that_grows_beyond_what_is_listed_is_refused(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as zipped:
        flac = zipped.read("call.flac")
    listed = [{"name": "call.flac", "size": len(flac), "was": "wav", "unpacked": 100}]
    assert "listed" in refused(made(tmp_path / "a.zip", {"call.flac": flac}, listed), tmp_path)


def test_a_link_in_the_target_is_not_followed(packed: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "trace.jsonl").symlink_to(tmp_path / "evil.txt")
    assert "outside" in refused(packed, tmp_path)


def test_a_file_that_is_cut_is_told(packed: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(packed.read_bytes()[:-2_000])
    assert "cut, damaged" in refused(path, tmp_path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_refused_or_whole(packed: Path, tmp_path: Path, data: Any) -> None:
    content = bytearray(packed.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "damaged.zip"
    path.write_bytes(content)
    with contextlib.suppress(ArtifactError):
        unpack(path, tmp_path / "target")


def test_a_packed_call_is_known_by_its_beginning(packed: Path, tmp_path: Path) -> None:
    assert is_packed(packed)
    assert is_zip(packed)
    assert not is_packed(tmp_path)
