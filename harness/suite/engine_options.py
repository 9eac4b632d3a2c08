"""Options of a run as one engine has them: what a project says once need not fit all engines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from harness.scenario.run import RunOptions

HAVE = {
    **dict.fromkeys(
        ("page_url", "redirect", "protocol", "agent", "headed", "autoplay", "tracing"),
        ("browser",),
    ),
    "server_url": ("browser", "native"),
    "network": ("browser", "native"),
    "native": ("native",),
    "seed": ("simulated",),
}
"""Fields of `RunOptions` that some engines refuse, and which ones have them."""


def for_engine(how: RunOptions, engine: str, from_project: Collection[str]) -> RunOptions:
    """The options for an engine.

    Args:
        from_project: fields that the project's settings gave: they are for the engines that have
            them. What was typed is kept, so that it is refused.
    """
    unset = RunOptions()
    left_out = {
        name: getattr(unset, name)
        for name in from_project
        if name in HAVE and engine not in HAVE[name]
    }
    return replace(how, engine=engine, **left_out)
