"""ONNX Runtime tells nobody, and waits for nothing by spinning."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.speech.onnx import SILENCE_VARIABLE, import_onnxruntime, session_options

ROOT = Path(__file__).parents[2]


def test_it_leaves_no_trace_of_a_report(tmp_path: Path) -> None:
    """Where it reports, it keeps a session's identifier in the folder for temporary files."""
    code = "from harness.speech.silero import SileroDetector as S; S().load()"
    environment = {k: v for k, v in os.environ.items() if k not in (SILENCE_VARIABLE, "CI")}
    environment |= {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=ROOT)
    assert list(tmp_path.rglob("*")) == []


def test_one_that_was_imported_before_is_told_to_be_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runtime = import_onnxruntime()
    told: list[bool] = []
    monkeypatch.setattr(runtime, "disable_telemetry_events", lambda: told.append(True))
    assert import_onnxruntime() is runtime
    assert told == [True]


def test_nothing_else_imports_it() -> None:
    direct = re.compile(r"^\s*(?:import|from) onnxruntime|import_module\([\"']onnxruntime", re.M)
    package = ROOT / "harness"
    found = [path for path in package.rglob("*.py") if direct.search(path.read_text("utf-8"))]
    assert found == []


def test_threads_are_as_asked_and_do_not_spin() -> None:
    options = session_options(import_onnxruntime(), threads=2)
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (2, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
