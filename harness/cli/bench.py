"""``harness bench``: our own figures beside the alternatives, measured in one run."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from typing import Any

from harness.cli.interrupts import run_async


def measure(what: str, *, as_json: bool) -> int:
    """Run one benchmark and print its figures."""
    module = importlib.import_module(f"harness.bench.{what}")
    print(f"harness: measuring {what}", file=sys.stderr, flush=True)
    figures: dict[str, Any] = run_async(_measure(module.measure))
    if as_json:
        print(json.dumps(figures), flush=True)
        return 0
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:<{width}}  {_plain(value)}")
    return 0


async def _measure(function: Any) -> dict[str, Any]:
    found = function()
    return dict(await found if inspect.isawaitable(found) else found)


def _plain(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
