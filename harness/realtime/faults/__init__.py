"""Faults that a Realtime server can be asked for: models, parsing, and their effects."""
