"""A file for each connection; a folder that refuses is told of and nothing more."""

from __future__ import annotations

import json
from pathlib import Path

from harness.client.log import session_logs
from harness.client.logs import SessionLogs
from harness.errors import ArtifactError
from harness.redact import Masker


def make(folder: Path | None) -> tuple[SessionLogs, list[ArtifactError]]:
    told: list[ArtifactError] = []
    return SessionLogs(folder, Masker(), lambda: 1.5, told.append), told


async def test_each_connection_has_a_file_that_names_the_one_before(tmp_path: Path) -> None:
    logs, _ = make(tmp_path)
    for n in range(2):
        logs.begin({"url": "http://h"})
        logs.note("sent", json.dumps({"type": "x", "n": n}))
    await logs.aclose()
    first, second = session_logs(tmp_path)
    assert logs.path == second
    header, entry = (json.loads(line) for line in second.read_text().splitlines())
    assert header["continues"] == first.name
    assert entry == {"t_s": 1.5, "direction": "sent", "event": {"type": "x", "n": 1}}
    assert json.loads(first.read_text().splitlines()[0])["continues"] is None


async def test_without_a_folder_nothing_is_written() -> None:
    logs, told = make(None)
    logs.begin({})
    logs.note("sent", "{}")
    await logs.aclose()
    assert logs.path is None
    assert told == []


async def test_a_folder_that_refuses_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    logs, told = make(tmp_path / "file")
    logs.begin({})
    logs.note("sent", "{}")
    await logs.aclose()
    assert len(told) == 1
