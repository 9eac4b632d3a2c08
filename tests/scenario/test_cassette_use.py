"""Cassettes in a run: what fits together, and where new ones go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.cassette.files import TURNS_NAME
from harness.cassette.shelf import CassetteOptions
from harness.errors import ServerRefused, UsageError
from harness.scenario.cassette_use import CassetteUse, check_cassettes, let_it_answer, parts_of
from harness.server.process.launch import RunningServer
from tests.support.make_cassette import write_orders


def test_a_cassette_goes_where_it_was_told_or_into_a_folder_of_its_scenario() -> None:
    assert CassetteUse().target("rover") is None
    assert CassetteUse(record="kept").target("rover") == Path("kept")
    assert CassetteUse(record="kept", record_each=True).target("rover") == Path("kept/rover")


def test_the_server_gets_a_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_orders(tmp_path / "orders")
    monkeypatch.chdir(tmp_path)
    options = CassetteUse(cassette="orders", delays="none", lenient=True).options()
    assert options == CassetteOptions(Path("orders"), "none", lenient=True)
    parts = parts_of(options)
    assert parts is not None
    assert (parts.cassette, parts.delays, parts.lenient) == (
        str(tmp_path / "orders"),
        "none",
        True,
    )
    assert parts_of(None) is None


@pytest.mark.parametrize(
    ("use", "more", "said"),
    [
        ({"lenient": True}, {}, "none was given"),
        ({"delays": "none"}, {}, "none was given"),
        ({"delays": "some"}, {}, "no such delays"),
        ({"cassette": "gone"}, {}, "There is no cassette"),
        ({"cassette": "."}, {}, "did you mean orders"),
        ({"cassette": "orders"}, {"server_url": "openai"}, "--server openai"),
        ({"cassette": "orders"}, {"calls_elsewhere": True}, "a page that calls elsewhere"),
        ({"record": "."}, {}, "cannot become a cassette"),
        ({"record": "orders"}, {}, "would be lost"),
        ({"overwrite": True}, {}, "--overwrite is for a cassette"),
    ],
)
def test_what_does_not_go_together_is_told(
    use: dict[str, Any],
    more: dict[str, Any],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (write_orders(tmp_path / "orders") / TURNS_NAME).open("a", encoding="utf-8") as turns:
        turns.write("# edited\n")
    monkeypatch.chdir(tmp_path)
    how = {"server_url": None, "calls_elsewhere": False, **more}
    with pytest.raises(UsageError, match=said):
        check_cassettes(CassetteUse(**use), ["order"], **how)


def test_an_edited_cassette_is_replaced_where_that_is_said(tmp_path: Path) -> None:
    folder = write_orders(tmp_path / "orders")
    with (folder / TURNS_NAME).open("a", encoding="utf-8") as turns:
        turns.write("# edited\n")
    use = CassetteUse(record=str(folder), overwrite=True)
    check_cassettes(use, ["order"], server_url=None, calls_elsewhere=False)


async def test_a_server_without_that_cassette_refuses(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    write_orders(tmp_path / "orders")
    await let_it_answer(None, shared_server, "orders")
    with pytest.raises(ServerRefused, match="Supported values"):
        await let_it_answer(CassetteOptions(tmp_path), shared_server, "orders")
