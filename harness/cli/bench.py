"""``harness bench``: our own figures beside the alternatives, measured in one run."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from harness.cli.interrupts import run_async
from harness.errors import UsageError

PLAIN_NAMES = {
    "server_soak": "soak --server",
    "simulated_soak": "soak --hours",
    "page_overhead": "page-overhead",
    "barge_in": "barge-in",
}

SO_FAR = "so_far"
"""The argument of a benchmark that can tell its figures before it is done: who takes them."""


def measure(what: str, *, as_json: bool, options: Mapping[str, Any] | None = None) -> int:
    """Run one benchmark and print its figures.

    Where it breaks off, those that it has told until then are printed first.

    Args:
        options: what the user chose; None is the benchmark's own default.

    Raises:
        UsageError: the benchmark has no such option.
        KeyboardInterrupt: Ctrl-C.
    """
    module = importlib.import_module(f"harness.bench.{what}")
    given = {name: value for name, value in (options or {}).items() if value is not None}
    _check_options(what, module.measure, given)
    so_far: dict[str, Any] = {}
    if SO_FAR in inspect.signature(module.measure).parameters:
        given[SO_FAR] = so_far.update
    print(f"harness: measuring {PLAIN_NAMES.get(what, what)}", file=sys.stderr, flush=True)
    try:
        figures: dict[str, Any] = run_async(_measure(module.measure, given))
    except BaseException:  # Ctrl-C, a kill, a failure: what took long to measure is not lost
        if so_far:
            print("harness: broken off; measured until then:", file=sys.stderr, flush=True)
            _show(module, so_far, as_json=as_json)
        raise
    _show(module, figures, as_json=as_json)
    return 0


def _show(module: ModuleType, figures: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures), flush=True)
    elif (as_text := getattr(module, "as_text", None)) is not None:
        print(as_text(figures), flush=True)
    else:
        flat = dict(_flat(figures))
        width = max(map(len, flat))
        for name, value in flat.items():
            print(f"{name:<{width}}  {_plain(value)}")


def soak_of(what: str, *, server: bool, hours: float | None) -> str:
    """Which soak is meant: the one of engines is “soak” itself.

    Raises:
        UsageError: only a soak has these options, and one of them.
    """
    option = "--server" if server else "--hours"
    if what != "soak":
        raise UsageError(
            f"“harness bench {what}” has no option {option}.",
            found=option,
            hint=f"harness bench soak {option}",
        )
    if server and hours is not None:
        raise UsageError(
            "A soak is either of the server or of hours in simulated time.",
            expected="--server or --hours",
            found="both",
        )
    return "server_soak" if server else "simulated_soak"


def _check_options(what: str, function: Any, chosen: dict[str, Any]) -> None:
    for name in chosen.keys() - inspect.signature(function).parameters.keys():
        plain = PLAIN_NAMES.get(what, what)
        raise UsageError(f"“harness bench {plain}” has no option --{name}.", found=f"--{name}")


async def _measure(function: Any, chosen: dict[str, Any]) -> dict[str, Any]:
    found = function(**chosen)
    return dict(await found if inspect.isawaitable(found) else found)


def _flat(figures: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Figures inside figures, by names joined with a dot."""
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _plain(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
