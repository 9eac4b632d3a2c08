"""``harness compare``: what got worse, as text, JSON or Markdown."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from harness.cli.run_outputs import no_place
from harness.exchange.opened import opened_run
from harness.regression.acceptable import ALLOW_FAILED, refuse_failed
from harness.regression.baseline import BASELINE_SUFFIXES, write_baseline
from harness.regression.compare import Comparison, compare
from harness.regression.kept_audio import has_audio
from harness.regression.markdown import as_markdown
from harness.regression.read import read_calls
from harness.regression.text import as_data, as_text


@dataclass(frozen=True)
class CompareOptions:
    """How two sides are compared, and what is written of it."""

    allow_unlike: bool = False
    allow_gone: bool = False
    update_baseline: bool = False
    markdown: Path | None = None
    as_json: bool = False


def compare_runs(base: Path, new: Path, options: CompareOptions) -> int:
    """Compare and show; 1 where something is worse and was not accepted.

    Raises:
        UsageError: a side cannot be read, the two are not alike, a run that did not pass would
            become the baseline, or the comment has no file to go to.
    """
    if options.markdown is not None and options.markdown.is_dir():
        raise no_place("--markdown", options.markdown, "a file")
    if options.update_baseline:
        _refuse_no_baseline(base)
    with opened_run(base) as opened_base, opened_run(new) as opened_new:
        return _compare(base, new, (opened_base, opened_new), options)


def _compare(base: Path, new: Path, opened: tuple[Path, Path], options: CompareOptions) -> int:
    one, other = read_calls(opened[0], base), read_calls(opened[1], new)
    comparison = compare(
        one, other, allow_unlike=options.allow_unlike, allow_gone=options.allow_gone
    )
    show(comparison, options)
    if options.update_baseline:
        keeps = has_audio(one)
        command = f"harness baseline accept {new} --to {base}{' --audio' * keeps} {ALLOW_FAILED}"
        refuse_failed([opened[1]], other, command)
        write_baseline(other, base, audio=keeps)
        gone = len(comparison.gone)
        told = f"; {gone} scenario{'s' * (gone != 1)} of it {'are' if gone != 1 else 'is'} gone"
        print(
            f"{base} is now {new}: the differences above are accepted{told * bool(gone)}.",
            file=sys.stderr,
        )
        return 0
    return int(comparison.verdict == "worse")


def show(comparison: Comparison, options: CompareOptions) -> None:
    """Print it, and write the comment where one is wanted.

    Raises:
        ArtifactError: the comment cannot be written.
    """
    if options.as_json:
        print(json.dumps(as_data(comparison), ensure_ascii=False), flush=True)
    else:
        print(as_text(comparison), flush=True)
    if options.markdown is not None:
        from harness.suite.write import write_text

        write_text(options.markdown, as_markdown(comparison))


def _refuse_no_baseline(path: Path) -> None:
    from harness.errors import UsageError

    if path.suffix not in BASELINE_SUFFIXES:
        raise UsageError(
            "Only a baseline can be updated.",
            expected="harness compare BASELINE.yaml NEW --update-baseline",
            found=str(path),
            hint=f"harness baseline accept {path} --to baselines/voice.yaml",
        )
