from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from harness.facts.catalogue import CATALOGUE
from harness.facts.fact import VERSION
from harness.facts.schema import SCHEMA_FILE, trace_schema
from harness.trace import TraceWriter, read_trace


@functools.cache
def definitions() -> dict[str, Any]:
    found: dict[str, Any] = trace_schema()["$defs"]
    return found


def test_the_published_schema_is_current() -> None:
    """``python -m harness.facts.schema`` writes it."""
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == trace_schema()


def test_it_is_about_the_traces_that_are_written(tmp_path: Path) -> None:
    assert definitions()["Header"]["properties"]["harness_trace"] == {"const": VERSION}
    with TraceWriter(tmp_path / "trace.jsonl", {}):
        pass
    assert read_trace(tmp_path / "trace.jsonl").header == {"harness_trace": VERSION}


def test_each_event_is_told_apart_by_source_and_type() -> None:
    for (source, type), known in CATALOGUE.items():
        properties = definitions()[known.__name__]["properties"]
        assert properties["source"] == {"const": source}
        assert properties["type"] == {"const": type}
        assert properties["data"]["additionalProperties"] is False


def test_fields_have_types_and_lines() -> None:
    data = definitions()["ClipPlayed"]["properties"]["data"]
    assert data["properties"]["late_s"] == {
        "type": "number",
        "description": "How much later than asked for it began, seconds.",
    }
    assert "late_s" in data["required"]
    assert definitions()["FaultApplied"]["properties"]["data"]["required"] == [
        "name",
        "uncertainty_s",
    ]


def test_every_reference_has_its_definition() -> None:
    named = set(definitions())
    text = json.dumps(trace_schema())
    assert {part.split('"')[0] for part in text.split("#/$defs/")[1:]} <= named


def test_what_is_not_in_the_catalogue_may_be_there() -> None:
    known = definitions()["Unknown"]["not"]["anyOf"]
    listed = [
        (one["properties"]["source"]["const"], type)
        for one in known
        for type in one["properties"]["type"]["enum"]
    ]
    assert sorted(listed) == sorted(CATALOGUE)


def test_a_report_that_is_kept_as_a_difference_fits_its_part(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        entry = {"id": "in", "stays": "x" * 200}
        first = [{**entry, "timestamp": 0, "more": 1}, {"id": "gone"}]
        second = [{"id": "new"}, {**entry, "timestamp": 1}]
        for report in (first, second):
            trace.write("page", "stats", {"connection": "c", "report": report})
    line = json.loads(path.read_text(encoding="utf-8").splitlines()[2])
    part = definitions()["StatsSince"]["properties"]
    assert set(line) == set(part)
    assert set(line["data"]) == set(part["data"]["properties"])
    assert {"$ref": "#/$defs/StatsSince"} in trace_schema()["anyOf"]
