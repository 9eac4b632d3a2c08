"""Reports of tests whose words come from a page: what a terminal shows commands no CI server."""

from __future__ import annotations

from typing import Any

import pytest

from harness.terminal_text import without_commands


def make_harmless(report: pytest.TestReport) -> None:
    """Write out what a CI server would obey, in why a test failed and in what it printed.

    Args:
        report: of a test with a call. What ``pytest -s`` shows at once is not in it.
    """
    report.sections = [(name, without_commands(text)) for name, text in report.sections]
    failure: Any = report.longrepr
    if isinstance(failure, str):
        report.longrepr = without_commands(failure)
    for traceback, crash, _ in getattr(failure, "chain", ()):  # as pytest's own tracebacks have it
        for entry in traceback.reprentries:
            entry.lines = [without_commands(line) for line in entry.lines]
            known = getattr(entry, "reprlocals", None)
            if known is not None:
                known.lines = [without_commands(line) for line in known.lines]
        if crash is not None:
            crash.message = without_commands(crash.message)
