"""The arguments of `harness replay`, as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.speech.spans import Span


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, list[Any]]:
    """The exit code, and what the command was called with."""
    seen: list[Any] = []

    def called(*arguments: Any, **named: Any) -> int:
        seen.extend([*arguments, named])
        return 0

    monkeypatch.setattr("harness.cli.replay.replay_recordings", called)
    return CliRunner().invoke(app, ["replay", *words]).exit_code, seen


def test_a_file_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    code, (recordings, options, wish, named) = typed(monkeypatch, "call.wav")
    assert code == 0
    assert recordings == [Path("call.wav")]
    assert (options.out, options.pace, options.user) == (Path("scenarios"), "answer", None)
    assert wish is None
    assert named == {"as_json": False}


def test_everything_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "calls --out o --pace recorded --user right --page http://x/ --bleep --run --json"
    more = "--redact 1-2 --redact a.wav:1:00-1:01 --engine simulated --results r --overwrite"
    _, (_, options, wish, named) = typed(monkeypatch, *f"{words} {more}".split())
    assert (options.pace, options.user, options.page) == ("recorded", "right", "http://x/")
    assert [one.span for one in options.redactions] == [Span(1, 2), Span(60, 61)]
    assert options.bleep
    assert options.overwrite
    assert (wish.engine, wish.results) == ("simulated", Path("r"))
    assert named == {"as_json": True}


def test_an_unknown_pace_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert typed(monkeypatch, "call.wav", "--pace", "slow")[0] == 2
