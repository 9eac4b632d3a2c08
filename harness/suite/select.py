"""Selection of scenarios: by name, tag, what failed last, and a share of them for one machine."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError
from harness.scenario.load import LoadedScenario

NOT = "!"
"""In front of a tag: scenarios that have it are left out."""


@dataclass(frozen=True)
class Selection:
    """Which scenarios of a suite are meant; all where nothing is said."""

    grep: str | None = None
    """A regular expression that is searched in names, case ignored."""

    tags: tuple[str, ...] = ()
    """Scenarios that have one of these; with `NOT` in front, none of them."""

    only: frozenset[str] | None = None
    """Their names."""

    shard: tuple[int, int] | None = None
    """Which part, from 1, of how many."""


def select(scenarios: Sequence[LoadedScenario], wanted: Selection) -> list[LoadedScenario]:
    """The scenarios that are meant, in their order.

    The suite is cut into shards before it is asked what failed last: each machine has the results
    of its own shard, and a part of these would leave the others to nobody.

    Raises:
        UsageError: there is no such tag, or nothing is left.
    """
    _check_tags(scenarios, wanted.tags)
    pattern = _pattern(wanted.grep)
    positive = {tag for tag in wanted.tags if not tag.startswith(NOT)}
    negative = {tag.removeprefix(NOT) for tag in wanted.tags} - positive
    chosen = [
        loaded
        for loaded in scenarios
        if (pattern is None or pattern.search(loaded.scenario.name))
        and (not positive or positive & set(loaded.scenario.tags))
        and not negative & set(loaded.scenario.tags)
    ]
    part = chosen if wanted.shard is None else chosen[wanted.shard[0] - 1 :: wanted.shard[1]]
    left = [one for one in part if wanted.only is None or one.scenario.name in wanted.only]
    if scenarios and not (left if wanted.shard is None else chosen):
        names = [loaded.scenario.name for loaded in scenarios]
        near = difflib.get_close_matches(wanted.grep or "", names, n=1)
        hint = f"did you mean {near[0]}?" if near else "harness list shows names and tags"
        if wanted.only is not None and not wanted.only.intersection(names):
            hint = "nothing of this failed in the last run: leave --last-failed out"
        raise UsageError(
            f"None of the {len(names)} scenarios is meant by that.",
            expected="scenarios that --grep, --tag and --last-failed leave",
            found=_in_words(wanted),
            hint=hint,
        )
    return left


def read_shard(text: str) -> tuple[int, int]:
    """Which part of how many.

    Raises:
        UsageError: it is none.
    """
    found = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text)
    part, count = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= part <= count:
        raise UsageError("This is no part of a suite.", expected="--shard 1/3", found=text)
    return part, count


def failed_last(out: Path) -> frozenset[str]:
    """The names of scenarios that did not pass in the last run that wrote to a folder.

    Raises:
        UsageError: no run did, or what it left cannot be read.
    """
    path = out / "results.json"
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
        scenarios = (results.get("suite") or results)["scenarios"]
        return frozenset(one["name"] for one in scenarios if one["verdict"] != "passed")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            "It is not known what failed last.",
            expected=f"the results of an earlier run in {path}",
            found=getattr(error, "strerror", None) or "a file that is no such results",
            hint="run once without --last-failed, or name that run's folder with --out",
        ) from error


def _pattern(grep: str | None) -> re.Pattern[str] | None:
    try:
        return None if grep is None else re.compile(grep, re.IGNORECASE)
    except re.error as error:
        raise UsageError(
            "--grep takes a regular expression.",
            expected="such as: booking|rover",
            found=str(error),
        ) from error


def _check_tags(scenarios: Sequence[LoadedScenario], tags: Collection[str]) -> None:
    known = sorted({tag for loaded in scenarios for tag in loaded.scenario.tags})
    for tag in tags:
        name = tag.removeprefix(NOT)
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise UsageError(
                f"No scenario has the tag “{name}”.",
                expected=f"one of {', '.join(known)}" if known else "scenarios with tags: [smoke]",
                found=f"--tag {tag}",
                hint=f"did you mean {near[0]}?" if near else None,
            )


def _in_words(wanted: Selection) -> str:
    parts = [f"--grep {wanted.grep}"] if wanted.grep is not None else []
    parts += [f"--tag {tag}" for tag in wanted.tags]
    parts += ["--last-failed"] if wanted.only is not None else []
    return " ".join(parts) or "nothing"
