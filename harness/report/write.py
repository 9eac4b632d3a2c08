"""Files that stay after a run: ``results.json``, ``junit.xml`` and ``report.html``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from harness.audio.clip import AudioClip
from harness.audio.files import write_atomically
from harness.errors import ArtifactError, UsageError
from harness.hidden import Hidden
from harness.report.build import build_scenario, real_recogniser
from harness.report.html import prepare_page, report_html
from harness.report.junit import junit_xml
from harness.report.results import Results, collect, results_json
from harness.report.turns import Recognise
from harness.score.call_record import CallRecord, FindSpeech, load_calls


def write_reports(
    out_dir: Path,
    scenario_dirs: Sequence[Path],
    *,
    find_speech: FindSpeech | None = None,
    recognise: Recognise | None = None,
    listen: bool = True,
    hidden: Hidden | None = None,
    playwright_trace: Path | None = None,
) -> Results:
    """Read the runs, measure and judge them, and write the three reports.

    The two that machines read are written first, so that a disk that fills up loses the page.

    Args:
        out_dir: where the reports go; made if missing.
        scenario_dirs: one folder a run, each with its ``trace.jsonl``.
        find_speech: a stand-in for the speech detector.
        recognise: a stand-in for the speech recogniser.
        listen: whether heard answers that the run itself did not recognise are recognised now
            (under a second, and about 0.06 s a second of speech).
        hidden: what is not written where it is recognised only now; the traces do not have it.
        playwright_trace: a Playwright trace of the one run, drawn beside it; where absent, the
            ``playwright-trace.zip`` in its folder, if there is one.

    Raises:
        UsageError: a Playwright trace, and several runs.
        ArtifactError: no folder holds a readable trace, or a report cannot be written (disk
            full, no rights). Reports that were there before stay whole.
    """
    if not scenario_dirs:
        raise ArtifactError(
            "There is nothing to report on.",
            expected="at least one folder with a trace.jsonl",
            found="none",
        )
    if playwright_trace is not None and len(scenario_dirs) != 1:
        raise UsageError(
            "A Playwright trace is of one call.",
            expected="one call beside it",
            found=f"{len(scenario_dirs)} calls",
        )
    records = load_calls(scenario_dirs, find_speech)
    recognise = recognise or (real_recogniser() if listen else None)
    if hidden and recognise is not None:
        recognise = _without(hidden, recognise)
    results = collect([build_scenario(r, root=out_dir, recognise=recognise) for r in records])
    _write(out_dir / "results.json", results_json(results).encode("utf-8"))
    _write(out_dir / "junit.xml", junit_xml(results))
    _write(out_dir / "report.html", _page(results, records, playwright_trace))
    return results


def _without(hidden: Hidden, recognise: Recognise) -> Recognise:
    def recognised(clip: AudioClip) -> str | None:
        text = recognise(clip)
        return None if text is None else hidden.text(text)

    return recognised


def get_ready() -> None:
    """Do beforehand what takes the first report longest; for a moment with nothing else to do."""
    prepare_page()


def _page(results: Results, records: Sequence[CallRecord], playwright: Path | None) -> bytes:
    return report_html(results, records, playwright).encode("utf-8")


def _write(path: Path, content: bytes) -> None:
    def write(file: BinaryIO) -> None:
        file.write(content)

    write_atomically(path, write)
