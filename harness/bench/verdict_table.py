"""The figures of `harness bench verdicts` as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

SHOWN_WRONG = 10
"""Wrong verdicts below the table; ``--json`` has them all."""

HEADINGS = ("", "judge", "false failures", "of these cannot tell", "false passes", "judged")
SHARES = ("false_failures_share", "cannot_tell_share", "false_passes_share")


def as_text(figures: Mapping[str, Any]) -> str:
    """All figures, and the first wrong verdicts in words.

    Args:
        figures: of `harness.bench.verdicts.measure`.
    """
    lines = [*_table([HEADINGS, *_rows(figures)]), "", *_others(figures)]
    wrong: Sequence[Mapping[str, Any]] = figures["wrong"]
    if wrong:
        lines += ["", f"wrong verdicts: {len(wrong)}"]
        lines += [in_words(each) for each in wrong[:SHOWN_WRONG]]
    if len(wrong) > SHOWN_WRONG:
        lines.append(f"and {len(wrong) - SHOWN_WRONG} more, with --json")
    return "\n".join(lines)


def in_words(wrong: Mapping[str, Any]) -> str:
    """A wrong verdict in one line."""
    kind = str(wrong["kind"]).replace("_", " ")
    kind += f" ({wrong['outcome'].replace('_', ' ')})" if wrong["kind"] == "false_failure" else ""
    return (
        f"{kind}, {wrong['voice']}, {wrong['condition']}: said “{wrong['sentence']}”, expected "
        f"{', '.join(wrong['expected'])}: {wrong['evidence']}"
    )


def _rows(figures: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, judges in {**figures["conditions"], "overall": figures["overall"]}.items():
        for judge, shares in judges.items():
            yield name, judge.replace("_", " "), *_cells(shares)
    for voice, shares in figures["by_voice"].items():
        yield voice, "ours", *_cells(shares)


def _cells(shares: Mapping[str, Any]) -> tuple[str, ...]:
    percents = ("-" if shares[n] is None else f"{100 * shares[n]:.2f} %" for n in SHARES)
    return *percents, str(shares["judged"])


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Names to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if number < 2 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _others(figures: Mapping[str, Any]) -> Iterator[str]:
    """What is one number or word."""
    plain = {n: v for n, v in figures.items() if not isinstance(v, Mapping | list)}
    width = max(map(len, plain), default=0)
    for name, value in plain.items():
        yield f"{name:<{width}}  {'-' if value is None else value}"
