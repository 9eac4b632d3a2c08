"""The folder that `harness init` makes, and everything in it run once, in the simulated engine."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness import yaml12
from harness.cli.app import app
from harness.cli.init import FILES, make_folder
from harness.errors import ArtifactError, UsageError
from tests.cli.conftest import Harness
from tests.docs.test_pages import unknown_in


def test_nothing_that_is_there_is_changed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"pyproject\.toml is there already"):
        make_folder(tmp_path, as_json=False)
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


def test_a_name_that_is_suggested_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(ArtifactError, match=r"harness init voice$"):
        make_folder(Path("file"), as_json=False)
    make_folder(Path("voice"), as_json=False)
    with pytest.raises(UsageError, match=r"harness init voice-2$"):
        make_folder(Path("voice"), as_json=False)


def test_where_workflows_belong_is_told_below_the_top_of_a_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There they would never run."""
    (tmp_path / ".git").mkdir()
    make_folder(tmp_path / "qa" / "voice", as_json=False)
    told = capsys.readouterr().out
    assert f"Move .github/workflows/voice.yml and .gitlab-ci.yml to {tmp_path}" in told
    assert "working-directory: qa/voice" in told
    make_folder(tmp_path, as_json=False)
    assert "working-directory" not in capsys.readouterr().out


def test_what_to_type_next_works_in_a_folder_with_blanks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_folder(tmp_path / "my voice", as_json=False)
    assert f"cd '{tmp_path / 'my voice'}' && pytest" in capsys.readouterr().out


@pytest.mark.usefixtures("understood_voice")
def test_what_is_made_runs(harness_process: Harness, tmp_path: Path) -> None:
    assert harness_process("init").returncode == 0
    assert all((tmp_path / name).exists() for name in FILES)
    ran = harness_process("run", "--engine", "simulated", "--shard", "1/1", "--retries", "1")
    assert ran.returncode == 0, (ran.stdout, ran.stderr)
    assert "3 passed" in ran.stdout
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "greeting", "--scenario-engine", "simulated"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=200,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout
    assert "2 passed, 4 deselected" in tested.stdout, "of three scenarios, each file and each test"


def test_the_workflows_say_commands_that_there_are(tmp_path: Path) -> None:
    make_folder(tmp_path, as_json=True)
    github: Any = yaml12.load((tmp_path / ".github/workflows/voice.yml").read_text("utf-8"))
    lines = [step["run"] for step in github["jobs"]["voice"]["steps"] if "run" in step]
    gitlab: Any = yaml12.load((tmp_path / ".gitlab-ci.yml").read_text("utf-8"))
    lines += gitlab["voice"]["script"]
    commands = [re.sub(r"\$(\{\{.*?\}\}|\w+)", "1", line) for line in lines]
    ours = [shlex.split(line)[1:] for line in commands if line.startswith("harness ")]
    assert len(ours) == 6
    assert [unknown_in(command) for command in ours] == [[]] * 6
    assert gitlab["voice"]["artifacts"]["reports"]["junit"] == "out/junit.xml"
    assert app.registered_commands
