"""Every event lands in the file, in order, without secrets; a full disk costs events, not calls."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from harness.client.log import GAP, SessionLogWriter, next_log_path, session_logs
from harness.errors import ArtifactError
from harness.realtime.client.log import read_log
from harness.redact import Masker

EVENT = '{"type": "session.created"}'


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def writer(path: Path, **options: Any) -> SessionLogWriter:
    return SessionLogWriter(path, {"url": "http://h"}, Masker({"hidden"}), **options)


def test_events_follow_the_header_in_order(tmp_path: Path) -> None:
    log = writer(tmp_path / "a.jsonl")
    for n in range(500):
        log.write("sent" if n % 2 else "received", json.dumps({"type": "x", "n": n}), n / 10)
    log.close()
    header, *events = lines(log.path)
    assert header == {"kind": "realtime session log", "version": 1, "url": "http://h"}
    assert [event["event"]["n"] for event in events] == list(range(500))
    assert events[1] == {"t_s": 0.1, "direction": "sent", "event": {"type": "x", "n": 1}}


def test_no_secret_is_written(tmp_path: Path) -> None:
    log = writer(tmp_path / "a.jsonl")
    event = {"type": "x", "a": "hidden", "b": "ek_0123456789", "authorization": "anything"}
    log.write("sent", json.dumps(event), 0)
    log.close()
    text = log.path.read_text("utf-8")
    assert not [word for word in ("hidden", "ek_0123", "anything") if word in text]


def test_what_is_no_json_is_kept_as_it_came(tmp_path: Path) -> None:
    log = writer(tmp_path / "a.jsonl")
    log.write("received", "{half", 0)
    log.close()
    assert lines(log.path)[1]["event"] == {"malformed": "{half"}


@pytest.mark.parametrize("depth", [300, 900, 5_000, 200_000])
def test_no_event_is_too_deep_for_it(tmp_path: Path, depth: int) -> None:
    log = writer(tmp_path / "a.jsonl")
    log.write("received", '{"type":"x","v":' + "[" * depth + "]" * depth + "}", 0)
    log.write("received", EVENT, 1)
    log.close()
    assert json.loads(log.path.read_text("utf-8").splitlines()[2])["t_s"] == 1


def test_a_folder_that_cannot_be_made_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArtifactError):
        writer(tmp_path / "file" / "a.jsonl")
    with pytest.raises(ArtifactError):
        next_log_path(tmp_path / "file")


class FullNowAndThen:
    """A file that takes half of a write and then says that the disk is full."""

    def __init__(self, file: Any) -> None:
        self._file, self.is_full, self.refused = file, False, threading.Event()

    def write(self, data: memoryview) -> int:
        if not self.is_full:
            return int(self._file.write(data))
        self._file.write(data[: len(data) // 2])
        self.refused.set()
        raise OSError(errno.ENOSPC, "No space left on device")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> FullNowAndThen:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def test_a_full_disk_is_told_once_and_leaves_a_readable_file(tmp_path: Path) -> None:
    told: list[ArtifactError] = []
    log = writer(tmp_path / "a.jsonl", on_problem=told.append)
    disk = FullNowAndThen(log._file)
    log._file = disk  # type: ignore[assignment]
    log.write("received", EVENT, 0)
    while len(log.path.read_bytes().splitlines()) < 2:
        pass
    disk.is_full = True
    for n in (2, 3):
        disk.refused.clear()
        log.write("received", EVENT, n)
        assert disk.refused.wait(30)
    while log.missing < 2:
        pass
    disk.is_full = False
    log.write("received", EVENT, 4)
    log.close()
    assert [problem.found for problem in told] == ["No space left on device"]
    kept = lines(log.path)[1:]
    assert kept[1]["event"] == {"type": GAP, "missing": 2}
    assert [entry["t_s"] for entry in kept if entry["event"]["type"] != GAP] == [0, 4]
    assert len(read_log(log.path.read_text("utf-8").splitlines()).entries) == 3


def test_a_killed_program_leaves_everything_it_had_said(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    program = f"""
import json, sys, time
from pathlib import Path
from harness.client.log import SessionLogWriter
from harness.trace import Masker
log = SessionLogWriter(Path({str(path)!r}), {{}}, Masker())
for n in range(300):
    log.write("received", json.dumps({{"type": "x", "n": n}}), 0)
print("said", flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"said\n"
        while path.read_bytes().count(b"\n") < 301:
            pass
        os.kill(process.pid, signal.SIGKILL)
    assert [event["event"]["n"] for event in lines(path)[1:]] == list(range(300))


def test_writing_never_waits_for_the_disk(tmp_path: Path) -> None:
    """Beyond what may wait, events are counted as missing."""
    log = writer(tmp_path / "a.jsonl")
    gate = threading.Event()
    entry_line = log._entry_line

    def slow(*given: Any) -> bytes:
        gate.wait(10)
        return entry_line(*given)

    log._entry_line = slow  # type: ignore[method-assign,assignment]
    log._waiting.maxsize = 10
    for _ in range(1100):
        log.write("received", EVENT, 0)
    gate.set()
    assert log.missing > 0
    log.close()
    kept = [entry["event"]["type"] for entry in lines(log.path)[1:]]
    assert len(kept) - kept.count(GAP) == 1100 - log.missing


def test_each_session_has_a_file_of_its_own_and_the_oldest_go(tmp_path: Path) -> None:
    for _ in range(5):
        writer(next_log_path(tmp_path, kept=3)).close()
    (tmp_path / "notes.txt").write_text("mine")
    names = [path.name for path in session_logs(tmp_path)]
    assert names == ["session-000003.jsonl", "session-000004.jsonl", "session-000005.jsonl"]
