"""The server's own command line; tests/server/process/test_launch.py runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.server.__main__ import _faults, _ready_line, _script, arguments, main
from harness.server.calls.registry import MOST_CALLS


def test_the_defaults() -> None:
    """Any free port, the default engine, nothing recorded."""
    options = arguments().parse_args([])
    assert (options.port, options.engine, options.record) == (0, "wrtc", False)
    assert not options.supervised
    assert (options.host, options.workers, options.max_calls) == ("127.0.0.1", 1, MOST_CALLS)


@pytest.mark.parametrize("wrong", [["--workers", "0"], ["--max-calls", "many"], ["--work", "2"]])
def test_numbers_that_make_no_sense_are_refused(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(wrong)
    assert wrong[0] in capsys.readouterr().err


def test_without_a_key_others_get_no_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HARNESS_API_KEY", raising=False)
    assert main(["--host", "0.0.0.0"]) == 2
    assert "HARNESS_API_KEY" in capsys.readouterr().err


def test_the_ready_line_is_one_line_of_json() -> None:
    """With all that a client needs."""
    ready = json.loads(_ready_line("127.0.0.1", 8080, "sk-x"))
    assert ready["url"] == "http://127.0.0.1:8080"
    assert ready["page_url"] == "http://127.0.0.1:8080/"
    assert ready["api_key"] == "sk-x"
    assert "\n" not in _ready_line("127.0.0.1", 8080, "sk-x")


def test_a_script_comes_from_a_file_or_from_whoever_starts_us(tmp_path: Path) -> None:
    """YAML or JSON; none is the default one."""
    file = tmp_path / "script.yaml"
    file.write_text("rules:\n  - say: Hello.\n", encoding="utf-8")
    assert _script(None, file).rules[0].say == "Hello."
    assert _script({"rules": [{"say": "Hi."}]}, None).rules[0].say == "Hi."
    assert _script(None, None).rules == []


@pytest.mark.parametrize("text", ["rules: [", "rules: 5", "\x00"])
def test_a_wrong_script_is_a_usage_error(tmp_path: Path, text: str) -> None:
    """Not a stack trace."""
    file = tmp_path / "script.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        _script(None, file)


def test_faults_come_from_a_file_or_from_whoever_starts_us(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("faults: [event_late]", encoding="utf-8")
    assert [fault.name for fault in _faults(None, file)] == ["event_late"]
    assert [fault.name for fault in _faults(["no_ice"], None)] == ["no_ice"]
    assert _faults(None, None) == ()
    with pytest.raises(UsageError, match="cannot be used"):
        _faults(["nothing"], None)


def test_a_script_that_is_not_there_is_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a plain message."""
    assert main(["--script", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err


def test_help_is_quick_and_starts_nothing() -> None:
    """No model is imported for it."""
    code = (
        "import sys, harness.server.__main__;"
        "print({'moonshine_voice', 'onnxruntime', 'py_nanotts', 'openai'} & set(sys.modules))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert output.strip() == "set()"


def test_a_file_that_keeps_no_threads_is_told_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "song.db"
    path.write_text("la " * 2000)
    assert main(["--threads", str(path)]) == 3
    assert str(path) in capsys.readouterr().err
