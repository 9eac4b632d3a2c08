"""The story of a team: what its page says to type is typed, and what it shows is what comes out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from harness.cli.command_line import run_command_line

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "story.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: ([^>]+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))
MONDAY, TUESDAY, LATER = (
    [shlex.split(line)[1:] for line in block.splitlines()]
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
)


def typed(lines: list[list[str]], capsys: pytest.CaptureFixture[str]) -> tuple[list[int], str]:
    """The exit codes, and what the last one printed."""
    codes = []
    for line in lines:
        capsys.readouterr()
        codes.append(run_command_line(line))
    return codes, capsys.readouterr().out


def test_the_story_is_as_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("voice").mkdir()
    for name in ("voice/call.yaml", "voice/calls.csv"):
        Path(name).write_text(EXAMPLES[name], encoding="utf-8")
    codes, _ = typed(MONDAY, capsys)
    assert codes == [0, 0]
    assert len(list(Path("baselines/voice.audio").glob("*.flac"))) == 12

    table = EXAMPLES["voice/calls.csv"]
    (line,) = EXAMPLES["the new line"].splitlines()
    old = next(each for each in table.splitlines() if each.startswith("order,"))
    Path("voice/calls.csv").write_text(table.replace(old, line), encoding="utf-8")
    codes, compared = typed(TUESDAY, capsys)
    assert codes == [0, 1], "every call passes, and the comparison sees what became of them"
    assert compared == EXAMPLES["comparison"]
    assert Path("comment.md").read_text(encoding="utf-8") == EXAMPLES["comment"]

    codes, shown = typed(LATER, capsys)
    assert codes == [0]
    assert shown == EXAMPLES["history"]
