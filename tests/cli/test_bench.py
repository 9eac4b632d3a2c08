"""`harness bench`: figures by name, for people and for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from harness.cli.bench import measure, soak_of
from harness.errors import HarnessError, UsageError


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


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("ended_by", [KeyboardInterrupt, SystemExit, HarnessError])
def test_what_breaks_off_gives_what_it_has_told_until_then(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ended_by: type[BaseException],
    as_json: bool,
) -> None:
    def breaks_off(so_far: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        so_far({"lost": 1, "is_complete": False})
        so_far({"lost": 2, "is_complete": False})
        raise ended_by("no more")

    stand_in(monkeypatch, {}, waits=False)
    sys.modules["harness.bench.bridge"].measure = breaks_off  # type: ignore[attr-defined]
    with pytest.raises(ended_by):
        measure("bridge", as_json=as_json)
    out, err = capsys.readouterr()
    if as_json:
        assert json.loads(out) == {"lost": 2, "is_complete": False}
    else:
        assert out.split() == ["lost", "2", "is_complete", "False"]
    assert err.endswith("harness: broken off; measured until then:\n")


def test_what_breaks_off_before_it_has_told_anything_prints_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks_off(so_far: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        raise KeyboardInterrupt

    stand_in(monkeypatch, {}, waits=False)
    sys.modules["harness.bench.bridge"].measure = breaks_off  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        measure("bridge", as_json=True)
    out, err = capsys.readouterr()
    assert (out, err) == ("", "harness: measuring bridge\n")


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
