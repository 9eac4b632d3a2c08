"""The public names: few, documented, and cheap until used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import harness

ROOT = Path(__file__).parents[1]

PUBLIC = {
    "AttachedCall",
    "Call",
    "CallEvent",
    "CallOptions",
    "ContextChoice",
    "ContextDefinition",
    "Contexts",
    "ExpectationFailed",
    "HarnessError",
    "HeardAnswer",
    "RealtimeClient",
    "RunningServer",
    "SessionSettings",
    "launch_options",
    "listen",
    "open_call",
    "open_chromium",
    "run_scenarios",
    "scenarios",
    "start_server",
    "tool_from",
}


def test_all_is_what_the_readme_promises() -> None:
    assert set(harness.__all__) - {"__version__"} == PUBLIC


def test_every_public_name_is_there_and_documented() -> None:
    for name in PUBLIC:
        assert getattr(harness, name).__doc__, name


def test_unknown_names_are_refused_like_anywhere() -> None:
    assert not hasattr(harness, "no_such_name")


def test_importing_the_package_imports_nothing_heavy() -> None:
    """`harness --help` and every pytest start import it."""
    code = "import sys, harness; print(*sorted(m.split('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pydantic", "playwright", "aiohttp", "openai", "asyncio"}
    assert not heavy & set(done.stdout.split())


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "harness" / "py.typed").exists()
