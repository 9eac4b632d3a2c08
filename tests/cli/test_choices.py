"""What can be chosen is there."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from harness.cli.choices import Benchmark, Engine


@pytest.mark.parametrize("benchmark", Benchmark)
def test_every_benchmark_has_its_module(benchmark: Benchmark) -> None:
    assert find_spec(f"harness.bench.{benchmark.name}") is not None


@pytest.mark.parametrize("engine", Engine)
def test_every_engine_has_its_room(engine: Engine) -> None:
    assert find_spec(f"harness.engines.{engine.value}") is not None
