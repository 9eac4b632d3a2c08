"""Options of one engine: the project's where it has them, what was typed in any case."""

from __future__ import annotations

from dataclasses import fields

import pytest

from harness.errors import UsageError
from harness.scenario.engines import ENGINE_NAMES
from harness.scenario.run import RunOptions, check_engine_options
from harness.suite.engine_options import HAVE, for_engine

GIVEN = RunOptions(
    page_url="http://localhost:3000/",
    server_url="http://localhost:8080",
    headed=True,
    redirect="openai",
    protocol="rtvi",
    network="congested-wifi",
    agent="connection-1",
    autoplay="user-gesture",
    tracing="on",
    native="aiortc",
    seed=5,
)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_what_the_project_says_never_makes_an_engine_refuse(engine: str) -> None:
    check_engine_options(for_engine(GIVEN, engine, HAVE))


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_each_engine_keeps_what_it_has_and_all_that_was_typed(engine: str) -> None:
    made = for_engine(GIVEN, engine, HAVE)
    kept = {name for name in HAVE if getattr(made, name) == getattr(GIVEN, name)}
    assert kept == {name for name, engines in HAVE.items() if engine in engines}
    assert for_engine(GIVEN, engine, ()).seed == 5
    with pytest.raises(UsageError):
        check_engine_options(for_engine(GIVEN, engine, ()))
    assert set(HAVE) <= {field.name for field in fields(RunOptions)}
