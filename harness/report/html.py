"""``report.html``: one file that opens from disk, with nothing to load from anywhere.

Everything that came from outside (words, page data, names) is text, never markup: the template
escapes it, the embedded JSON cannot leave its element, the script builds nodes from text alone,
and a content security policy lets only the report's own scripts run and nothing be fetched.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from harness.browser.bundle import bundle
from harness.exchange.playwright_trace import NAME
from harness.report import drawing
from harness.report.connections import connections_of
from harness.report.event_rows import GROUPS, rows_for_page, rows_of
from harness.report.finding_results import asked_snapshots
from harness.report.listening_copy import ListeningCopy, listening_copy, peaks_of
from harness.report.playwright_lane import playwright_lane
from harness.report.results import Results, ScenarioResult, Turn
from harness.report.stat_curves import FINDING_CURVES, stat_curves
from harness.report.wait_bars import wait_bars
from harness.resources import web_dir
from harness.score.call_record import CallRecord
from harness.score.exchanges import exchanges_of

_HERE = Path(__file__).resolve().parent
_STYLES = (
    _HERE / "vendor" / "uplot" / "uPlot.min.css",
    _HERE / "templates" / "report.css",
    _HERE / "templates" / "connections.css",
    _HERE / "templates" / "stat_curves.css",
)

PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_PICTURE = 600_000
"""Bytes; a larger one is a link alone."""


def report_html(
    results: Results, records: Sequence[CallRecord], playwright_trace: Path | None = None
) -> str:
    """The whole page.

    Args:
        results: what is told.
        records: the runs of ``results.scenarios``, in the same order.
        playwright_trace: drawn beside the runs; absent: what lies beside each of them.

    Raises:
        ArtifactError: the Playwright trace cannot be read.
    """
    scripts = [_uplot(), _viewer()]
    pairs = zip(results.scenarios, records, strict=True)
    return _template().render(
        results=results,
        scenarios=[_scenario_view(i, s, r, playwright_trace) for i, (s, r) in enumerate(pairs)],
        groups=GROUPS,
        style=Markup("\n".join(path.read_text(encoding="utf-8") for path in _STYLES)),
        finding_curves=FINDING_CURVES,
        scripts=[Markup(script) for script in scripts],
        chart_licence=(_HERE / "vendor" / "uplot" / "LICENSE").read_text(encoding="utf-8"),
        script_hashes=[_csp_hash(script) for script in scripts],
    )


def prepare_page() -> None:
    """Compile the page's template, which the first page would wait for."""
    _template()


def _uplot() -> str:
    return (_HERE / "vendor" / "uplot" / "uPlot.iife.min.js").read_text(encoding="utf-8")


@functools.cache
def _viewer() -> str:
    """The modules of ``web/report`` as one script: a page from disk can import nothing."""
    return f'"use strict";\n{bundle(web_dir() / "report" / "report.js")}'


def json_for_script(value: Any) -> Markup:
    """JSON that is safe inside a <script type="application/json"> element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _scenario_view(
    index: int, result: ScenarioResult, record: CallRecord, playwright_trace: Path | None
) -> dict[str, Any]:
    talk = record.talk
    exchanges = exchanges_of(talk)
    end_s = max(record.end_s, 0.5)
    audio = record.audio
    copy = listening_copy(audio) if audio else None
    peaks = {"sent": peaks_of(audio.sent), "heard": peaks_of(audio.heard)} if audio else {}
    events, left_out = rows_for_page(record.events)
    rows = rows_of(events)
    connections = connections_of(record.events)
    snapshots = asked_snapshots(record.events)
    curves = stat_curves(record.events)
    data = {
        "end_s": round(end_s, 3),
        "audio_s": round(audio.duration_s, 3) if audio else None,
        "peaks": {side: dataclasses.asdict(value) for side, value in peaks.items()},
        "events": rows,
        "connections": connections.for_script(),
        "curves": [curve.data for curve in curves],
    }
    return {
        "id": f"s{index + 1}",
        "result": result,
        "end_s": end_s,
        "audio_s": audio.duration_s if audio else None,
        "sound": copy,
        "linked": result.artifacts.get("audio") if audio and not _is_exact(copy) else None,
        "peaks": peaks,
        "said": drawing.said_bars(result, end_s),
        "heard": drawing.heard_bars(result, end_s),
        "sent_spans": record.sent_spans,
        "heard_spans": record.heard_spans,
        "unplayed": drawing.unplayed_lane(record.events, end_s),
        "others": drawing.others_lane(record.events, end_s),
        "noise": drawing.noise_lane(record.events, end_s),
        "work": drawing.work_lane(record.events, end_s),
        "muted": drawing.muted_bars(record.events, end_s),
        "latencies": drawing.latency_lanes(talk, exchanges, result.turns),
        "waits": wait_bars(result.turns),
        "curves": curves,
        "steps": drawing.step_lane(record.events, end_s),
        "playwright": playwright_lane(record, playwright_trace, result.artifacts.get(NAME), end_s),
        "states": drawing.state_lanes(record.events, end_s),
        "connections": connections,
        "snapshots": snapshots,
        "pictures": _pictures(result, record.folder, [one["picture"] for one in snapshots]),
        "groups": [group for group in GROUPS if any(row["group"] == group for row in rows)],
        "event_count": len(rows),
        "left_out": left_out,
        "facts": {k: v for k, v in record.trace.header.items() if _is_fact(k, v)},
        "json": json_for_script(data),
    }


def _is_exact(copy: ListeningCopy | None) -> bool:
    """Whether nobody needs the recording, to hear all of it, or in a browser without Opus."""
    return copy is not None and copy.codec == "FLAC"


def _pictures(result: ScenarioResult, folder: Path, asked: Sequence[str]) -> dict[str, str]:
    """The pictures of findings and those asked for, as addresses, by the names of their files."""
    found: dict[str, str] = {}
    shown = [one.snapshot.picture for one in result.findings if one.snapshot is not None]
    for name in [*shown, *asked]:
        if not name.endswith(".png") or name not in result.artifacts:
            continue  # a trace may name what it likes
        data = (folder / name).read_bytes()
        if data.startswith(PNG) and len(data) <= LARGEST_PICTURE:
            found[name] = f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"
    return found


def _is_fact(name: str, value: Any) -> bool:
    return name != "harness_trace" and isinstance(value, str | int | float) and value != ""


def _csp_hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "clock": clock,
        "ms": drawing.milliseconds,
        "percent": lambda part_s, whole_s: f"{max(0.0, part_s) / max(whole_s, 1e-3) * 100:.5f}%",
        "worst": _worst,
        "spread": _spread,
        "sentence": lambda name: name.replace("_", " "),
    }
    return environment.get_template("report.html.j2")


def clock(seconds: float | None) -> str:
    """A place on the timeline: "0:03.42"; "–" where there is none."""
    if seconds is None:
        return "–"
    hundredths = round(abs(seconds) * 100)
    sign = "−" if seconds < 0 and hundredths else ""
    return f"{sign}{hundredths // 6000}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"


def _numbers(turns: Sequence[Turn], name: str) -> list[float]:
    values = [getattr(turn.latencies, name) for turn in turns]
    return [value for value in values if value is not None]


def _worst(turns: Sequence[Turn], name: str) -> float | None:
    return max(_numbers(turns, name), default=None)


def _spread(turns: Sequence[Turn], name: str) -> dict[str, Any] | None:
    """Middle, largest and count of one latency over the turns; None: it never happened."""
    values = sorted(_numbers(turns, name))
    if not values:
        return None
    half = len(values) // 2
    median = values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
    return {"median": median, "max": values[-1], "count": len(values)}
