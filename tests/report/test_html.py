"""The page as text: whole, light, and nothing in it but text."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from html import unescape
from pathlib import Path

import pytest

from harness.report.build import build_scenario
from harness.report.html import clock, json_for_script, report_html
from harness.report.results import Results, collect
from harness.score.call_record import load_call
from tests.score.test_network_periods import changed, counted, stats
from tests.support.call_events import event, record


@pytest.fixture(scope="module")
def html(runs: Path, results: Results) -> str:
    assert results.scenarios
    return (runs / "report.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_anywhere(html: str) -> None:
    markup = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    sources = re.findall(r'(?:src|href)="([^"#][^"]*)"', markup)
    assert all(source.startswith("data:") or "://" not in source for source in sources)
    assert "default-src 'none'" in markup


def test_only_the_reports_own_scripts_may_run(html: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.S)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in unescape(html)


def test_hostile_text_stays_text(html: str) -> None:
    """The failed run carries markup in a tool's argument and in a message."""
    assert "<script>window.hacked" not in html
    assert "<img src=x" not in html
    assert "\\u003c/script\\u003e\\u003cscript\\u003ewindow.hacked" in html


def test_hostile_names_stay_text() -> None:
    facts = {"text": "<b>x</b>", "verdict": "failed", "evidence": '"><script>alert(1)</script>'}
    made = record([event("expectation", 1.0, "harness", **facts)])
    made.trace.header["name"] = "<i>name</i>"
    page = report_html(collect([build_scenario(made)]), [made])
    assert "<i>name" not in page
    assert "<b>x" not in page
    assert "<script>alert" not in page


def test_embedded_json_cannot_leave_its_element() -> None:
    text = json_for_script({"a": "</script><!--&\u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!--&\u2028"}


def test_a_page_with_28_seconds_of_calls_is_light(html: str) -> None:
    """A one-minute call has to stay below 6 MB."""
    assert len(html) < 2_500_000


def test_the_licence_of_the_vendored_library_is_inside(html: str) -> None:
    assert "The MIT License (MIT)" in html


def test_a_snapshot_that_somebody_asked_for_is_shown(tmp_path: Path) -> None:
    kept = {"finding": "", "picture": "snapshot.png", "dom": "snapshot.dom.txt"}
    elsewhere = {**kept, "picture": "../other.png"}
    (tmp_path / "snapshot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "snapshot.dom.txt").write_text("<html></html>")
    taken = [event("page.snapshot", 2.0, "harness", **one) for one in (kept, elsewhere)]
    made = dataclasses.replace(record(taken), folder=tmp_path)
    page = report_html(collect([build_scenario(made)]), [made])
    section = page.partition('aria-label="Snapshots"')[2].partition("</section>")[0]
    assert section.count("<img ") == 1
    assert "snapshot.dom.txt" in section
    assert "other.png" not in section
    assert 'aria-label="Snapshots"' not in report_html(
        collect([build_scenario(record([]))]), [record([])]
    )


def test_an_empty_trace_still_gives_a_page() -> None:
    made = record([])
    page = report_html(collect([build_scenario(made)]), [made])
    assert "could not be finished" in page


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0:00.00"), (3.4249, "0:03.42"), (63.5, "1:03.50"), (59.999, "1:00.00"), (None, "–"),
     (-0.5, "−0:00.50")],
)  # fmt: skip
def test_places_on_the_time_line_are_written_as_a_clock(seconds: float | None, text: str) -> None:
    assert clock(seconds) == text


def test_a_network_is_a_table_of_what_was_asked_counted_and_seen(html: str) -> None:
    assert 'aria-label="Network"' not in html
    events = [counted(0, 0), changed(0, "<3g>", loss=0.1), stats(4, 180, 20), counted(4.5, 250, 25)]
    made = record(events)
    page = report_html(collect([build_scenario(made)]), [made])
    [table] = re.findall(r'aria-label="Network">.*?</table>', page, flags=re.S)
    assert "&lt;3g&gt;" in table
    cells = re.findall(r"<td[^>]*>(.*?)</td>", table)
    assert cells[2:7] == ["up", "10 % loss", "250", "10.0 %", "0 ms"]


def test_sound_too_large_for_a_page_is_played_from_the_recording_beside_it(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MOST_BYTES", "MOST_OPUS_BYTES"):
        monkeypatch.setattr(f"harness.report.listening_copy.{name}", 1_000)
    rover = load_call(runs / "rover", lambda _: [])
    page = report_html(collect([build_scenario(rover, root=runs)]), [rover])
    assert 'src="rover/call.wav"' in page
    assert "data:audio" not in page
    assert re.search(r"media-src [^;]*file: 'self'", unescape(page))
    assert len(json.loads(re.findall(r'json" id="s1-data">(.*?)</script>', page)[0])["peaks"]) == 2
    monkeypatch.undo()
    short = report_html(collect([build_scenario(rover, root=runs)]), [rover])
    assert "data:audio/flac" in short
    assert "file:" not in re.findall(r"media-src [^;]*", short)[0]


def test_a_long_call_is_heard_in_the_page_and_its_recording_where_there_is_no_opus(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.report.listening_copy.LONGEST_S", 1.0)
    rover = load_call(runs / "rover", lambda _: [])
    page = report_html(collect([build_scenario(rover, root=runs)]), [rover])
    assert re.findall(r'<source src="(data:audio/ogg|[^d][^"]*)', page) == [
        "data:audio/ogg",
        "rover/call.wav",
    ]
    assert "Opus, 24 kHz" in page


def test_what_a_page_of_a_long_call_leaves_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.report.event_rows.MOST_ROWS", 3)
    made = record([event("stats", float(n), report=[]) for n in range(5)])
    page = report_html(collect([build_scenario(made)]), [made])
    assert "5 statistics" in page


def test_connections_are_a_section_and_hostile_names_in_it_stay_text(html: str) -> None:
    assert html.count('aria-label="Connections"') == 3
    evil = "</script><script>alert(1)</script>"
    offer = {"connection": evil, "side": "local", "sdp": f"m=audio 9 x 1\r\na={evil}\r\n"}
    candidate = f"candidate:1 1 udp 5 {evil} 5 typ {evil}"
    made = record([
        event("peer_connection.created", 1.0, "page", connection=evil),
        event("peer_connection.offer", 1.0, "page", **offer),
        event("peer_connection.candidate", 1.0, "page", **offer, candidate=candidate),
        event("peer_connection.state", 1.0, "page", connection=evil, kind="ice", state=evil),
    ])  # fmt: skip
    page = report_html(collect([build_scenario(made)]), [made])
    assert "<script>alert" not in page
    assert "was never answered" in page


def test_a_call_without_a_peer_connection_has_no_such_section() -> None:
    made = record([])
    page = report_html(collect([build_scenario(made)]), [made])
    assert "data-connections=" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)
