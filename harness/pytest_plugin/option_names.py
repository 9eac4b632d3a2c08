"""Names of a call's options, as tests give them to a fixture."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import fields


def check_run_option_names(given: Collection[str]) -> None:
    """Nothing, where all of them are options of `run_scenario`.

    Raises:
        UsageError: one of them is none; says which was meant.
    """
    from harness.errors import UsageError
    from harness.scenario.run import RunOptions

    known = {field.name for field in fields(RunOptions)}
    for name in set(given) - known:
        near = difflib.get_close_matches(name, known, 1)
        raise UsageError(
            f"`run_scenario` has no option “{name}”.",
            expected=f"one of {', '.join(sorted(known))}",
            found=f"{name}=…",
            hint=f"write `{near[0]}`" if near else "what belongs to a scenario stands in its file",
        )


def check_option_names(what: str, given: Collection[str], more: Collection[str]) -> None:
    """Nothing, where all of them are options.

    Args:
        what: takes them, for the message.
        given: their names.
        more: what it takes beside the fields of `CallOptions`.

    Raises:
        UsageError: one of them is none; says which was meant.
    """
    from harness.call.opening import CallOptions
    from harness.errors import UsageError

    known = {field.name for field in fields(CallOptions)}
    for name in set(given) - known - set(more):
        near = difflib.get_close_matches(name, known | set(more), 1)
        way = "what stands in `CallOptions` is given here by its names, such as `camera=False`"
        if name == "engine":
            way = "a call of this fixture is a browser's; `run_scenario` takes an engine"
        elif near and name != "options":
            way = f"write `{near[0]}`"
        raise UsageError(
            f"{what} has no option “{name}”.",
            expected=", ".join(
                [*(f"`{one}`" for one in sorted(more)), "or a field of `CallOptions`"]
            ),
            found=f"{name}=…",
            hint=way,
        )
