"""A protocol is recognised among those we have, or named."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from harness.errors import UsageError
from harness.protocols.by_ear import ByEar
from harness.protocols.choice import AUTO, KNOWN, NAMES, adapters, check_protocol, name_of
from harness.protocols.realtime import RealtimeProtocol


class Mine(RealtimeProtocol):
    pass


@pytest.fixture(autouse=True)
def module(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ModuleType("mine_of_this_test")
    vars(made).update(Mine=Mine, number=7, made=Mine())
    monkeypatch.setitem(sys.modules, made.__name__, made)


def test_those_that_are_recognised_are_fresh_for_each_call() -> None:
    first, second = adapters(AUTO), adapters(AUTO)
    assert [type(each) for each in first] == list(KNOWN.values())
    assert not {id(each) for each in first} & {id(each) for each in second}


@pytest.mark.parametrize("name", NAMES)
def test_each_name_has_an_adapter(name: str) -> None:
    assert adapters(name)
    check_protocol(name)
    assert name_of(name) == name


def test_none_takes_nothing() -> None:
    [none] = adapters("none")
    assert isinstance(none, ByEar)


@pytest.mark.parametrize("choice", [Mine, "mine_of_this_test:Mine"])
def test_one_of_one_s_own_is_made_for_the_call(choice: str | type[Mine]) -> None:
    [first], [second] = adapters(choice), adapters(choice)
    assert type(first) is type(second) is Mine
    assert first is not second


def test_an_adapter_that_is_given_is_taken() -> None:
    mine = Mine()
    assert adapters(mine) == [mine]
    assert name_of(mine) == "Realtime"
    assert adapters("mine_of_this_test:made")


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ("realtyme", "no module:name"),
        ("mine_of_this_test:Yours", "AttributeError"),
        ("no_such_module:Mine", "ModuleNotFoundError"),
        ("mine_of_this_test:number", "int"),
    ],
)
def test_anything_else_is_refused_with_the_names_there_are(choice: str, found: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_protocol(choice)
    assert found in str(refused.value)


def test_a_module_is_found_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "from harness.protocols.by_ear import ByEar as Own\n"
    (tmp_path / "own_of_this_test.py").write_text(code)
    monkeypatch.chdir(tmp_path)
    assert adapters("own_of_this_test:Own")
