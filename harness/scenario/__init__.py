"""Scenarios, conversations written down in YAML: loaded, prepared, run and judged."""
