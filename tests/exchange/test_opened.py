"""A run, wherever it is: a folder, a packed call, a dump."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from harness.exchange.opened import is_file_of_call, opened_run
from harness.exchange.pack import pack
from tests.exchange.test_load_dump import DUMPS
from tests.exchange.test_pack import run


def test_a_run_is_opened_wherever_it_is(tmp_path: Path) -> None:
    home = run(tmp_path / "call", 1)
    packed = pack(home, [home], tmp_path / "call.zip").path
    with opened_run(home) as folder:
        assert folder == home
    for path in (packed, DUMPS / "wrong-port.rtcstats.gz"):
        assert is_file_of_call(path)
        with opened_run(path) as folder:
            assert (folder / "trace.jsonl").is_file()
        assert not folder.exists()
    with opened_run(packed, tmp_path / "kept", sound="recorded") as folder:
        pass
    assert (tmp_path / "kept" / "call.wav").is_file()


def test_sound_is_written_out_where_it_is_asked_for(tmp_path: Path) -> None:
    """Who reads the trace alone does not wait for an hour of samples."""
    home = run(tmp_path / "call", 1)
    packed = pack(home, [home], tmp_path / "call.zip").path
    with opened_run(packed) as folder:
        assert not (folder / "call.wav").exists()
        kept = soundfile.read(folder / "call.flac", dtype="int16")[0]
    assert np.array_equal(kept, soundfile.read(home / "call.wav", dtype="int16")[0])
    with opened_run(packed, sound="recorded") as folder:
        assert (folder / "call.wav").read_bytes() == (home / "call.wav").read_bytes()


def test_a_trace_is_no_such_file(tmp_path: Path) -> None:
    home = run(tmp_path / "call", 1)
    with opened_run(home / "trace.jsonl") as path:
        assert path == home / "trace.jsonl"
