"""The schema describes whole files, the assistant included."""

from harness.scenario.schema import main, scenario_schema


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    schema = scenario_schema()

    def check(value: object) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                assert value["$ref"].removeprefix("#/$defs/") in schema["$defs"]
            for inner in value.values():
                check(inner)
        elif isinstance(value, list):
            for inner in value:
                check(inner)

    check(schema)
    assert "rules" in str(schema["properties"]["assistant"])


def test_writing_it_again_changes_nothing() -> None:
    from harness.scenario.schema import SCHEMA_FILE

    before = SCHEMA_FILE.read_bytes()
    main()
    assert SCHEMA_FILE.read_bytes() == before
