"""The arguments of `harness record`, as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.cli.record import RecordWish


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, list[Any]]:
    """The exit code, and what the command was called with."""
    seen: list[Any] = []

    def called(*arguments: Any, **named: Any) -> int:
        seen.extend([*arguments, named])
        return 0

    monkeypatch.setattr("harness.cli.record.record_conversation", called)
    return CliRunner().invoke(app, ["record", *words]).exit_code, seen


def test_an_address_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    code, (wish, named) = typed(monkeypatch, "http://h/")
    assert code == 0
    assert wish == RecordWish("http://h/", Path("recorded"), call=wish.call)
    assert named == {"as_json": False}


def test_everything_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "http://h/ --out desk --say a.wav --say b --microphone virtual --headless"
    _, (wish, named) = typed(monkeypatch, *words.split(), "--no-test", "--overwrite", "--json")
    assert wish == RecordWish(
        "http://h/",
        Path("desk"),
        ("a.wav", "b"),
        "virtual",
        headless=True,
        overwrite=True,
        test=False,
        call=wish.call,
    )
    assert named == {"as_json": True}


def test_the_call_is_opened_as_inspect_opens_one(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "http://h/ --redirect openai --protocol rtvi --agent all --network 3g"
    _, (wish, _) = typed(monkeypatch, *words.split())
    call = wish.call
    assert (call.redirect, call.protocol, call.agent) == (["openai"], "rtvi", "all")
    assert call.network == "3g"


def test_a_microphone_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    code, seen = typed(monkeypatch, "http://h/", "--microphone", "loud")
    assert (code, seen) == (2, [])
