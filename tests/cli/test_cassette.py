"""`harness cassette`: what is told, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cassette.files import read_cassette
from harness.cli.cassette import check, given_cassette, take
from harness.errors import UsageError
from harness.exchange.pack import pack
from tests.cassette.test_files import edit, line_with
from tests.cassette.test_recording import conversation
from tests.cassette.test_taking import write_call
from tests.support.make_cassette import write_orders


def test_one_that_fits_is_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_orders(tmp_path / "orders")
    events = folder / "events.jsonl"
    events.write_text(events.read_text().splitlines()[1] + "\n", encoding="utf-8")
    assert check(folder, None, as_json=False) == 0
    told = capsys.readouterr().out
    assert f"note   {events}:1: unknown event type “response.sung”" in told
    assert told.endswith(f"{folder}: current\n")


def test_a_stale_and_a_broken_one_have_their_exit_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_orders(tmp_path / "orders")
    assert check(folder, None, as_json=True) == 1
    stale = json.loads(capsys.readouterr().out)
    assert stale["verdict"] == "stale"
    assert stale["findings"][0]["place"] == f"{folder / 'events.jsonl'}:1"
    turns = folder / "turns.yaml"
    edit(turns, "pieces:", "pecies:")
    assert check(folder, None, as_json=False) == 2
    told = capsys.readouterr().out
    assert f"broken {turns}:{line_with(turns, 'pecies')}: " in told
    assert told.endswith(": broken\n")


def test_a_call_that_was_recorded_becomes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call, to = write_call(tmp_path / "call", conversation(), (3.975, 5.9)), tmp_path / "new"
    assert take(call, to, as_json=False) == 0
    assert f"{to}: 1 turns, 1 answers, 1 with sound" in capsys.readouterr().out
    assert take(call, to, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["sounds"] == 1
    assert len(read_cassette(to).sounds) == 1


def test_an_edited_one_is_made_anew_where_that_is_said(tmp_path: Path) -> None:
    call, to = write_call(tmp_path / "call", conversation(), (3.975, 5.9)), tmp_path / "new"
    take(call, to, as_json=True)
    edit(to / "turns.yaml", "turns:", "# by hand\nturns:")
    with pytest.raises(UsageError, match="would be lost"):
        take(call, to, as_json=True)
    assert take(call, to, as_json=True, overwrite=True) == 0
    assert "by hand" not in (to / "turns.yaml").read_text(encoding="utf-8")


def test_a_packed_call_becomes_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    call = write_call(tmp_path / "out" / "call", conversation(), (3.975, 5.9))
    for home in (call, call.parent):
        packed = pack(home, [call], tmp_path / "call.zip").path
        assert take(packed, tmp_path / f"of-{home.name}", as_json=True) == 0
        assert json.loads(capsys.readouterr().out)["sounds"] == 1
    write_call(tmp_path / "out" / "other", conversation(), (3.975, 5.9))
    with pytest.raises(UsageError, match="There are 2 calls"):
        take(call.parent, tmp_path / "new", as_json=True)


def test_options_belong_to_what_they_are_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no option --to"):
        check(tmp_path, tmp_path, as_json=False)
    with pytest.raises(UsageError, match="no option --overwrite"):
        check(tmp_path, None, as_json=False, overwrite=True)
    with pytest.raises(UsageError, match="no --to"):
        take(tmp_path, None, as_json=False)
    assert given_cassette(None, "recorded", lenient=False) is None
    with pytest.raises(UsageError, match="none was given"):
        given_cassette(None, "none", lenient=False)
