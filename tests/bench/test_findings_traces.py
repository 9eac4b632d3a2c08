"""Kept traces of pages with known faults: the rules find in them what is wrong with each page."""

from __future__ import annotations

import json

import pytest

from harness.bench.findings import MACHINE
from harness.bench.findings_pages import PageCase, page_cases
from harness.bench.findings_traces import path_of, slim
from harness.findings.watch import findings_of
from harness.trace import read_trace
from tests.support.healthy_call import HEALTHY, events_of, received, ticking

CASES = [case for case in page_cases() if path_of(case).is_file()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_with_each_page_is_found(case: PageCase) -> None:
    """Recorded by `harness bench findings --out DIR`, kept by `harness.bench.findings_traces`."""
    found = {finding.name for finding in findings_of(read_trace(path_of(case)).events)}
    assert found - MACHINE == set(case.finds)


def test_what_is_kept_has_the_same_findings_and_no_more_than_rules_need() -> None:
    delta = received(2.0, {"type": "response.output_audio_transcript.delta", "delta": "a"})
    refused = received(3.0, {"type": "error", "error": {"code": "unsupported_event"}})
    events = events_of([*HEALTHY, delta, refused, *ticking(4)])
    lines = slim(events)
    assert [line["seq"] for line in lines] == list(range(len(lines)))
    assert "transcript.delta" not in json.dumps(lines)
    assert any(line["type"] == "stats" for line in lines)
    assert any("unsupported_event" in json.dumps(line) for line in lines)
