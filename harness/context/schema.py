"""The JSON Schema of context files, for editors; made from the models.

``python -m harness.context.schema`` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.context.definition import ContextDefinition

SCHEMA_FILE = Path(__file__).with_name("context.schema.json")


def context_schema() -> dict[str, Any]:
    """The schema as data."""
    schema = ContextDefinition.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "realtime-harness context",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def main() -> None:
    """Write the schema file."""
    text = json.dumps(context_schema(), indent=2, ensure_ascii=False)
    SCHEMA_FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
