"""Files that stay after a suite: ``index.html``, ``results.json``, ``junit.xml`` over all runs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import BinaryIO

from harness.audio.files import write_atomically
from harness.report.results import Results, results_json
from harness.suite.index_page import index_html
from harness.suite.junit import attachments_folder, suite_junit


def write_suite(results: Results, out: Path) -> None:
    """Write the three files.

    Raises:
        ArtifactError: one cannot be written (disk full, no rights); an older one stays whole.
    """
    write_text(out / "results.json", results_json(results))
    folder = attachments_folder(out, os.environ)
    write_bytes(out / "junit.xml", suite_junit(results, folder))
    write_text(out / "index.html", index_html(results))


def stale_page(out: Path, *, is_one: bool) -> Path | None:
    """The page of an earlier run that a run of the other kind leaves beside its own files.

    A folder's own ``index.html`` is nobody's to take away: only what our results say is ours.

    Args:
        out: where the run to come writes.
        is_one: whether it is one run, with a ``report.html``, and not a suite with an index.
    """
    try:
        earlier = json.loads((out / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(earlier, dict) or "scenarios" not in earlier:
        return None
    was_one = earlier.get("suite") is None
    return None if was_one == is_one else out / ("report.html" if was_one else "index.html")


def write_text(path: Path, text: str) -> None:
    """Write a text whole, or not at all.

    Raises:
        ArtifactError: it cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """The same with bytes."""

    def write(file: BinaryIO) -> None:
        file.write(content)

    write_atomically(path, write)
