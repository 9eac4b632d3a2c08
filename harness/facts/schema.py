"""The JSON Schema of a trace's lines, made from the classes of its facts.

``python -m harness.facts.schema`` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter

from harness.facts.catalogue import CATALOGUE
from harness.facts.connection import Configuration, IceServer
from harness.facts.contexts import FoundPassage, NotOffered, NotPutIn
from harness.facts.described import field_lines, summary
from harness.facts.fact import VERSION, Fact, Source
from harness.facts.media import GrantedTrack
from harness.facts.network import LinkCounts
from harness.facts.steps import EarEvidence, Evidence

SCHEMA_FILE = Path(__file__).with_name("trace.schema.json")

_INSIDE = {inner.__name__: inner for inner in
           (Configuration, EarEvidence, Evidence, GrantedTrack, IceServer, LinkCounts,
            NotOffered, NotPutIn, FoundPassage)}  # fmt: skip


def trace_schema() -> dict[str, Any]:
    """The schema of one line: the header, an event of the catalogue, or one that is none."""
    defined: dict[str, Any] = {"Header": _header(), "Unknown": _unknown()}
    for known in CATALOGUE.values():
        data = TypeAdapter(known).json_schema(ref_template="#/$defs/{model}")
        for name, inner in data.pop("$defs", {}).items():
            defined[name] = _described(_INSIDE[name], inner)
        defined[known.__name__] = _event(known, _described(known, data))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "realtime-harness trace",
        "description": "One line of trace.jsonl: the first is the header, each other an event.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in
                  ("Header", *(known.__name__ for known in CATALOGUE.values()), "Unknown")],
        "$defs": defined,
    }  # fmt: skip


def _described(of: type, schema: dict[str, Any]) -> dict[str, Any]:
    """With the fields' own lines in place of titles that repeat their names."""
    lines = field_lines(of)
    for name, field in schema.get("properties", {}).items():
        field.pop("title", None)
        if name in lines:
            field["description"] = lines[name]
    return {key: value for key, value in schema.items() if key != "title"}


def _header() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Facts about the run.",
        "properties": {"harness_trace": {"const": VERSION}},
        "required": ["harness_trace"],
    }


def _event(known: type[Fact], data: dict[str, Any]) -> dict[str, Any]:
    data.pop("description", None)
    named = {"source": {"const": known.source}, "type": {"const": known.type}}
    return {"description": summary(known), **_line({**named, "data": data})}


def _unknown() -> dict[str, Any]:
    """What a page, or a plug-in, of another version tells."""
    types = {
        source: [known.type for known in CATALOGUE.values() if known.source == source]
        for source in get_args(Source)
    }
    known = [
        {"properties": {"source": {"const": source}, "type": {"enum": names}}}
        for source, names in types.items()
    ]
    named = {"source": {"type": "string"}, "type": {"type": "string"}}
    line = _line({**named, "data": {"type": "object"}})
    return {"description": "An event of no type above.", **line, "not": {"anyOf": known}}


def _line(told: dict[str, Any]) -> dict[str, Any]:
    """An event around what is told in it."""
    properties = {
        "seq": {"type": "integer", "description": "Position in the trace, from 0, without gaps."},
        "t_s": {
            "type": ["number", "null"],
            "description": "Seconds on the call's timeline; null before the line exists.",
        },
        **told,
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def schema_json() -> str:
    """The text of the published file."""
    return json.dumps(trace_schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the schema file."""
    SCHEMA_FILE.write_text(schema_json(), encoding="utf-8")


if __name__ == "__main__":
    main()
