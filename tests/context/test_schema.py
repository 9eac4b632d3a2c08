"""The published schema is that of the models."""

from __future__ import annotations

import json

from harness.context.schema import SCHEMA_FILE, context_schema


def test_the_published_schema_is_current() -> None:
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == context_schema(), (
        "run: python -m harness.context.schema"
    )


def test_every_key_is_described() -> None:
    schema = context_schema()
    assert schema["required"] == ["name"]
    undescribed = [k for k, v in schema["properties"].items() if "description" not in v]
    assert undescribed == ["name"]
