"""A run as one file: what is in it, what of a killed one, what it never writes over."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.errors import UsageError
from harness.exchange.index import INDEX_NAME
from harness.exchange.pack import pack
from harness.exchange.unpack import unpack
from harness.trace import TraceWriter, read_trace
from tests.exchange.test_sound import wav
from tests.support.healthy_call import HEALTHY, ticking


def run(folder: Path, seconds: int = 12) -> Path:
    folder.mkdir(parents=True)
    with TraceWriter(folder / "trace.jsonl", {"name": folder.name}) as trace:
        for t_s, fact in [*HEALTHY, *ticking(seconds)]:
            trace.write(fact.source, fact.type, fact.to_data(), t_s)
    wav(folder / "call.wav", frames=48_000 * seconds)
    (folder / "login.png").write_bytes(b"\x89PNG")
    (folder / "report.html").write_text("<p>", encoding="utf-8")
    return folder


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as zipped:
        return zipped.namelist()


def test_trace_sound_and_pictures_are_in_it_and_reports_are_not(tmp_path: Path) -> None:
    home = run(tmp_path / "call")
    packed = pack(home, [home], tmp_path / "a" / "call.zip")
    assert names(packed.path) == [INDEX_NAME, "trace.jsonl", "call.flac", "login.png"]
    assert packed.size < packed.was
    unpack(packed.path, tmp_path / "back")
    for name in ("trace.jsonl", "call.wav", "login.png"):
        assert (tmp_path / "back" / name).read_bytes() == (home / name).read_bytes()


@pytest.mark.parametrize("keep_s", [None, 3.0])
def test_a_track_that_was_heard_costs_next_to_nothing(tmp_path: Path, keep_s: float | None) -> None:
    """Each of these has its own call, the last a track that nobody heard."""
    home = tmp_path / "out"
    runs = [run(home / name) for name in ("one", "two")]
    heard = soundfile.read(runs[0] / "call.wav", dtype="int16")[0][:, 1]
    for folder, samples in zip(runs, (heard[:-4_000], heard[::-1]), strict=True):
        soundfile.write(folder / "received.wav", samples, 48_000, subtype="PCM_16")
    packed = pack(home, runs, tmp_path / "out.zip", keep_s).path
    index = unpack(packed, tmp_path / "back")
    sounds = {file.name: file for file in index.files if file.name.endswith("received.flac")}
    assert [file.was for file in sounds.values()] == ["difference", "wav"]
    assert sounds["one/received.flac"].size < sounds["two/received.flac"].size / 50
    for folder in runs:
        before, after = (
            soundfile.read(place / "received.wav", dtype="int16")[0]
            for place in (folder, tmp_path / "back" / folder.name)
        )
        kept = 0 if keep_s is None else len(before) - 48_000 * 2
        assert len(before) == len(after)
        assert np.array_equal(before[kept:], after[kept:])


def test_a_run_of_several_calls_is_one_file(tmp_path: Path) -> None:
    runs = [run(tmp_path / "out" / name) for name in ("one", "two")]
    (tmp_path / "out" / "results.json").write_text("{}", encoding="utf-8")
    packed = pack(tmp_path / "out", runs, tmp_path / "out.zip")
    assert {"one/trace.jsonl", "two/call.flac", "results.json"} < set(names(packed.path))
    assert packed.files == 7


def test_a_killed_run_is_packed_as_far_as_it_came(tmp_path: Path) -> None:
    home = run(tmp_path / "call")
    whole = (home / "trace.jsonl").read_bytes()
    with (home / "trace.jsonl").open("ab") as file:
        file.write(b'{"seq": 9')
    with (home / "call.wav").open("ab") as file:
        file.write(b"\1\2\3")  # samples that its header does not know yet
    unpack(pack(home, [home], tmp_path / "call.zip").path, tmp_path / "back")
    assert (tmp_path / "back" / "trace.jsonl").read_bytes() == whole
    assert (tmp_path / "back" / "call.wav").stat().st_size > 48_000


def test_the_last_seconds_stay_whole(tmp_path: Path) -> None:
    home = run(tmp_path / "call")
    all_of_it = pack(home, [home], tmp_path / "all.zip")
    packed = pack(home, [home], tmp_path / "call.zip", keep_s=2.0)
    assert packed.size < all_of_it.size / 3
    index = unpack(packed.path, tmp_path / "back")
    assert index.kept_from_s == {".": 10.0}
    stats = read_trace(tmp_path / "back" / "trace.jsonl").of_type("stats")
    assert [event.t_s for event in stats] == [10.0, 11.0, 12.0]


def test_only_a_packed_call_is_replaced(tmp_path: Path) -> None:
    home, target = run(tmp_path / "call", 1), tmp_path / "call.zip"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        pack(home, [home], target)
    target.unlink()
    pack(home, [home], target)
    pack(home, [home], target)
    with zipfile.ZipFile(target) as zipped:
        assert json.loads(zipped.read(INDEX_NAME))["harness_call"] == 2
