"""Fault injection on the server: where faults come from, and where they take effect."""
