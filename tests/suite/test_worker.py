"""A worker's own part; test_runs.py starts it as a process."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.scenario.run import RunOptions
from harness.suite.worker import TellingProgress, _teller, run_share


async def test_a_share_is_run_by_its_names(tmp_path: Path) -> None:
    text = "name: q\neach: [{n: a}, {n: b}]\nsteps: [{silence: 0.2}, hang_up]\n"
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    told: list[tuple[str, dict[str, Any]]] = []
    share = {
        "out": str(tmp_path),
        "files": [str(tmp_path / "s.yaml")],
        "names": ["q-b"],
        "folders": ["q-b~2"],
        "command_line": {},
        "project": {},
        "how": asdict(RunOptions("simulated")),
    }
    await run_share(share, lambda type, **facts: told.append((type, facts)), lambda: False)
    assert [type for type, _ in told] == ["started", "ended", "reported"]
    assert told[0][1] == {"name": "q-b"}
    assert (tmp_path / "q-b~2" / "report.html").exists()


def test_it_tells_one_object_a_line() -> None:
    out = io.StringIO()
    progress = TellingProgress(_teller(out))
    progress.expectation("a\nb", "failed", "“c”", 1.5)
    progress.scenario_ended("s", "failed", 2.0)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["type"], first["text"]) == ("expectation", "a\nb")
    assert (second["type"], second["seconds"]) == ("ended", 2.0)
