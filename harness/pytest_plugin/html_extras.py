"""Attachments of a test's report: links to what the test left, and its numbers, for pytest-html."""

from __future__ import annotations

import os
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from harness.pytest_plugin.artifacts import TestFolder


def attach(report: pytest.TestReport, item: pytest.Item, folder: TestFolder | None) -> None:
    """Say where its trace, audio and report are; pytest-html takes what is in ``extras``.

    Args:
        report: of the test itself, and not of its fixtures.
        item: a scenario file's knows its own.
        folder: of a test that calls; None where it is none. It is settled later.
    """
    extras = list(getattr(item, "report_extras", ()))
    if folder is not None and report.failed and not folder.is_empty:
        report.sections.append(("voice call", f"trace, audio and report: {folder.kept_at}"))
        if any(folder.path.glob("*/trace.jsonl")):  # a report is made of it
            extras.append(link(folder.kept_at / "report.html", item.config))
    if extras:
        report.extras = extras  # type: ignore[attr-defined]


def link(path: Path, config: pytest.Config) -> dict[str, Any]:
    """A link to a file, which holds where both are taken elsewhere together.

    Args:
        path: of the file, which may be made later.
        config: says where pytest-html writes; a file of this machine is meant where it does not.
    """
    page = config.getoption("htmlpath", None)
    if page is None:
        return _extra(path.name, "url", path.as_uri())
    folder = (config.invocation_params.dir / os.path.expandvars(page)).expanduser().parent
    return _extra(path.name, "url", quote(os.path.relpath(path, folder)))


def table(properties: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """Names with their values; a property without a value is left out."""
    rows = [
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
        for name, value in properties
        if value is not None
    ]
    return _extra("properties", "html", f"<table>{''.join(rows)}</table>")


def _extra(name: str, kind: str, content: str) -> dict[str, Any]:
    """As `pytest_html.extras` makes one."""
    fields = {"name": name, "format_type": kind, "content": content}
    return {**fields, "mime_type": None, "extension": None}
