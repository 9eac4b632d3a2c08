"""`harness bench`: figures by name, for people and for machines."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Any

import pytest

from harness.cli.bench import measure, soak_of
from harness.errors import UsageError


def stand_in(monkeypatch: pytest.MonkeyPatch, figures: dict[str, Any], *, waits: bool) -> None:
    module = ModuleType("harness.bench.bridge")

    async def later() -> dict[str, Any]:
        return figures

    module.measure = later if waits else lambda: figures  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "harness.bench.bridge", module)


@pytest.mark.parametrize("waits", [True, False])
def test_json_is_one_object_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], waits: bool
) -> None:
    stand_in(monkeypatch, {"median_ms": 1.25, "lost": 0}, waits=waits)
    assert measure("bridge", as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == {"median_ms": 1.25, "lost": 0}


def test_people_get_one_figure_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(monkeypatch, {"median_ms": 1.25, "events_per_s": 5900.0, "p99_ms": None}, waits=False)
    measure("bridge", as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "median_ms     1.25",
        "events_per_s  5,900",
        "p99_ms        -",
    ]


def test_a_benchmark_may_have_a_table_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(monkeypatch, {"lost": 0}, waits=False)
    sys.modules["harness.bench.bridge"].as_text = lambda figures: f"{figures['lost']} of 9 lost"  # type: ignore[attr-defined]
    assert measure("bridge", as_json=False) == 0
    assert capsys.readouterr().out == "0 of 9 lost\n"


def test_figures_inside_figures_have_joined_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(monkeypatch, {"native": {"wrtc": {"connect_ms": 32.5}}, "cores": 2}, waits=True)
    measure("bridge", as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "native.wrtc.connect_ms  32.5",
        "cores" + " " * 19 + "2",
    ]


def test_an_option_of_another_benchmark_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence would look as if it had worked; one that was not given does not matter."""
    stand_in(monkeypatch, {"lost": 0}, waits=False)
    with pytest.raises(UsageError, match="--minutes"):
        measure("bridge", as_json=True, options={"minutes": 2.0, "engine": None})
    assert measure("bridge", as_json=True, options={"minutes": None}) == 0


def test_a_soak_is_of_engines_of_the_server_or_of_hours() -> None:
    assert soak_of("soak", server=True, hours=None) == "server_soak"
    assert soak_of("soak", server=False, hours=8.0) == "simulated_soak"
    with pytest.raises(UsageError, match="either"):
        soak_of("soak", server=True, hours=8.0)
    with pytest.raises(UsageError, match=r"bridge.*--hours"):
        soak_of("bridge", server=False, hours=8.0)
