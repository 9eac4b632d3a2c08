"""The JSON Schema of a trace's lines, made from the classes of its facts.

``python -m harness.facts.schema`` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter

from harness.facts.catalogue import CATALOGUE
from harness.facts.connection import Configuration, IceServer, Stats
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
    """The schema of one line: the header, an event of the catalogue, or one that is none.

    The data of an event is what its class has; but a report of getStats may be a difference.
    """
    defined: dict[str, Any] = {"Header": _header(), "Unknown": _unknown()}
    for known in CATALOGUE.values():
        data = TypeAdapter(known).json_schema(ref_template="#/$defs/{model}")
        for name, inner in data.pop("$defs", {}).items():
            defined[name] = _described(_INSIDE[name], inner)
        defined[known.__name__] = _event(known, _described(known, data))
    defined["StatsSince"] = _stats_since()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "realtime-harness trace",
        "description": "One line of trace.jsonl: the first is the header, each other an event.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in
                  ("Header", *(known.__name__ for known in CATALOGUE.values()),
                   "StatsSince", "Unknown")],
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


def _stats_since() -> dict[str, Any]:
    """A report that is kept as a difference; see `harness.kept_stats`."""
    changed = {
        "connection": {"type": "string", "description": "Which peer connection."},
        "timestamp": {
            "type": "number",
            "description": "That of every entry that has one, but for those whose own is told.",
        },
        "changed": {
            "type": "object",
            "description": "Fields that are new or have new values, by the ids of their entries.",
            "additionalProperties": {"type": "object"},
        },
        "gone": {
            "type": "object",
            "description": "By ids: true for an entry that is gone, or was replaced by what is "
            "in changed; else which of its fields are gone.",
            "additionalProperties": {
                "anyOf": [{"const": True}, {"type": "array", "items": {"type": "string"}}]
            },
        },
        "order": {
            "type": "array",
            "description": "All ids, where new ones do not stand behind the others.",
            "items": {"type": "string"},
        },
    }
    since = {"type": "integer", "description": "The seq of the report that it is a difference to."}
    data = {"type": "object", "properties": changed, "required": ["connection", "changed"]}
    line = _line({"source": {"const": Stats.source}, "type": {"const": Stats.type},
                  "since": since, "data": data})  # fmt: skip
    return {"description": "What changed in a connection's getStats since its last report.", **line}


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
