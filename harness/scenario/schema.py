"""The JSON Schema of scenario files, for editors; made from the models.

``python -m harness.scenario.schema`` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.realtime.server.assistants.script import Script
from harness.scenario.model import Scenario

SCHEMA_FILE = Path(__file__).with_name("scenario.schema.json")


def scenario_schema() -> dict[str, Any]:
    """The schema as data, the assistant's rules included."""
    schema = Scenario.model_json_schema()
    script = Script.model_json_schema(ref_template="#/$defs/{model}")
    definitions = {**schema.get("$defs", {}), **_renamed(script.pop("$defs", {}), schema)}
    schema["properties"]["assistant"] = {"anyOf": [script, {"type": "null"}], "default": None}
    schema["$defs"] = definitions
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "realtime-harness scenario",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _renamed(script: dict[str, Any], scenario: dict[str, Any]) -> dict[str, Any]:
    clash = set(script) & set(scenario.get("$defs", {}))
    text = json.dumps(script)
    for name in clash:
        text = text.replace(f'#/$defs/{name}"', f'#/$defs/Assistant{name}"')
    renamed: dict[str, Any] = json.loads(text)
    return {f"Assistant{k}" if k in clash else k: v for k, v in renamed.items()}


def main() -> None:
    """Write the schema file."""
    text = json.dumps(scenario_schema(), indent=2, ensure_ascii=False)
    SCHEMA_FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
