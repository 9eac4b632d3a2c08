"""``index.html`` of a suite: every scenario by engine, worst first, with its time lines.

One file that opens from disk and loads nothing. What came from outside is text, never markup: the
template escapes it, and a content security policy lets only the page's own script run.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import statistics
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from harness.report.results import Results, ScenarioResult
from harness.report.suite_results import WORST_FIRST, SuiteRun, SuiteScenario
from harness.suite.junit import results_by_folder, voice_to_voice_s

_HERE = Path(__file__).resolve().parent / "templates"

SIGNS = {
    "passed": "✓",
    "failed": "✗",
    "cannot_tell": "?",
    "error": "!",
    "flaky": "↻",
    "not_run": "–",
}
MAX_LINES = 4
"""Time lines in one cell; of more runs the others have a mark alone."""

LINE_UNITS = 1000
"""How wide a time line is drawn; the page scales it."""


def index_html(results: Results) -> str:
    """The whole page of a suite."""
    suite = results.suite
    assert suite is not None
    by_folder = results_by_folder(results)
    engines = list(dict.fromkeys(scenario.engine for scenario in suite.scenarios))
    longest_s = max((one.conversation_s or 0 for one in results.scenarios), default=0) or 1.0
    script = (_HERE / "index.js").read_text(encoding="utf-8")
    return page_template(_HERE / "index.html.j2").render(
        suite=suite,
        engines=engines,
        rows=_rows(suite.scenarios, engines, by_folder, longest_s),
        tags=sorted({tag for scenario in suite.scenarios for tag in scenario.tags}),
        counts=[(verdict, n) for verdict in WORST_FIRST if (n := suite.counts.get(verdict, 0))],
        signs=SIGNS,
        longest_s=longest_s,
        style=Markup(page_style()),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def page_style() -> str:
    """The style sheet of pages over many runs: colours in light and dark, badges, tables."""
    return (_HERE / "index.css").read_text(encoding="utf-8")


@functools.cache
def page_template(file: Path) -> jinja2.Template:
    """The template of a page over many runs."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(file.parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["words"] = lambda text: str(text).replace("_", " ")
    return environment.get_template(file.name)


def _rows(
    scenarios: list[SuiteScenario],
    engines: list[str],
    by_folder: dict[str, ScenarioResult],
    longest_s: float,
) -> list[dict[str, Any]]:
    """One row a scenario, the worst first; the slowest first among those that are alike."""
    names = dict.fromkeys(scenario.name for scenario in scenarios)
    rows = [
        _row([one for one in scenarios if one.name == name], engines, by_folder, longest_s)
        for name in names
    ]
    return sorted(rows, key=lambda row: (row["rank"], -row["latency_ms"], row["name"]))


def _row(
    cells: list[SuiteScenario],
    engines: list[str],
    by_folder: dict[str, ScenarioResult],
    longest_s: float,
) -> dict[str, Any]:
    first = cells[0]
    verdict = min((cell.verdict for cell in cells), key=WORST_FIRST.index)
    runs = [by_folder[run.folder] for cell in cells for run in cell.runs]
    latencies = voice_to_voice_s(runs)
    by_engine = {cell.engine: _cell(cell, by_folder, longest_s) for cell in cells}
    return {
        "name": first.name,
        "base": first.base,
        "row": first.row,
        "place": f"{first.file}:{first.line}",
        "tags": first.tags,
        "description": first.description,
        "verdict": verdict,
        "rank": WORST_FIRST.index(verdict),
        "latency_ms": round(max(latencies, default=0.0) * 1000),
        "took_ms": round(sum(run.wall_s or 0 for run in runs) * 1000),
        "cells": [by_engine.get(engine) for engine in engines],
    }


def _cell(
    scenario: SuiteScenario, by_folder: dict[str, ScenarioResult], longest_s: float
) -> dict[str, Any]:
    runs = [
        {
            "verdict": run.verdict,
            "label": _label(run),
            "href": f"{quote(run.folder)}/report.html",
            "line": _line(by_folder[run.folder], longest_s),
        }
        for run in scenario.runs
    ]
    latencies = voice_to_voice_s([by_folder[run.folder] for run in scenario.runs])
    return {
        "engine": scenario.engine,
        "verdict": scenario.verdict,
        "runs": runs,
        "lines": sorted(runs, key=lambda run: WORST_FIRST.index(run["verdict"]))[:MAX_LINES],
        "rate": scenario.pass_rate,
        "earlier": scenario.earlier,
        "reason": scenario.reason,
        "median_ms": round(statistics.median(latencies) * 1000) if latencies else None,
    }


def _label(run: SuiteRun) -> str:
    again = f", retry {run.attempt}" if run.attempt else ""
    return f"run {run.repeat}{again}: {run.verdict.replace('_', ' ')}"


def _line(result: ScenarioResult, longest_s: float) -> dict[str, Any]:
    """A call in one line: what was said above, what was heard below, what failed between."""
    scale = LINE_UNITS / longest_s

    def bar(start_s: float, end_s: float) -> dict[str, str]:
        width = max((end_s - start_s) * scale, 2.0)
        return {"x": f"{start_s * scale:.1f}", "width": f"{width:.1f}"}

    bad = [
        expectation
        for expectation in result.expectations
        if expectation.verdict in ("failed", "cannot_tell", "error")
        and expectation.at_s is not None
        and not expectation.soft
    ]
    length_s = result.conversation_s or 0.0
    return {
        "length": f"{length_s * scale:.1f}",
        "said": [bar(t.said.start_s, t.said.end_s) for t in result.turns if t.said],
        "heard": [bar(t.heard.start_s, t.heard.end_s) for t in result.turns if t.heard],
        "bad": [f"{(one.at_s or 0) * scale:.1f}" for one in bad],
        "title": f"{length_s:.1f} s, {len(result.turns)} turns",
    }
