"""``harness cassette``: is it stale, and making one of a call that was recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.redact import Masker
from harness.terminal_text import printable

if TYPE_CHECKING:
    from harness.cassette.shelf import CassetteOptions

EXIT_CODES = {"current": 0, "stale": 1, "broken": 2}


def given_cassette(folder: Path | None, delays: str, *, lenient: bool) -> CassetteOptions | None:
    """The options of ``harness serve``; None where no cassette was given.

    Raises:
        UsageError: what belongs to a cassette was given without one.
    """
    if folder is None and delays == "recorded" and not lenient:
        return None  # and nothing of it is imported
    from harness.scenario.cassette_use import CassetteUse

    named = None if folder is None else str(folder)
    return CassetteUse(cassette=named, delays=delays, lenient=lenient).options()


def check(folder: Path, to: Path | None, *, as_json: bool, overwrite: bool = False) -> int:
    """Print what is stale or broken in a cassette.

    Raises:
        UsageError: there is no cassette.
    """
    from harness.cassette.check import verdict_of
    from harness.cassette.inspection import inspect

    if to is not None:
        raise UsageError("“harness cassette check” has no option --to.", found=f"--to {to}")
    if overwrite:
        raise UsageError("“harness cassette check” has no option --overwrite.", found="--overwrite")
    masker = Masker()
    found = inspect(folder, datetime.now(UTC).date())
    findings = [replace(one, message=masker.text(one.message)) for one in found]
    verdict = verdict_of(findings)
    if as_json:
        told = [
            {"level": one.level, "place": one.place, "message": one.message} for one in findings
        ]
        print(json.dumps({"cassette": str(folder), "verdict": verdict, "findings": told}))
        return EXIT_CODES[verdict]
    for one in findings:
        place = f"{one.place}: " if one.place else ""
        print(printable(f"{one.level:<6} {place}{one.message}"))
    print(f"{folder}: {verdict}")
    return EXIT_CODES[verdict]


def take(call: Path, to: Path | None, *, as_json: bool, overwrite: bool = False) -> int:
    """Make a cassette of a call that was recorded, packed or not.

    Raises:
        UsageError: nothing says where to, there is no call or there are several, it spoke another
            protocol, or the folder holds something else or an edited cassette.
        ArtifactError: the trace or the packed call cannot be read.
    """
    from harness.cassette.taking import keep_cassette
    from harness.cli.report import find_run
    from harness.exchange.opened import opened_run

    if to is None:
        raise UsageError(
            "A cassette is made of a call, and kept in a folder.",
            expected="harness cassette take CALL --to DIR",
            found="no --to",
        )
    with opened_run(call, sound="recorded") as opened:
        is_there = opened.exists()
        run = find_run(opened, call, "harness cassette take") if is_there else opened
        made = keep_cassette(run, to, overwrite=overwrite)
    answers = sum(len(turn.then) for turn in made.turns)
    turns = sum(turn.number > 0 for turn in made.turns)
    facts = {
        "cassette": str(to),
        "turns": turns,
        "answers": answers,
        "sounds": len(made.audio_files),
    }
    if as_json:
        print(json.dumps({**facts, "notes": list(made.head.notes)}))
        return 0
    print(f"{to}: {turns} turns, {answers} answers, {len(made.audio_files)} with sound")
    for note in made.head.notes:
        print(f"note   {note}")
    return 0
