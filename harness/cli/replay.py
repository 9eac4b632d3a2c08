"""``harness replay``: recordings to scenarios; a table of what came out, and a run of it."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from harness.cli.failures import USAGE, print_failure
from harness.replay.listen import Ears, shipped_ears
from harness.replay.make import Made, Outcome, ReplayOptions, replay_all
from harness.scenario.addresses import check_page


@dataclass(frozen=True)
class RunWish:
    """How the scenarios are run at once."""

    engine: str
    results: Path


def replay_recordings(
    recordings: Sequence[Path],
    options: ReplayOptions,
    wish: RunWish | None,
    *,
    as_json: bool,
    ears: Ears | None = None,
) -> int:
    """Make the scenarios, show what came out, and run them where that is wanted.

    Args:
        ears: who recognises the words; the shipped recognisers where absent.

    Returns:
        2 where a recording could not be replayed, else the exit code of the run.

    Raises:
        UsageError: what was typed cannot be; nothing was made.
        SpeechError: an engine cannot run.
        ArtifactError: a file cannot be written.
    """
    check_page(options.page)
    outcome = _listened_to(recordings, options, ears or shipped_ears())
    if len(recordings) == 1 and outcome.problems and not outcome.made:
        _raise_alone(outcome)
    if not as_json:
        print(as_text(outcome), flush=True)
    for _, error in outcome.problems:
        print_failure(str(error))
    code = _run(outcome, wish, as_json=as_json) if wish is not None and outcome.made else 0
    if as_json:
        print(json.dumps(in_fields(outcome, wish, code), ensure_ascii=False), flush=True)
    return USAGE if outcome.problems else code


def _listened_to(recordings: Sequence[Path], options: ReplayOptions, ears: Ears) -> Outcome:
    """The scenarios; on a terminal a living line says how far it is."""
    console = Console(stderr=True)

    def told(path: Path) -> None:
        print(f"harness: listening to {path}", file=sys.stderr, flush=True)

    if not console.is_terminal:
        return replay_all(recordings, options, ears, told)
    with console.status("") as status:
        return replay_all(recordings, replace(options, doing=status.update), ears, told)


def _raise_alone(outcome: Outcome) -> None:
    """Of one file the error is the answer."""
    if len(outcome.problems) == 1:
        raise outcome.problems[0][1]


def _run(outcome: Outcome, wish: RunWish | None, *, as_json: bool) -> int:
    from harness.cli.run import run_conversations
    from harness.cli.suite_choice import SuiteChoice

    assert wish is not None
    to = contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext()
    with to:
        return run_conversations(
            [str(made.scenario) for made in outcome.made],
            out=wish.results,
            page_url=None,
            server_url=None,
            headed=False,
            as_json=False,
            choice=SuiteChoice(engines=(wish.engine,)),
        )


def in_fields(outcome: Outcome, wish: RunWish | None, code: int) -> dict[str, Any]:
    """All that came out, for machines."""
    fields: dict[str, Any] = {
        "recordings": [made.to_data() for made in outcome.made],
        "problems": [
            {
                "file": str(path),
                "message": error.message,
                "expected": error.expected,
                "found": error.found,
                "hint": error.hint,
            }
            for path, error in outcome.problems
        ],
        "baseline": None if outcome.baseline is None else str(outcome.baseline),
    }
    if wish is not None:
        fields["run"] = {"results": str(wish.results / "results.json"), "exit_code": code}
    return fields


def as_text(outcome: Outcome) -> str:
    """A table for people: a recording a line, and what is to be known of it."""
    if not outcome.made:
        return "No scenario was made."
    head = ("recording", "scenario", "turns", "words", "caller", "voice to voice")
    rows = [head, *map(_row, outcome.made)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines: list[str] = []
    for index, row in enumerate(rows):
        lines.append("  ".join(map(str.ljust, row, widths)).rstrip())
        if index:
            lines += [f"  note: {note}" for note in outcome.made[index - 1].call.notes]
    return "\n".join([*lines, "", *_what_next(outcome)])


def _row(made: Made) -> tuple[str, ...]:
    kept_s = sum(turn.cut.duration_s for turn in made.call.plan.turns)
    waits = made.voice_to_voice_s
    return (
        str(made.recording),
        str(made.scenario),
        str(len(made.call.plan.turns)),
        str(made.words),
        f"{kept_s:.1f} s",
        f"{median(waits):.2f} s ({len(waits)})" if waits else "-",
    )


def _what_next(outcome: Outcome) -> list[str]:
    folder = outcome.made[0].scenario.parent
    made = len(outcome.made)
    lines = [f"{made} scenario{'s' * (made != 1)}: harness run {folder} --out out/replay"]
    if outcome.baseline is not None:
        lines.append(f"the old numbers: harness compare {outcome.baseline} out/replay")
    else:
        lines.append("no old numbers: where only the caller is heard, nobody knows the answers")
    return lines
