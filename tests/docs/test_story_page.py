"""The story of a team: what its page says to type is typed, and what it shows is what comes out."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from harness.audio.fixtures import find_fixture
from harness.cli.command_line import run_command_line
from tests.support.recorded_calls import channel, fixtures_at, write_call

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "story.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))
MONDAY, TUESDAY, WEDNESDAY = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)

RATE_HZ = 16_000
CALLS = (
    ("booking-table-for-two-michael", "yes-please"),
    ("manual-what-time", "booking-tomorrow-at-seven"),
    ("no-thanks", "booking-thank-you"),
    ("manual-sunday", "yes-please"),
    ("greeting-hello-michael", "booking-my-name"),
    ("interruption-wait", "silence-still-there"),
    ("booking-hesitation", "booking-tomorrow-at-seven"),
    ("manual-sunday", "booking-tomorrow-at-seven"),
    ("interruption-wait", "yes-please"),
    ("manual-what-time", "silence-still-there"),
    ("greeting-hello-michael", "silence-still-there"),
    ("no-thanks", "yes-please"),
)
"""What the caller says, and the agent."""


def record(folder: Path) -> None:
    """Twelve calls; the agent answers 0.8 s after the caller's clip."""
    for number, (said, answer) in enumerate(CALLS, start=1):
        at_s = 0.3 + find_fixture(said).load().clip.duration_s + 0.8
        seconds = at_s + find_fixture(answer).load().clip.duration_s + 0.5
        placed = ((0.3, said), (at_s, answer))
        sides = [channel(fixtures_at(RATE_HZ, one), seconds, RATE_HZ) for one in placed]
        write_call(folder / f"call-{number:02}.wav", sides, RATE_HZ)


def typed(block: str, capsys: pytest.CaptureFixture[str]) -> tuple[list[int], str]:
    """The exit codes of a block's lines, and what the last one printed."""
    codes = []
    for line in block.splitlines():
        capsys.readouterr()
        program, *arguments = shlex.split(line)
        if program == "harness":
            codes.append(run_command_line(arguments))
        else:
            codes.append(subprocess.run(line, shell=True, check=False).returncode)
    return codes, capsys.readouterr().out


def test_the_story_is_as_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    record(Path("calls"))
    codes, _ = typed(MONDAY, capsys)
    assert codes == [0, 0, 0]
    assert len(list(Path("voice").glob("call-*.yaml"))) == 12
    assert list(Path("baselines/voice.audio").glob("*.flac"))

    codes, compared = typed(TUESDAY, capsys)
    assert codes == [0, 0, 0, 1], "every call passes, and the comparison sees what became of them"
    assert compared == EXAMPLES["comparison"]
    assert Path("comment.md").read_text(encoding="utf-8") == EXAMPLES["comment"]

    codes, shown = typed(WEDNESDAY, capsys)
    assert codes == [0]
    assert shown == EXAMPLES["history"]
